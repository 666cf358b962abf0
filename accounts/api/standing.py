"""Whose rows the database shows to a request of the API."""

from typing import Any

from rest_framework.request import Request

from accounts.rows import standing_of
from accounts.veils import veils_of
from core.database_roles import stand
from core.veils import wear


class OwnRowsOnly:
    """Once a view knows who asks, the database shows their rows, and nobody else's, veiled as the policy says."""

    def initial(self: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        """After authentication and permissions, before anything is read."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # the view's own
        stand(standing_of(request.user))
        wear(veils_of(request.user))
