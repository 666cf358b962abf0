"""The way of a batch, its table, and what it gives back."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from displacement.models import Person
from intake.actions import batches
from intake.literals import array
from intake.models import Batch, Mapping, StagedRow
from intake.models.batch import GONE, TRANSITIONS, BatchState
from intake.staging import stage
from regions.gazetteer import Gazetteer
from regions.models import Region
from tests.factories.regions import region
from tests.intake.lists import COLUMNS, accepted, checked, clerk, family, people, sent
from tests.refusals import codes


def test_every_state_can_be_reached_and_only_the_last_ones_are_left_by_nobody() -> None:
    reached = {BatchState.RECEIVED}.union(*TRANSITIONS.values())
    assert set(TRANSITIONS) == reached == set(BatchState)
    assert {state for state, ways in TRANSITIONS.items() if not ways} == set(GONE)


@pytest.mark.parametrize("texts", [["a", "", 'b"\\'], ["x\ty", "n\nm"], ["\x1f"], [""]], ids=repr)
@pytest.mark.django_db
def test_texts_come_through_copy_as_they_are(texts: list[str]) -> None:
    batch = checked(people({"Family": "Koval"}), clerk())
    line = f"{batch.pk.hex}\t7\t7\t{1:032x}\t0\tf\t{{}}\t{array(texts)}\n"
    columns = "batch_id, number, lead, record_id, severity, is_left_out, keys, value"
    from_line(f"COPY intake_stagedrow ({columns}) FROM STDIN", line)
    assert StagedRow.objects.get(number=7).value == texts


@pytest.mark.django_db
def test_refused_rows_come_back_as_they_were_sent_and_can_be_mended() -> None:
    by = clerk()
    bad = {"HH": "2", "Family": "Koval", "Given": "Іван ", "Born": "31.02.1980", "Phone": "+7 919 123-45-67"}
    batch = accepted(people(*family("1"), bad), by)
    text = "".join(batches.refused_csv(batch=batch, by=by)).removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text))
    assert {name: row[name] for name in ("HH", "Family", "Given", "Born")} == {
        name: bad[name] for name in ("HH", "Family", "Given", "Born")
    }
    assert "calendar" in text
    mended = text.replace("31.02.1980", "28.02.1980").encode()
    again = sent(mended, by, name="mended.csv")
    batches.map_columns(batch=again, columns=COLUMNS, by=by)
    stage(again.pk)
    assert Batch.objects.get(pk=again.pk).counts["refused"] == 0


@pytest.mark.django_db
def test_rows_can_be_left_out_and_those_with_warnings_wait_for_a_word() -> None:
    few = family("3", given=("Ivan",), People="4")
    batch = accepted(people(*family("1"), *family("2"), *few), clerk(), leaving_out=[2, 3])
    assert sorted(Person.objects.values_list("household__reference", flat=True)) == ["2", "2"]
    told = batches.summary(batch)
    assert (told.fine, told.warned, told.left_out, told.fine_only["people"]) == (4, 1, 2, 4)


@pytest.mark.django_db
def test_a_saved_mapping_is_used_for_the_next_list() -> None:
    by = clerk()
    batch = sent(people(*family("1")), by)
    batches.map_columns(batch=batch, columns=COLUMNS, by=by, save_as="Partner")
    following = sent(people(*family("2")), by, mapping=Mapping.objects.get(name="Partner"))
    assert (following.state, following.columns) == (BatchState.STAGING, dict(COLUMNS))


@pytest.mark.django_db
def test_columns_that_mean_nothing_or_the_same_are_refused() -> None:
    by = clerk()
    batch = sent(people(*family("1")), by)
    for columns in ({"No such": "sex"}, {"HH": "no_such"}, {"HH": "sex", "ID": "sex"}, {}):
        with pytest.raises(ValidationError) as refusal:
            batches.map_columns(batch=batch, columns=columns, by=by)
        assert set(codes(refusal.value)) == {"columns"}


@pytest.mark.django_db
def test_a_batch_that_is_discarded_leaves_no_row_behind() -> None:
    by = clerk()
    batch = checked(people(*family("1")), by)
    batches.discard(batch=batch, by=by)
    assert not StagedRow.objects.exists()
    assert not batch.parts.exists()
    with pytest.raises(ValidationError):
        batches.accept(batch=batch, by=by, with_warnings=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["RU-KRS-KURSK", "ru-krs", "38000000", "Курск", "Kursk", "Kursk Oblast", "UA59"]
)
def test_the_gazetteer_finds_what_the_search_finds(text: str) -> None:
    for key in ("RU-KRS-KURSK", "RU-KRS-KURSKY", "UA-59-SUMSKYI"):
        region(key)
    assert Gazetteer().find(text) == {Region.objects.find(text).pk}
    assert Gazetteer().find("Нарния") == frozenset()


def from_line(statement: str, line: str) -> None:
    """One line into a table."""
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        target.write(line.encode())
