"""The OpenAPI document and its browsable pages, from our own origin."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.urls import reverse
from django.utils.decorators import method_decorator
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response

from accounts.client_scopes import client_scopes
from accounts.routes import api_entry
from accounts.scopes import scope_of
from core.api.rendering import OrjsonRenderer

_ACTS = {"read": "Read", "write": "Add and change"}


class ClientScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself
    """How the document describes tokens of partners' systems, and which scope an act needs."""

    target_class = "accounts.authentication.ClientAuthentication"
    name = "clientCredentials"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """OAuth 2, client credentials."""
        scopes = {
            scope: f"{_ACTS[scope.partition(':')[2]]} {scope.partition(':')[0]}" for scope in client_scopes()
        }
        flow = {"tokenUrl": reverse("oauth-token"), "scopes": scopes}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}

    def get_security_requirement(self, auto_schema: Any) -> Any:
        """The scope of the act; none where no client can have it."""
        view = auto_schema.view
        entry = api_entry(getattr(view, "basename", None) or "", getattr(view, "action", None) or "")
        scope = scope_of(entry.resource, entry.action) if entry else ""
        return {self.name: [scope]} if scope in client_scopes() else None


class FormServerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself
    """How the document describes servers of forms."""

    target_class = "accounts.authentication.FormServerAuthentication"
    name = "clientSecret"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Id and secret of a client, by HTTP Basic."""
        return {
            "type": "http",
            "scheme": "basic",
            "description": "Id and secret of a client, for servers of forms.",
        }


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
