"""Every address of the portal. One row here per app; the authorisation matrix holds each of them to account."""

from django.contrib import admin
from django.urls import include, path

from portal.graphql import PortalGraphQLView
from portal.health import health
from portal.schema import schema
from portal.webhooks.views import stripe_webhook

urlpatterns = [
    path("health/", health, name="health"),
    path("graphql/", PortalGraphQLView.as_view(schema=schema, graphiql=False), name="graphql"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("webhooks/stripe/", stripe_webhook, name="stripe_webhook"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("frontend.urls")),
]
