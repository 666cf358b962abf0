"""A tail cut together with the last lines of the file of anchors: told by the trail itself, or by one line kept on paper."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.service import service_user
from audit import anchors
from audit.actions.binding import bind_chains
from audit.anchors import Anchor, UnreadableAnchors
from audit.models import SERVICE, AuditEvent, Seal
from displacement.models import Household
from tests.audit.trail import past_the_triggers, run, seal, three_seals, told

pytestmark = pytest.mark.django_db
_CUT = "the chain ends at 2: its tail was cut"


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Path:
    """The file of anchors: as it was when the trail had one seal less, or as whoever cut the trail cut it."""
    settings.AUDIT_ANCHORS_FILE = tmp_path / "anchors"
    return tmp_path / "anchors"


@pytest.fixture
def household(own: Path) -> Household:
    """Whose chain has three seals, which the service's own chain holds."""
    by, made = service_user(), three_seals()
    bind_chains(by=by)
    seal()
    assert told() == ""
    return made


def _head() -> Anchor:
    """The line that leaves the machine."""
    found = anchors.head()
    assert found is not None
    return found


def _cut(household: Household, own: Path) -> None:
    """The third seal, and what the file says since the second."""
    chain = household.organisation_id
    with past_the_triggers():
        run("DELETE FROM audit_auditevent WHERE organisation_id = %s AND reason = 'third'", chain)
        run("DELETE FROM audit_seal WHERE organisation_id = %s AND number = 3", chain)
    own.unlink(missing_ok=True)
    anchors.drop(own)


def _cut_the_service_too() -> None:
    """All that its own chain has since before it held the others."""
    (act,) = AuditEvent.objects.filter(action="bind_chains")
    assert act.block is not None
    (last,) = Seal.objects.filter(block=act.block, organisation_id=SERVICE)
    with past_the_triggers():
        for table in ("audit_auditevent", "audit_rowchange", "audit_reading"):
            run(f"DELETE FROM {table} WHERE block = %s", act.block)
        run("DELETE FROM audit_seal WHERE organisation_id = %s AND number >= %s", SERVICE, last.number)


def _verify(**options: Any) -> str:
    said = StringIO()
    try:
        call_command("verify_audit", stdout=said, stderr=StringIO(), **options)
    except CommandError as error:
        said.write(str(error))
    return said.getvalue()


def test_the_service_s_own_chain_tells_it(household: Household, own: Path) -> None:
    _cut(household, own)
    found = _verify()
    assert f"Seal 3 of organisation {household.organisation_id} was anchored" in found
    assert _CUT in found
    assert "not what was written" in found


def test_the_control_without_it_nothing_on_the_machine_tells(household: Household, own: Path) -> None:
    _cut_the_service_too()
    _cut(household, own)
    assert "are what was written" in _verify()


def test_one_line_that_was_kept_tells_when_the_service_s_chain_was_cut_too(
    household: Household, own: Path
) -> None:
    kept = _head().said()
    _cut_the_service_too()
    _cut(household, own)
    number = Seal.objects.filter(organisation_id=SERVICE).order_by("-number").first()
    found = _verify(heads=[kept])
    assert (
        "of the service's own chain was anchored at the time of the line that you named, if it is copied right"
        in found
    )
    assert f"the chain ends at {number.number if number else None}: its tail was cut" in found


def test_a_service_s_chain_that_was_hashed_anew_is_told_by_the_line(household: Household, own: Path) -> None:
    """The same numbers with other hashes: who can write rows can hash them, too."""
    kept = _head().said()
    (act,) = AuditEvent.objects.filter(action="bind_chains")
    with past_the_triggers():
        run("UPDATE audit_auditevent SET detail = '{}' WHERE id = %s", act.pk)
        run("DELETE FROM audit_seal WHERE block = %s AND organisation_id = %s", act.block, SERVICE)
        run("SELECT audit_seal_block(%s)", act.block)
    _cut(household, own)
    assert "are what was written" in _verify()
    assert "has another hash than when it was anchored" in _verify(heads=[kept])


def test_a_line_that_fits_says_so_and_each_verification_says_the_next(
    household: Household, own: Path
) -> None:
    anchors.drop(own)
    kept = _head()
    assert kept.organisation == SERVICE
    found = _verify(heads=[kept.said()])
    assert "are what was written" in found
    assert f"--head {kept.said()}" in found
    assert _verify(organisation=household.organisation_id).count("--head") == 0


def test_it_is_typed_from_the_shell(household: Household, own: Path) -> None:
    anchors.drop(own)
    said = StringIO()
    call_command("verify_audit", "--head", _head().said(), stdout=said, stderr=StringIO())
    assert "are what was written" in said.getvalue()
    number, right = _head().number, _head().hash
    wrong = ("0" if right[0] != "0" else "1") + right[1:]
    with pytest.raises(CommandError, match="not what was written"):
        call_command("verify_audit", "--head", f"service:{number}:{wrong}", stdout=said, stderr=StringIO())
    with pytest.raises(CommandError, match="such as service:"):
        call_command("verify_audit", "--head", f"service:{number}", stdout=said, stderr=StringIO())


@pytest.mark.parametrize(
    "written", ["", "service:1:", f"service:1:{'a' * 31}", f"service:x:{'a' * 32}", f"nobody:1:{'a' * 64}"]
)
def test_what_is_no_line_is_refused(written: str) -> None:
    """A hash of few digits would fit many seals."""
    with pytest.raises(UnreadableAnchors):
        anchors.as_said(written)


def test_a_line_as_it_was_copied_by_hand(household: Household) -> None:
    mine = next(a for a in anchors.heads() if a.organisation == household.organisation_id)
    copied = f" {mine.organisation}:{mine.number}:{mine.hash.upper()} "
    assert anchors.as_said(copied).hash == mine.hash
    assert told(anchors=[anchors.as_said(copied)]) == ""


def test_lines_of_a_file_have_the_whole_hash(tmp_path: Path, household: Household) -> None:
    file = tmp_path / "short"
    anchor = anchors.heads()[0]
    file.write_text(anchor.line().replace(anchor.hash, anchor.hash[:32]))
    with pytest.raises(UnreadableAnchors, match="Line 1 "):
        list(anchors.read(file))


def test_an_organisation_s_chain_alone_is_held_against_what_the_service_s_says(
    household: Household, own: Path
) -> None:
    other = three_seals()
    _cut(household, own)
    assert _CUT in told(household.organisation_id)
    assert told(other.organisation_id) == ""
