"""How much one account may ask of the API, and the headers that tell it how much is left."""

from django.conf import settings
from rest_framework.request import Request

from core.api.faults import NotInThisWay
from core.limits import Limit, LimitsAway, Spent, spend

SECONDS = 60


def count_request(request: Request) -> Spent | None:
    """Count one request of the account. Raises the refusal 429 with `Retry-After` where that is too many.

    The same step adds to the tally that the request carries (accounts.calls). Without Valkey nobody counts, and nobody is
    refused: whoever registers people must be able to go on. None then.
    """
    try:
        limit = Limit(f"api:{request.user.pk}", settings.API_REQUESTS_A_MINUTE, SECONDS)
        spent = spend(limit, getattr(request._request, "tally", None))
    except LimitsAway:
        return None
    request._request.spent = spent  # type: ignore[attr-defined]  # read again when the answer leaves
    if spent.is_over:
        raise NotInThisWay(429, "too_many_requests", retry_seconds=spent.seconds)
    return spent


def rate_headers(request: Request) -> dict[str, str]:
    """What is left, in the words of the IETF's draft; empty where nothing was counted."""
    spent: Spent | None = getattr(request._request, "spent", None)
    if spent is None:
        return {}
    return {
        "RateLimit-Policy": f'"account";q={spent.limit.most};w={spent.limit.seconds}',
        "RateLimit": f'"account";r={spent.left};t={spent.seconds}',
    }
