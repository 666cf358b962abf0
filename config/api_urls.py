"""The API, composed of what each app offers. Addresses are plural nouns; acts on a record are below it."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from config.api_docs import DocsView
from regions.api.views import OperationViewSet, RegionViewSet

router = SimpleRouter()
router.register("regions", RegionViewSet, "region")
router.register("operations", OperationViewSet, "operation")

urlpatterns = [
    path("v1/", include((router.urls, "api"))),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
]
