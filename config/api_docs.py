"""The browsable documentation of the API, from our own origin, with an exception of the policy for its styles only."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularSwaggerSplitView


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
class DocsView(SpectacularSwaggerSplitView):  # type: ignore[misc]  # the package carries no types
    """Swagger UI. Requests made on it use the session of the desk and may change data."""

    url_name = "api-schema"
    authentication_classes: list[Any] = SpectacularSwaggerSplitView.authentication_classes
