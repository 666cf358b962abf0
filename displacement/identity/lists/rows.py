"""Rows of a partner's list, folded once for comparison."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from anyascii import anyascii

from displacement.identity.identity import Features, Identity, features_of
from displacement.identity.keys import keys_compared, keys_of
from displacement.identity.lists.births import Birth, birth_in
from displacement.identity.lists.columns import TEXTS

_NOT_WORDS = re.compile(r"[^a-z0-9]+")


class ListRow(NamedTuple):
    """One row: its id as the partner knows it, what is compared of the person and of the address, and its keys."""

    id: str
    features: Features
    texts: tuple[str, ...]
    keys: tuple[int, ...]


def row_of(id: str, cells: Mapping[str, str], *, is_day_first: bool) -> ListRow:
    """A row from its cells by column (displacement.identity.lists.columns); missing and blank cells are not known.

    A birth date that no calendar has, such as 31 February, is compared as it was written.
    """
    birth = birth_in(cells.get("born", ""), is_day_first=is_day_first)
    identity = Identity(
        given_name=cells.get("given", ""),
        patronymic=cells.get("patronymic", ""),
        family_name=cells.get("family", ""),
        sex=cells.get("sex", ""),
        phone=cells.get("phone", ""),
        place=_plain(cells.get("place", "")),
    )
    features = _with_birth(features_of(identity), birth)
    texts = tuple(_plain(cells.get(name, "")) for name in TEXTS)
    return ListRow(id, features, texts, tuple(keys_compared(features, keys_of(identity, features))))


def _with_birth(features: Features, birth: Birth) -> Features:
    return features._replace(year=birth.year, month_day=birth.month_day)


def _plain(text: str) -> str:
    """Letters and digits only, in Latin: spaces and marks are where lists differ most."""
    return _NOT_WORDS.sub("", anyascii(text).lower())
