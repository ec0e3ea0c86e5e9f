"""Every address of the portal. One row here per app; the authorisation matrix holds each of them to account."""

from django.contrib import admin
from django.urls import include, path

from portal.accounts.languages import language_set
from portal.graphql import PortalGraphQLView
from portal.health import health
from portal.schema import schema
from portal.webhooks.saleor_views import saleor_manifest, saleor_register, saleor_webhook
from portal.webhooks.views import stripe_webhook

urlpatterns = [
    path("health/", health, name="health"),
    path("graphql/", PortalGraphQLView.as_view(schema=schema, graphiql=False), name="graphql"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("webhooks/stripe/", stripe_webhook, name="stripe_webhook"),
    path("webhooks/saleor/", saleor_webhook, name="saleor_webhook"),
    path("saleor/manifest/", saleor_manifest, name="saleor_manifest"),
    path("saleor/register/", saleor_register, name="saleor_register"),
    path("i18n/setlang/", language_set, name="set_language"),
    path("", include("frontend.urls")),
]
