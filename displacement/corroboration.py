"""Which voices about a victim are independent. A word that is passed on is still one word."""

from collections.abc import Iterable

from displacement.models import CasualtySource

#: What each must be told by two independent sources before a casualty is verified.
QUESTIONS = ("who", "what", "when", "where")
#: Independent sources per question (OHCHR's standard of proof asks for corroboration by independent sources).
NEEDED = 2


def independent_voices(sources: Iterable[CasualtySource]) -> dict[str, int]:
    """How many independent sources tell who, what, when and where. No query.

    Whoever repeats another's word counts as that other, through any number of hands; a source that speaks twice counts once.
    """
    rows = list(sources)
    repeats = {
        row.source_id: row.origin_id for row in rows if row.origin_id and row.origin_id != row.source_id
    }
    own_word = {row.source_id for row in rows if row.origin_id is None}
    voices: dict[str, set[int]] = {question: set() for question in QUESTIONS}
    for row in rows:
        first = _first_speaker(row.origin_id or row.source_id, repeats, own_word)
        for question in QUESTIONS:
            if getattr(row, f"supports_{question}"):
                voices[question].add(first)
    return {question: len(first) for question, first in voices.items()}


def _first_speaker(source: int, repeats: dict[int, int], own_word: set[int]) -> int:
    """Follow who repeats whom to the first; those who only repeat each other are one voice, the lowest id of their circle."""
    passed: list[int] = []
    while source in repeats and source not in own_word:
        if source in passed:
            return min(passed[passed.index(source) :])
        passed.append(source)
        source = repeats[source]
    return source
