"""The OpenAPI document and its browsable pages, from our own origin."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.utils.decorators import method_decorator
from drf_spectacular.authentication import BasicScheme
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response

from core.api.rendering import OrjsonRenderer


class PartnerSystemScheme(BasicScheme):  # type: ignore[no-untyped-call]  # it registers itself
    """How the document describes the password of a partner system."""

    target_class = "accounts.authentication.PartnerSystemAuthentication"


class RefusingInJson:
    """Writes a refusal as JSON where the view itself writes YAML or a page."""

    def handle_exception(self: Any, exc: Exception) -> Response:
        """The problem, in the one format that every other address uses for it."""
        answer: Response = super().handle_exception(exc)  # type: ignore[misc]  # the view's own
        self.request.accepted_renderer = OrjsonRenderer()
        self.request.accepted_media_type = OrjsonRenderer.media_type
        return answer


class SchemaView(RefusingInJson, SpectacularAPIView):
    """The OpenAPI document, as YAML or JSON."""


@method_decorator(
    csp_replace(
        {
            "script-src": [SELF],
            # The page sets styles on its elements by script; scripts themselves stay bound to our origin.
            "style-src": [SELF, UNSAFE_INLINE],
            "img-src": [SELF, "data:"],
            "default-src": [NONE],
        }
    ),
    name="dispatch",
)
class DocsView(RefusingInJson, SpectacularSwaggerSplitView):
    """Swagger UI. Requests made on it use the session of the desk and may change data."""

    url_name = "api-schema"
