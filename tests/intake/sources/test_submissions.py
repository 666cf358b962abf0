"""Kobo and ODK submissions become rows of members."""

from typing import Any

from intake.sources.submissions import as_source

FIRST = {
    "_id": 71,
    "_uuid": "aaa",
    "meta/instanceID": "uuid:aaa",
    "formhub/uuid": "f0",
    "__version__": "v1",
    "_submission_time": "2024-08-08T10:00:00",
    "_attachments": [],
    "start": "2024-08-08T09:58:00.000+03:00",
    "hh/phone": "+7 900 000 00 01",
    "hh/origin": "Суджанский район",
    "hh/people_count": "2",
    "hh/people": [
        {"hh/people/given_name": "Анна", "hh/people/family_name": "Литвин", "hh/people/age": 34},
        {"hh/people/given_name": "Пётр", "hh/people/family_name": "Литвин", "hh/people/age": None},
    ],
}


def _table(*submissions: dict[str, Any]) -> list[dict[str, str]]:
    source = as_source(submissions)
    names = [column.name for column in source.columns]
    return [{"": str(row.number), **dict(zip(names, row.values, strict=True))} for row in source.rows]


def test_each_member_is_a_row_with_what_is_said_of_all() -> None:
    anna, peter = _table(FIRST)
    assert anna == {
        "": "1",
        "household": "aaa",
        "submitted_at": "2024-08-08T10:00:00Z",
        "phone": "+7 900 000 00 01",
        "origin": "Суджанский район",
        "people": "2",
        "given_name": "Анна",
        "family_name": "Литвин",
        "age": "34",
    }
    assert (peter["given_name"], peter["age"], peter["household"]) == ("Пётр", "", "aaa")


def test_a_head_asked_outside_the_repeat_is_the_first_row() -> None:
    submission = {
        "_uuid": "b",
        "head/given_name": "Ольга",
        "phone": "1",
        "people": [{"people/given_name": "Оля"}],
    }
    assert [(row["given_name"], row["phone"]) for row in _table(submission)] == [("Ольга", "1"), ("Оля", "1")]


def test_a_form_without_members_is_one_row() -> None:
    assert _table({"_uuid": "c", "token": "7", "adults": 3, "urgent": True, "note": None}) == [
        {
            "": "1",
            "household": "c",
            "submitted_at": "",
            "token": "7",
            "adults": "3",
            "urgent": "yes",
            "note": "",
        }
    ]


def test_one_end_with_two_paths_keeps_both() -> None:
    (row,) = _table({"_uuid": "d", "home/region": "RU-KRS", "now/region": "RU-BEL"})
    assert (row["home_region"], row["now_region"]) == ("RU-KRS", "RU-BEL")


def test_an_edit_takes_the_place_of_what_it_replaces() -> None:
    edited = {**FIRST, "_uuid": "bbb", "meta/instanceID": "uuid:bbb", "meta/deprecatedID": "uuid:aaa"}
    edited["hh/phone"] = "+7 900 000 00 02"
    for order in ((FIRST, edited), (edited, FIRST)):
        rows = _table(*order)
        assert {row["phone"] for row in rows} == {"+7 900 000 00 02"}
        assert {row["household"] for row in rows} == {"aaa"}
        assert len(rows) == 2
    assert as_source([FIRST, edited]).notices == ["submissions_edited"]


def test_the_same_submission_sent_twice_is_one() -> None:
    assert len(_table(FIRST, FIRST)) == 2


def test_two_families_of_one_form_stay_two() -> None:
    other = {**FIRST, "_id": 72, "_uuid": "eee", "meta/instanceID": "uuid:eee"}
    assert {row["household"] for row in _table(FIRST, other)} == {"aaa", "eee"}
    assert as_source([FIRST, other]).notices == []


def test_submissions_of_odk_central_are_read_too() -> None:
    submission = {
        "__id": "uuid:zzz",
        "__system": {"submissionDate": "2024-08-09T08:00:00.000Z", "submitterName": "clerk"},
        "hh": {"phone": "5", "people": [{"__id": "1", "given_name": "Иван", "born": {"year": 1980}}]},
        "meta": {"instanceID": "uuid:zzz"},
    }
    (row,) = _table(submission)
    assert (row["household"], row["submitted_at"]) == ("zzz", "2024-08-09T08:00:00.000Z")
    assert (row["phone"], row["given_name"], row["year"]) == ("5", "Иван", "1980")
