"""Whatever is done to the trail past its triggers is found, and said in a sentence that names the place."""

import json
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from audit import anchors, verifying
from audit.models import AuditEvent, Reading, RowChange, Seal
from displacement.models import Household
from tests.audit.trail import past_the_triggers, run, seal, three_seals, told

pytestmark = pytest.mark.django_db

_OF = "organisation_id = '{chain}'"
_SECOND = f"(SELECT block FROM audit_seal WHERE {_OF} AND number = 2)"
_COPIED = (
    "INSERT INTO audit_auditevent (id, at, organisation_id, block, actor_id, action, object_type, object_id, reason, detail)"
    " SELECT uuidv7(), at, organisation_id, {block}, actor_id, 'look', object_type, object_id, reason, detail"
    f" FROM audit_auditevent WHERE block = {_SECOND} LIMIT 1"
)
_SWAPPED_IDS = (
    "UPDATE audit_auditevent e SET id = o.id FROM audit_auditevent o"
    f" WHERE e.block = {_SECOND} AND o.block = e.block AND o.id <> e.id"
)
#: What an owner of the tables may try, and what the verification says of it.
TAMPERED = {
    "an edited act": (
        [f"UPDATE audit_auditevent SET reason = 'another' WHERE block = {_SECOND} AND action = 'look'"],
        "Seal 2 of organisation {chain}",
        "one was edited, or their order was changed",
    ),
    "another actor": (
        [f"UPDATE audit_auditevent SET actor_id = uuidv7() WHERE block = {_SECOND}"],
        "Seal 2 of organisation {chain}",
        "one was edited",
    ),
    "another order of acts": (
        ["ALTER TABLE audit_auditevent DROP CONSTRAINT audit_auditevent_pkey", _SWAPPED_IDS],
        "Seal 2 of organisation {chain}",
        "their order was changed",
    ),
    "an edited change of rows": (
        [f"UPDATE audit_rowchange SET rows = 7 WHERE {_OF}"],
        "Seal 1 of organisation {chain}",
        "one was edited",
    ),
    "other keys for the feed": (
        [
            f"UPDATE audit_rowchange SET ids = ARRAY[uuidv7()] WHERE {_OF} AND table_name = 'displacement_household'"
        ],
        "in organisation {chain}",
        "are not those that were sealed",
    ),
    "keys for the feed taken away": (
        [f"UPDATE audit_rowchange SET ids = NULL WHERE {_OF} AND table_name = 'displacement_household'"],
        "Seal 1 of organisation {chain}",
        "one was edited",
    ),
    "keys for the feed emptied": (
        [f"UPDATE audit_rowchange SET ids = '{{}}' WHERE {_OF} AND table_name = 'displacement_household'"],
        "Seal 1 of organisation {chain}",
        "one was edited",
    ),
    "the same as if it were sealed before": (
        [
            f"UPDATE audit_rowchange SET ids = NULL, form = 1 WHERE {_OF} AND table_name = 'displacement_household'"
        ],
        "Seal 1 of organisation {chain}",
        "one was edited",
    ),
    "a deleted act": (
        [f"DELETE FROM audit_auditevent WHERE block = {_SECOND} AND action = 'look'"],
        "Seal 2 of organisation {chain}",
        "holds 2 rows, 1 of transaction",
    ),
    "a whole transaction of acts": (
        [f"DELETE FROM audit_auditevent WHERE block = {_SECOND}"],
        "Seal 2 of organisation {chain}",
        "holds 2 rows, 0 of transaction",
    ),
    "an act put into a sealed transaction": (
        [_COPIED.replace("{block}", "block")],
        "Seal 2 of organisation {chain}",
        "holds 2 rows, 3 of transaction",
    ),
    "an act in a transaction of its own": (
        [_COPIED.replace("{block}", "uuidv7()")],
        "in organisation {chain}",
        "never sealed",
    ),
    "a deleted seal": (
        [f"DELETE FROM audit_seal WHERE {_OF} AND number = 2"],
        "Seals 2 to 2 of organisation {chain} are missing",
        "never sealed",
    ),
    "a seal deleted with its acts": (
        [
            f"DELETE FROM audit_auditevent WHERE block = {_SECOND}",
            f"DELETE FROM audit_seal WHERE {_OF} AND number = 2",
        ],
        "Seals 2 to 2 of organisation {chain} are missing",
        "they were deleted",
    ),
    "the same with the numbers closed up": (
        [
            f"DELETE FROM audit_auditevent WHERE block = {_SECOND}",
            f"DELETE FROM audit_seal WHERE {_OF} AND number = 2",
            f"UPDATE audit_seal SET number = 2 WHERE {_OF} AND number = 3",
        ],
        "Seal 2 of organisation {chain}",
        "does not follow from the one before it",
    ),
    "the first seal cut away": (
        [f"DELETE FROM audit_seal WHERE {_OF} AND number = 1"],
        "Seals 1 to 1 of organisation {chain} are missing",
        "they were deleted",
    ),
    "another order of seals": (
        [
            f"UPDATE audit_seal SET number = 9 WHERE {_OF} AND number = 2",
            f"UPDATE audit_seal SET number = 2 WHERE {_OF} AND number = 3",
            f"UPDATE audit_seal SET number = 3 WHERE {_OF} AND number = 9",
        ],
        "Seal 2 of organisation {chain}",
        "moved to another place",
    ),
    "an edited seal": (
        [f"UPDATE audit_seal SET at = at - interval '1 day' WHERE {_OF} AND number = 2"],
        "Seal 2 of organisation {chain}",
        "its hash does not fit",
    ),
    "everything gone": (
        ["TRUNCATE audit_auditevent, audit_rowchange, audit_reading, audit_seal"],
        "There is no seal at all",
        "TRUNCATE",
    ),
}


@pytest.fixture
def household() -> Household:
    """Whose organisation's chain has three seals; nothing is wrong with it yet."""
    made = three_seals()
    assert told() == ""
    assert list(
        Seal.objects.filter(organisation_id=made.organisation_id).values_list("number", flat=True)
    ) == [3, 2, 1]
    return made


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_done_past_the_triggers_is_found(name: str, household: Household) -> None:
    statements, place, what = TAMPERED[name]
    with past_the_triggers():
        for statement in statements:
            run(statement.replace("{chain}", str(household.organisation_id)))
    found = told()
    assert place.format(chain=household.organisation_id) in found
    assert what in found


def test_a_chain_that_was_hashed_anew_is_told_by_the_anchors_alone(household: Household) -> None:
    """Who can write rows can also compute hashes: only what is kept elsewhere shows that."""
    chain, kept = household.organisation_id, anchors.heads()
    with past_the_triggers():
        run(
            "UPDATE audit_auditevent SET reason = 'another' WHERE organisation_id = %s AND reason = 'third'",
            chain,
        )
        run("DELETE FROM audit_seal WHERE organisation_id = %s AND number = 3", chain)
        run("SELECT audit_seal_block(block) FROM audit_auditevent WHERE reason = 'another' LIMIT 1")
    assert told() == ""
    assert f"Seal 3 of organisation {chain} has another hash than when it was anchored" in told(anchors=kept)


def test_a_tail_that_was_cut_is_told_by_the_anchors_alone(household: Household) -> None:
    chain, kept = household.organisation_id, anchors.heads()
    with past_the_triggers():
        run("DELETE FROM audit_auditevent WHERE organisation_id = %s AND reason = 'third'", chain)
        run("DELETE FROM audit_seal WHERE organisation_id = %s AND number = 3", chain)
    assert told() == ""
    assert f"Seal 3 of organisation {chain} was anchored" in told(anchors=kept)
    assert "the chain ends at 2: its tail was cut" in told(anchors=kept)


def test_a_chain_that_was_emptied_is_told_by_the_anchors(household: Household) -> None:
    chain, kept = household.organisation_id, anchors.heads()
    with past_the_triggers():
        for table in ("audit_auditevent", "audit_rowchange", "audit_seal"):
            run(f"DELETE FROM {table} WHERE organisation_id = %s", chain)
    assert told() == ""
    assert "nothing of that chain is there: it was emptied" in told(anchors=kept)


@pytest.mark.parametrize(
    ("table", "trigger"), [("audit_auditevent", "audit_seal"), ("audit_seal", "audit_seal_append_only")]
)
def test_a_trigger_that_is_switched_off_is_told(table: str, trigger: str, household: Household) -> None:
    run(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    assert f"The trigger {trigger} of {table} is missing or switched off" in told()


@pytest.mark.parametrize("taken", ["NULL", "'{}'"])
def test_keys_that_were_sealed_before_their_number_was_are_missed_too(taken: str) -> None:
    """The chain goes on as it was sealed; which changes had their keys then, the migration's own row says."""
    seal()
    run("ALTER TABLE audit_rowchange ALTER COLUMN form SET DEFAULT 1")
    chain = three_seals().organisation_id
    run("ALTER TABLE audit_rowchange ALTER COLUMN form SET DEFAULT 2")
    run(import_module("audit.migrations.0007_sealed_ids").BEFORE)
    seal()
    assert told() == ""
    assert RowChange.objects.filter(organisation_id=chain, operation="ids", rows__gt=0).exists()
    with past_the_triggers():
        run(f"UPDATE audit_rowchange SET ids = {taken} WHERE organisation_id = %s AND ids IS NOT NULL", chain)
    assert "had all their keys when that was sealed, and" in told(chain)


def test_another_organisation_s_chain_is_not_asked_about(household: Household) -> None:
    other = three_seals()
    with past_the_triggers():
        run(
            "UPDATE audit_auditevent SET reason = 'another' WHERE organisation_id = %s", other.organisation_id
        )
    assert told(household.organisation_id) == ""
    assert told(other.organisation_id).count("edited") == 3


def test_the_command_counts_what_it_verified(
    household: Household, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_ANCHORS_FILE = tmp_path / "anchors"
    anchors.drop(settings.AUDIT_ANCHORS_FILE)
    chain, said = household.organisation_id, StringIO()
    call_command("verify_audit", organisation=chain, stdout=said)
    assert "under 3 seals in 1 chains are what was written" in said.getvalue()
    kinds = (AuditEvent, RowChange, Reading)
    rows = sum(kind.objects.filter(organisation_id=chain).count() for kind in kinds)
    assert verifying.extent(chain).rows == rows


def test_the_command_fails_in_sentences(household: Household, settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS_FILE = tmp_path / "anchors"
    said, warned = StringIO(), StringIO()
    with past_the_triggers():
        run("UPDATE audit_auditevent SET reason = 'another' WHERE reason = 'second'")
    with pytest.raises(CommandError, match="not what was written") as failed:
        call_command("verify_audit", stdout=said, stderr=warned)
    assert failed.value.returncode == 1
    assert "Seal 2 of organisation" in said.getvalue()
    assert "no anchors" in warned.getvalue()


def test_anchors_are_added_once_and_a_damaged_line_is_named(household: Household, tmp_path: Path) -> None:
    file = tmp_path / "anchors"
    first = anchors.drop(file)
    assert anchors.drop(file) == []
    assert list(anchors.read(file)) == first
    assert all(
        set(json.loads(line)) == {"at", "organisation", "number", "hash"}
        for line in file.read_text().splitlines()
    )
    assert file.stat().st_mode & 0o077 == 0
    with file.open("a") as lines:
        lines.write('{"at": "now"}\n')
    with pytest.raises(anchors.UnreadableAnchors, match=f"Line {len(first) + 1} "):
        list(anchors.read(file))


def test_what_is_not_sealed_yet_is_sealed_by_the_end_of_the_transaction(household: Household) -> None:
    """The control of every test above: before its commit a transaction's rows are nobody's business."""
    household.reference = "R-1"
    household.save(update_fields=["reference"])
    assert "never sealed" in told()
    seal()
    assert told() == ""
