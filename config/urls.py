"""Every address of the service."""

from django.contrib import admin
from django.urls import include, path

from config import health
from reports.views import confirm, unsubscribe

handler400 = "config.problems.bad_request"
handler404 = "config.problems.not_found"
handler500 = "config.problems.server_error"

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("api/", include("config.api_urls")),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
    path("confirm/<str:token>/", confirm, name="confirm"),
    path(
        "", include("config.sign_in_urls")
    ),  # before the desk, whose own page of signing in takes a password alone
    path("", admin.site.urls),
]
