"""What of a pair's records somebody may see. Here, and nowhere else, sharing agreements will widen it."""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from displacement.models import Person, PossibleDuplicate


def disclosed(pairs: Iterable[PossibleDuplicate], user: User) -> set[UUID]:
    """Ids of those persons of the pairs whose records the user may see. One query.

    Of any other record of a pair nothing is told but that it exists: no field, no number, no id, no region.
    """
    people = {person for pair in pairs for person in (pair.first_id, pair.second_id)}
    return set(Person.objects.visible_to(user).filter(pk__in=people).values_list("pk", flat=True))
