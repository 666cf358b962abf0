"""Invented people whom the tests of identity compare."""

from datetime import date
from typing import Any

from displacement.identity.identity import Features, Identity, features_of

#: A woman of whom everything is known.
OLENA = Identity(
    given_name="Олена",
    patronymic="Іванівна",
    family_name="Ковальчук",
    sex="female",
    birth_date=date(1984, 5, 17),
    birth_precision="day",
    phone="+380501234567",
    place="12",
)


def olena(**changed: Any) -> Features:
    """Her features, with some of what is known of her changed."""
    return features_of(OLENA._replace(**changed))
