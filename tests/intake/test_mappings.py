"""Saved mappings: every change leaves a trace, none is replaced unasked, and lists keep what they were read by."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from intake.actions import batches, mappings, submissions
from intake.models import Batch, Mapping
from intake.models.batch import BatchState
from intake.staging import stage
from tests.factories.accounts import user_in_role
from tests.factories.intake import KoboFormFactory, MappingFactory
from tests.intake.lists import COLUMNS, clerk, family, organisation_of, people, sent
from tests.intake.test_kobo_inbox import submission
from tests.refusals import codes

pytestmark = pytest.mark.django_db
FEW = {"Family": "family_name", "Given": "given_name"}


def saved(by: User, **told: object) -> Mapping:
    """A mapping of two columns."""
    mapping: Mapping = MappingFactory.create(
        **{"organisation": organisation_of(by), "name": "Partner", "columns": FEW, **told}
    )
    return mapping


def mapped(by: User, number: str, **told: object) -> Batch:
    """A list whose columns a person named, with all meanings of COLUMNS."""
    batch = sent(people(*family(number)), by)
    return batches.map_columns(batch=batch, columns=COLUMNS, by=by, **told)  # type: ignore[arg-type]


def changed(mapping: Mapping, by: User, **told: object) -> Mapping:
    """The next version of the mapping."""
    whole = {"version": mapping.version, "name": mapping.name, "columns": mapping.columns, "options": {}}
    return mappings.change(mapping=mapping, by=by, **{**whole, **told})


def trail(action: str) -> Iterator[tuple[object, dict[str, object]]]:
    """Who did this to mappings, and what the trace says."""
    events = AuditEvent.objects.filter(action=action, object_type="intake.mapping").order_by("id")
    return ((event.actor_id, event.detail) for event in events)


def test_the_first_person_of_a_list_without_headings_is_not_in_the_trail() -> None:
    """Nothing is ever taken out of it, whoever is erased."""
    by = clerk()
    mapping = saved(by, columns={"Жхцкв": "family_name", "Олена": "given_name"})
    changed(mapping, by, columns={"Жхцкв": "given_name", "Щыф": "family_name"})
    details = json.dumps(list(AuditEvent.objects.values_list("detail", flat=True)), ensure_ascii=False)
    assert details.count("family_name") == 1
    for heading in ("Жхцкв", "Олена", "Щыф"):
        assert heading not in details


def test_saving_and_changing_leave_who_and_the_names_of_fields() -> None:
    by = clerk()
    mapping = mapped(by, "1", save_as=" Partner ", options={"day_first": True}).mapping
    assert mapping is not None
    assert (mapping.name, mapping.version, mapping.options) == ("Partner", 1, {"day_first": True})
    ((actor, detail),) = trail("add")
    assert (actor, detail) == (by.pk, {"columns": sorted(set(COLUMNS.values())), "options": ["day_first"]})
    colleague = clerk(organisation_of(by))
    columns = {**COLUMNS, "Given": "patronymic", "Patronymic": "given_name", "New": "note", "Age": ""}
    columns = {heading: name for heading, name in columns.items() if name != "note"}
    done = changed(mapping, colleague, columns=columns, name="Partner 2", options={"day_first": False})
    assert (done.version, done.changed_by, done.recorded_by) == (2, colleague.pk, by.pk)
    ((actor, detail),) = trail("change")
    assert actor == colleague.pk
    assert detail == {
        "fields": ["columns", "name", "options"],
        "columns": ["age", "given_name", "patronymic"],
        "options": ["day_first"],
    }


def test_what_changes_nothing_is_no_version() -> None:
    by = clerk()
    mapping = saved(by)
    assert changed(mapping, by, options={"day_first": None, "sheet": ""}).version == 1
    assert list(trail("change")) == []


def test_a_mapping_of_the_same_name_is_replaced_only_where_its_version_is_named() -> None:
    by = clerk()
    mapping = saved(by)
    with pytest.raises(ValidationError) as refusal:
        mapped(by, "1", save_as="Partner")
    assert codes(refusal.value) == {"save_as": ["name_taken"]}
    assert "“Partner” is saved already" in str(refusal.value)
    assert "version 1" in str(refusal.value)
    assert Batch.objects.get().state == BatchState.NEEDS_MAPPING
    changed(mapping, by, options={"day_first": True})
    again = Batch.objects.get()
    with pytest.raises(ValidationError) as refusal:
        batches.map_columns(batch=again, columns=COLUMNS, by=by, save_as="Partner", replacing=1)
    assert codes(refusal.value) == {"save_as": ["version_conflict"]}
    batches.map_columns(batch=again, columns=COLUMNS, by=by, save_as="Partner", replacing=2)
    mapping.refresh_from_db()
    assert (mapping.columns, mapping.version) == (dict(COLUMNS), 3)


def test_saving_the_same_once_more_asks_nothing() -> None:
    by = clerk()
    first, second = (mapped(by, number, save_as="Partner").mapping for number in ("1", "2"))
    assert first == second == Mapping.objects.get()
    assert Mapping.objects.get().version == 1
    assert len(list(trail("add"))) == 1


def test_who_saves_what_somebody_else_has_changed_is_told() -> None:
    by = clerk()
    mapping = saved(by)
    changed(mapping, by, columns={**FEW, "Sex": "sex"})
    for act in (changed, mappings_retired):
        with pytest.raises(ValidationError) as refusal:
            act(mapping, by)
        assert codes(refusal.value) == {"__all__": ["version_conflict"]}
    mapping.refresh_from_db()
    assert (set(mapping.columns), mapping.version, mapping.is_in_use) == ({"Family", "Given", "Sex"}, 2, True)


def mappings_retired(mapping: Mapping, by: User) -> Mapping:
    """Out of use."""
    return mappings.retire(mapping=mapping, version=mapping.version, by=by)


def test_a_list_keeps_what_it_was_read_by() -> None:
    by = clerk()
    mapping = saved(by, columns=COLUMNS, options={"day_first": True})
    batch = sent(people(*family("1")), by, mapping=mapping)
    changed(mapping, by, columns=FEW, options={"day_first": False})
    mappings_retired(Mapping.objects.get(), by)
    stage(batch.pk)
    read = Batch.objects.get()
    assert (read.state, read.columns, read.options) == (BatchState.READY, dict(COLUMNS), {"day_first": True})
    assert read.counts["with_warnings"]["movements"] == 4


def test_columns_are_checked_as_those_of_a_list() -> None:
    by = clerk()
    mapping = saved(by)
    for columns in ({"HH": "no_such"}, {"HH": "sex", "ID": "sex"}, {}, {"HH": ""}):
        with pytest.raises(ValidationError) as refusal:
            changed(mapping, by, columns=columns)
        assert set(codes(refusal.value)) == {"columns"}
    stays = saved(by, kind="movements", columns={"A": "person"})
    with pytest.raises(ValidationError) as refusal:
        changed(stays, by, columns={"Where": "destination"})
    assert codes(refusal.value) == {"columns": ["required"]}
    with pytest.raises(ValidationError) as refusal:
        changed(mapping, by, options={"colour": "red"})
    assert codes(refusal.value) == {"options": ["unknown_option"]}


def test_two_in_use_never_have_one_name() -> None:
    by = clerk()
    first, second = saved(by), saved(by, name="Other")
    with pytest.raises(ValidationError) as refusal:
        changed(second, by, name="Partner")
    assert codes(refusal.value) == {"name": ["name_taken"]}
    retired = mappings_retired(first, by)
    second = changed(Mapping.objects.get(pk=second.pk), by, name="Partner")
    with pytest.raises(ValidationError) as refusal:
        mappings.restore(mapping=retired, version=retired.version, by=by)
    assert codes(refusal.value) == {"name": ["name_taken"]}


def test_one_out_of_use_is_taken_by_no_list_and_can_be_put_back(tmp_path: Path) -> None:
    by = clerk()
    mapping = mappings_retired(saved(by, columns=COLUMNS), by)
    file = people(*family("1"))
    with pytest.raises(ValidationError) as refusal:
        sent(file, by, mapping=mapping)
    assert codes(refusal.value) == {"mapping": ["out_of_use"]}
    (tmp_path / "list.csv").write_bytes(file)
    asked = ("--kind=people", f"--by={by.username}", "--mapping=Partner", "--region=RU-KRS-KURSK")
    with pytest.raises(CommandError, match="no mapping of this name"):
        call_command("intake", str(tmp_path / "list.csv"), *asked, stdout=io.StringIO())
    with pytest.raises(ValidationError) as refusal:
        changed(mapping, by)
    assert codes(refusal.value) == {"__all__": ["out_of_use"]}
    mapping = mappings.restore(mapping=mapping, version=mapping.version, by=by)
    assert sent(file, by, mapping=mapping).state == BatchState.STAGING
    assert [actor for action in ("retire", "restore") for actor, _detail in trail(action)] == [by.pk, by.pk]


def test_a_form_whose_mapping_is_out_of_use_asks_with_the_batch() -> None:
    by = clerk()
    mapping = saved(by, columns={"given_name": "given_name"})
    form = KoboFormFactory.create(organisation=organisation_of(by), mapping=mapping)
    mappings_retired(mapping, by)
    submissions.take(form=form, payload=submission(1), by=by)
    assert submissions.gather(form=form, by=by).state == BatchState.NEEDS_MAPPING


def test_only_who_handles_such_lists_changes_what_their_columns_mean() -> None:
    by = clerk()
    mapping = saved(by, kind="casualties", columns={"Family": "family_name"})
    stranger = clerk()
    recorder = user_in_role(Role.CASUALTY_RECORDER, organisation=organisation_of(by))
    for who in (by, stranger, user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation_of(by))):
        with pytest.raises(PermissionDenied):
            mappings_retired(mapping, who)
    assert not mappings_retired(mapping, recorder).is_in_use
