"""Passwords that are long enough and yet the first that somebody tries."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User

PLAIN = [
    "194519451945",
    "123456789012",
    "aaaaaaaaaaaa",
    "passwordpassword",
    "Password 2026",
    "12-dragon-34-56",
    "Musterpoint2026!",
    "musterpoint musterpoint",
]


@pytest.mark.parametrize("password", PLAIN)
def test_what_everybody_tries_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="olena"))


@pytest.mark.parametrize(
    "password", ["correct horse battery", "ветер над старым мостом", "7f3a91c0e5d24b68", "x" * 65 + "y"]
)
def test_what_nobody_tries_is_taken(password: str) -> None:
    validate_password(password, User(username="olena"))
