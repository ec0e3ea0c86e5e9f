"""The addresses of the pages."""

from django.urls import path

from frontend.views import (
    cards,
    cart,
    figure,
    home,
    machines,
    notices,
    order,
    orders,
    part,
    queue,
    reviews,
    search,
    stock,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("company/", home.company_switch, name="company_switch"),
    path("search/", search.search, name="search"),
    path("find/", search.find, name="find"),
    path("parts/<int:pk>/", part.part, name="part"),
    path("machines/", machines.machines, name="machines"),
    path("machines/register/", machines.machine_register, name="machine_register"),
    path("machines/<str:serial>/", machines.machine, name="machine"),
    path("machines/<str:serial>/figures/<int:pk>/", figure.figure, name="figure"),
    path("machines/<str:serial>/<slug:act>/", machines.machine_act, name="machine_act"),
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.cart_add_line, name="cart_add"),
    path("cart/lines/<int:pk>/", cart.cart_line, name="cart_line"),
    path("quick-order/", cart.quick_order, name="quick_order"),
    path("orders/", orders.orders, name="orders"),
    path("orders/export.csv", orders.orders_export, name="orders_export"),
    path("orders/<str:number>/", order.order, name="order"),
    path("orders/<str:number>/<slug:act>/", order.order_act, name="order_act"),
    path("queue/", queue.queue, name="queue"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("cards/", cards.cards, name="cards"),
    path("cards/<str:number>/", cards.card, name="card"),
    path("cards/<str:number>/<slug:act>/", cards.card_act, name="card_act"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("goods-in/", stock.receive, name="receive"),
]
