"""Codes of sounds, as published and as PostgreSQL gives them."""

import csv
import random
from pathlib import Path

import pytest
from django.db import connection

from core.names import folded, latin, loose
from displacement.identity.daitch_mokotoff import daitch_mokotoff

NAMES = Path(__file__).parents[3] / "intake/scenarios/kursk_2024/data"
#: Examples of the published description.
PUBLISHED = {
    "auerbach": {"097400", "097500"},
    "ohrbach": {"097400", "097500"},
    "lipshitz": {"874400"},
    "lippszyc": {"874400", "874500"},
    "lewinsky": {"876450"},
    "szlamawicz": {"486740"},
    "peterson": {"739460", "734600"},
    "jackson": {"154600", "145460", "454600", "445460"},
    "schwartzenegger": {"479465"},
    "mnacanyan": {"664660", "665660"},
}
_PARTS = "sch tsch z h a rz rs ia d s t ts k c m n mn e u ue eu ai x st sd zh chs l"


def _words() -> list[str]:
    rng = random.Random(7)
    made = {"".join(rng.choice(_PARTS.split()) for _ in range(rng.randrange(1, 5))) for _ in range(1_500)}
    for name in ("surnames.csv", "given_names.csv"):
        with (NAMES / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                written = row.get("masculine") or row["name"]
                made |= {latin(written).replace("j", "i"), loose(folded(written, is_surname=True))}
    return sorted(made)


@pytest.mark.parametrize("word", PUBLISHED)
def test_published_examples(word: str) -> None:
    assert set(daitch_mokotoff(word)) == PUBLISHED[word]


@pytest.mark.django_db
def test_postgresql_gives_the_same_codes() -> None:
    words = _words()
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch")
        cursor.execute("SELECT word, daitch_mokotoff(word) FROM unnest(%s::text[]) word", [words])
        codes = {word: tuple(sorted(set(found))) for word, found in cursor.fetchall()}
    differ = {
        word: (codes[word], daitch_mokotoff(word)) for word in words if codes[word] != daitch_mokotoff(word)
    }
    assert differ == {}
    assert len(words) > 1_500


def test_no_letters_no_code() -> None:
    assert daitch_mokotoff("") == ()
