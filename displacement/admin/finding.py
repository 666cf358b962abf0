"""How search boxes find people: by registration number or by name, in either alphabet."""

from django.db.models import Q

from core.registration import BadRegistrationNumber, parse_number
from displacement.models import Person


def serial_meant(text: str) -> int | None:
    """The serial if the text is a whole registration number, else None."""
    try:
        return parse_number(text)
    except BadRegistrationNumber:
        return None


def person_meant(text: str, lookup: str) -> Q:
    """Records whose person (`lookup` leads to its id) the text means. Persons are looked up by index, unordered."""
    return Q(**{f"{lookup}__in": Person.objects.matching(text).order_by().values("pk")})
