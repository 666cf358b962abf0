"""One box for a birth date or an age."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from displacement.admin.born import Born, BornField


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("12.05.1990", Born(date(1990, 5, 12), "day")),
        ("12/5/1990", Born(date(1990, 5, 12), "day")),
        ("1990-05-12", Born(date(1990, 5, 12), "day")),
        ("05.1990", Born(date(1990, 5, 1), "month")),
        ("1990", Born(date(1990, 1, 1), "year")),
        ("ок. 1990", Born(date(1990, 1, 1), "estimated")),
        ("~1990", Born(date(1990, 1, 1), "estimated")),
        (" 34 ", Born(age=34)),
        ("0", Born(age=0)),
        ("8 мес", Born(age=0)),
        ("8 months", Born(age=0)),
        ("", None),
    ],
)
def test_what_is_known_is_read(typed: str, known: Born | None) -> None:
    assert BornField(required=False).clean(typed) == known


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31.02.1990", "no_day"),
        ("13.1990", "no_day"),
        ("12.05.90", "unread"),
        ("May", "unread"),
        ("121", "age_range"),
        ("-3", "unread"),
        ("1e3", "unread"),
        ("²", "unread"),
    ],
)
def test_what_cannot_be_meant_is_refused(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        BornField(required=False).clean(typed)
    assert caught.value.code == code
    assert typed not in caught.value.messages[0].split()


def test_a_blank_row_stays_blank(settings: Any) -> None:
    field = BornField(required=False)
    assert not field.has_changed(None, "")
    assert field.has_changed(None, "34")
