"""Every address of the portal. One row here per app; the authorisation matrix holds each of them to account."""

from django.contrib import admin
from django.urls import include, path

from portal.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
