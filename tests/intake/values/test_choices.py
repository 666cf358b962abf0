"""Words for codes, in English, Russian and Ukrainian; and that every refusal has its sentence."""

import ast
import re
from pathlib import Path

import pytest

from displacement.models import casualty, claim, codes, incident, movement, person
from intake.values import (
    SENTENCES,
    Reader,
    read_cause,
    read_choice,
    read_language,
    read_means,
    read_movement,
    read_needs,
    read_place,
    read_relationship,
    read_sex,
    read_yes_no,
)
from intake.values import choices as module
from intake.values.words import VOCABULARIES, AmbiguousWord, vocabulary
from shelters.models import shelter
from tests.intake.values.readings import said

LISTS = {
    "sex": codes.Sex, "age_band": codes.AgeBand, "relationship": person.Relationship, "movement": movement.MovementKind,
    "place": movement.PlaceKind, "means": movement.Means, "cause": movement.Cause, "outcome": casualty.Outcome,
    "civilian_status": casualty.CivilianStatus, "victim_sex": casualty.VictimSex, "victim_age": casualty.VictimAge,
    "incident_cause": incident.IncidentCause, "incident_place": incident.IncidentPlace, "site_type": shelter.SiteType,
    "phase": shelter.Phase, "indicator": claim.ClaimIndicator, "claim_kind": claim.ClaimKind, "claim_unit": claim.ClaimUnit,
    "claim_qualifier": claim.ClaimQualifier, "source_type": claim.SourceType,
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_every_code_has_its_words_and_every_word_a_code(name: str) -> None:
    read = read_choice(name)
    assert set(VOCABULARIES[name].values()) == set(LISTS[name].values)
    for code in LISTS[name].values:
        assert said(read, str(code)) == code


@pytest.mark.parametrize("name", LISTS)
def test_labels_of_the_desk_are_understood(name: str) -> None:
    """What we show and export, we read: a list that came out of the register goes in again."""
    read = read_choice(name)
    unread = [str(label) for code, label in LISTS[name].choices if said(read, str(label)) != code]
    assert unread == []


def test_codes_and_names_of_needs_are_those_of_the_register() -> None:
    data = Path(codes.__file__).parents[1] / "data" / "specific_needs.csv"
    rows = [line.split(",", 1)[0] for line in data.read_text(encoding="utf-8").splitlines()[1:]]
    assert set(VOCABULARIES["need"].values()) == set(rows)


@pytest.mark.parametrize(
    ("read", "cells", "code"),
    [
        (read_sex, ["F", "Ж", "жен.", "Женский", "жіноча", "ЖІНКА", "девочка", "2"], "female"),
        (read_sex, ["M", "М", "муж", "Чоловіча", "хлопець", "1"], "male"),
        (read_sex, ["unknown", "неизвестно", "невідомо"], "not_collected"),
        (read_sex, ["отказ", "відмова", "refused"], "not_answered"),
        (read_relationship, ["Жена", "чоловік", "husband", "WIFE_HUSBAND", "дружина"], "partner"),
        (read_relationship, ["ребёнок", "ребенок", "Син", "daughter"], "child"),
        (read_relationship, ["Голова родини", "глава семьи", "Head of household"], "head"),
        (read_yes_no, ["Да", "yes", "так", "TRUE", "1", "+", "x"], "yes"),
        (read_yes_no, ["нет", "ні", "False", "0", "n"], "no"),
        (read_language, ["українська", "UK", "ukr", "укр."], "uk"),
        (read_place, ["ПВР", "МТП", "collective site"], "shelter"),
        (read_means, ["Самостоятельно", "власним транспортом"], "own"),
        (read_cause, ["обстрелы", "війна", "shelling"], "hostilities"),
        (read_movement, ["Эвакуированы", "виїхали", "left home"], "left"),
        (read_needs, ["беременная", "вагітна", "PREG", "pregnant"], "PREG"),
    ],
)
def test_words_of_three_languages(read: Reader, cells: list[str], code: str) -> None:
    assert {said(read, cell) for cell in cells} == {code}


def test_blank_stays_not_known() -> None:
    assert said(read_sex, "") == said(read_yes_no, "n/a") == said(read_needs, "-") == ""


def test_several_needs_in_one_cell() -> None:
    assert said(read_needs, "беременная; DS-PS, диабет; беременная") == "PREG DS-PS SM-CI"
    assert said(read_needs, "DS-PS ER") == "DS-PS ER"
    assert said(read_needs, "mental disability, severe") == "DS-MS"
    assert said(read_needs, "беременная, слон") == "!need_word"


def test_an_unknown_word_is_refused_and_never_guessed() -> None:
    assert said(read_sex, "Маша") == "!sex_word"
    assert said(read_relationship, "сы") == "!relationship_word"


def test_one_word_cannot_mean_two_things() -> None:
    with pytest.raises(AmbiguousWord):
        vocabulary("sex", {"female": ["ж"], "male": ["Ж."]})


def test_every_code_has_a_sentence_that_ends() -> None:
    folder = Path(module.__file__).parent
    calls = [
        node.args[0]
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "BadValue"
    ]
    raised = {call.value for call in calls if isinstance(call, ast.Constant)}
    assert raised - set(SENTENCES) == set()
    assert {f"{name}_word" for name in LISTS} - set(SENTENCES) == set()
    assert [
        code for code, sentence in SENTENCES.items() if not re.fullmatch(r"[A-Z].*\.", str(sentence))
    ] == []
