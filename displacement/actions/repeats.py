"""The same registration sent twice: a second click, or a page sent again after the connection broke."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from core.actors import Actor
from core.database_roles import Why, as_service
from core.refusals import refusal
from displacement.models import Household


@as_service(Why.REPEATS)
def registered_before(pk: UUID, *, by: Actor) -> Household | None:
    """The household that `by` has registered under this id, or None where nobody did. Two queries.

    Waits for a registration under the same id that is going on, and keeps others waiting until the caller's transaction
    ends: of two clicks one registers and the other finds. Raises ValidationError where somebody else used the id.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"register {pk}"])
    found = Household.objects.filter(pk=pk).first()
    if found is not None and found.recorded_by != by.pk:
        raise refusal(
            _("This page was used for another household. Open a new page and write the family down there."),
            code="used_before",
        )
    return found
