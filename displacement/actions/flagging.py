"""Flagging people who were registered just now and may be in the register already."""

from collections.abc import Sequence

from core.database_roles import Why, as_service
from displacement.actions.duplicates import propose
from displacement.identity.lookup import likely_duplicates
from displacement.models import Person


@as_service(Why.PAIRS)
def flag_likely(people: Sequence[Person]) -> int:
    """Put the people's likely duplicates into the queue, those of the same families left out; how many pairs are new.

    Nothing is refused: a registration like another is kept, and a person decides. A query for each of the people, with their
    household loaded, and one more.
    """
    own = Person.objects.filter(household__in={person.household_id for person in people})
    family = list(own.values_list("pk", flat=True))
    return propose(
        (person.pk, likely.person_id, likely.probability)
        for person in people
        for likely in likely_duplicates(person.identity(), excluding=family)
    )
