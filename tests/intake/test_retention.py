"""How long lists are kept: what goes, what stays, and what is never touched. All people are invented."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.service import service_user
from audit.models import AuditEvent
from displacement.models import Household, Person
from intake.accepting import write
from intake.actions import batches, retention, submissions
from intake.kinds.registry import KINDS
from intake.models import Batch, BatchPart, Finding, StagedRow, Submission
from intake.models.batch import ENDED, BatchState
from intake.staging import stage
from tests.factories.intake import AcceptedBatchFactory, KoboFormFactory, ReadyBatchFactory, RowFactory
from tests.intake.lists import accepted, checked, clerk, family, organisation_of, people, sent
from tests.intake.test_kobo_inbox import submission
from tests.refusals import codes

pytestmark = pytest.mark.django_db
#: A row that is refused; its name and its telephone stand nowhere else.
REFUSED = {"HH": "9", "Family": "Zxqvky", "Given": "Petro", "Born": "31.02.1980", "Phone": "+79191234567"}


def aged(batch: Batch, days: int = 91) -> Batch:
    """The batch as it is that long after its last step."""
    Batch.objects.filter(pk=batch.pk).update(state_since=timezone.now() - timedelta(days=days))
    return Batch.objects.get(pk=batch.pk)


def due() -> list[UUID]:
    """The lists that would go now."""
    return list(Batch.objects.kept_too_long(retention.before()).values_list("pk", flat=True))


def removed(batch: Batch) -> Batch:
    """The batch once its rows were removed."""
    assert retention.remove(batch_id=aged(batch).pk, by=service_user())
    return Batch.objects.get(pk=batch.pk)


def everywhere_in_intake() -> str:
    """All that the tables of intake hold, as text."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("intake_")]
        held = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            held.append(cursor.fetchone()[0])
    return " ".join(held)


def test_rows_and_file_go_and_what_names_nobody_stays() -> None:
    by = clerk()
    batch = accepted(people(*family("1"), *family("2"), REFUSED), by, leaving_out=[2])
    before = batches.summary(batch)
    found = set(batch.findings.values_list("row", "code", "severity"))
    assert "Zxqvky" in everywhere_in_intake()
    done = removed(batch)
    assert "Zxqvky" not in everywhere_in_intake()
    assert "9191234567" not in everywhere_in_intake()
    assert not StagedRow.objects.exists()
    assert not BatchPart.objects.exists()
    assert set(done.findings.values_list("row", "code", "severity")) == found != set()
    assert batches.summary(done) == before
    assert before.left_out == 1
    kept = ("state", "digest", "outcome", "total", "size", "accepted_by", "received_by", "name")
    assert [getattr(done, name) for name in kept] == [getattr(batch, name) for name in kept]
    event = AuditEvent.objects.get(action="remove_rows")
    assert (event.object_id, event.actor_id) == (str(batch.pk), service_user().pk)
    assert event.detail == {"days": 90, "rows": 5, "bytes": batch.size, "submissions": 0}


def test_headings_that_may_be_a_person_go_too() -> None:
    """The first row of a list without headings is taken for them."""
    by = clerk()
    batch = sent(b"Zxqvky,Petro,m\nKoval,Anna,17\n", by)
    columns = {"Zxqvky": "family_name", "Petro": "given_name", "m": "sex"}
    batches.map_columns(batch=batch, columns=columns, by=by)
    stage(batch.pk)
    batches.accept(batch=batch, by=by, with_warnings=True)
    write(batch.pk)
    assert Finding.objects.get().column == "m"
    done = removed(Batch.objects.get())
    assert "Zxqvky" not in everywhere_in_intake()
    assert done.columns == {name: name for name in columns.values()}
    assert Finding.objects.get().column == "sex"


def test_the_register_still_tells_which_list_it_came_from() -> None:
    by = clerk()
    first = accepted(people(*family("1")), by)
    second = removed(accepted(people(*family("2")), by))
    bounds = KINDS["people"].own_ids(second)
    assert set(Person.objects.filter(pk__range=bounds).values_list("household__reference", flat=True)) == {
        "2"
    }
    assert Household.objects.filter(pk__range=bounds).count() == 1
    assert first.rows.count() == 2
    assert AuditEvent.objects.filter(reason=f"list {second.pk}").exists()


def test_the_same_file_is_still_recognised_and_the_sentence_says_what_to_do() -> None:
    by, file = clerk(), people(*family("1"))
    removed(accepted(file, by))
    with pytest.raises(ValidationError) as refusal:
        sent(file, by)
    assert codes(refusal.value) == {"file": ["file_known"]}
    assert "Its rows were removed since" in str(refusal.value)


def test_neither_undo_nor_refused_rows_can_be_had_afterwards() -> None:
    by = clerk()
    done = removed(accepted(people(*family("1"), REFUSED), by))
    for act in (
        lambda: batches.undo(batch=done, by=by, reason="The wrong file."),
        lambda: batches.refused_csv(batch=done, by=by),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert codes(refusal.value) == {"__all__": ["rows_removed"]}
        assert "removed on" in str(refusal.value)
    assert Person.objects.current().count() == 2
    assert Batch.objects.get().state == BatchState.ACCEPTED


def test_a_second_time_changes_nothing_and_leaves_no_trace() -> None:
    done = removed(accepted(people(*family("1")), clerk()))
    assert not retention.remove(batch_id=done.pk, by=service_user())
    assert Batch.objects.get().rows_removed_at == done.rows_removed_at
    assert AuditEvent.objects.filter(action="remove_rows").count() == 1


@pytest.mark.parametrize("state", [state for state in BatchState if state not in ENDED])
def test_what_could_still_go_on_is_never_touched(state: BatchState) -> None:
    row = RowFactory.create(batch=ReadyBatchFactory.create(state=state))
    batch = aged(row.batch, days=4_000)
    assert due() == []
    assert not retention.remove(batch_id=batch.pk, by=service_user())
    assert batch.rows.count() == 1
    with pytest.raises(IntegrityError, match="batch_rows_removed_whole"), transaction.atomic():
        Batch.objects.update(rows_removed_at=timezone.now(), rows_removed_by=service_user().pk)


def test_the_days_are_counted_from_the_end_and_can_be_set(settings: Settings) -> None:
    batch = accepted(people(*family("1")), clerk())
    Batch.objects.update(accepted_at=timezone.now() - timedelta(days=400))
    assert due() == []
    aged(batch, days=31)
    assert not retention.remove(batch_id=batch.pk, by=service_user())
    settings.LISTS_KEPT_DAYS = 30
    assert due() == [batch.pk]
    assert retention.remove(batch_id=batch.pk, by=service_user())


def test_a_list_that_was_taken_back_goes_as_well() -> None:
    by = clerk()
    batch = accepted(people(*family("1"), REFUSED), by)
    batches.undo(batch=batch, by=by, reason="The wrong file.")
    done = removed(batch)
    assert (done.state, done.rows.exists(), done.findings.count()) == (BatchState.UNDONE, False, 1)


def test_a_discarded_list_is_emptied_at_once_and_says_so() -> None:
    by = clerk()
    batch = checked(people(*family("1"), REFUSED), by)
    batches.discard(batch=batch, by=by)
    assert "Zxqvky" not in everywhere_in_intake()
    assert Batch.objects.get().rows_removed_by == by.pk
    assert due() == []


def test_submissions_in_the_register_go_and_those_that_wait_again_stay() -> None:
    by = clerk()
    form = KoboFormFactory.create(organisation=organisation_of(by))
    for number in (1, 2):
        submissions.take(form=form, payload=submission(number), by=by)
    batch = submissions.gather(form=form, by=by)
    undone = AcceptedBatchFactory.create(organisation=form.organisation, state=BatchState.DISCARDED)
    first, second = Submission.objects.order_by("pk")
    Submission.objects.filter(pk=second.pk).update(batch=undone)
    Batch.objects.filter(pk=batch.pk).update(
        state=BatchState.ACCEPTED, accepted_at=timezone.now(), accepted_by=by.pk
    )
    for each in (batch, undone):
        removed(each)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.payload, bool(second.payload)) == ({}, True)
    assert submissions.take(form=form, payload=submission(1), by=by) == first
