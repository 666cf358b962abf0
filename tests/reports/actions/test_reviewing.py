"""From draft to published by two people: every step that the table allows, and none that it does not."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from reports.actions import reviewing
from reports.actions.editions import publish, withdraw
from reports.actions.errata import propose
from reports.models import Edition
from reports.models.edition import EditionStatus
from reports.models.workflow import TRANSITIONS, EditionAct, transition
from reports.rendering.registry import FORMATS
from tests.factories.accounts import user_in_role
from tests.factories.reports import (
    ApprovedEditionFactory,
    DraftEditionFactory,
    ErratumFactory,
    InReviewEditionFactory,
    PublishedEditionFactory,
    WithdrawnEditionFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES: dict[str, type[DraftEditionFactory]] = {
    EditionStatus.DRAFT: DraftEditionFactory,
    EditionStatus.IN_REVIEW: InReviewEditionFactory,
    EditionStatus.APPROVED: ApprovedEditionFactory,
    EditionStatus.PUBLISHED: PublishedEditionFactory,
    EditionStatus.WITHDRAWN: WithdrawnEditionFactory,
}
LINES = ["121 people left.", "Two shelters are full.", "Nobody was told of three districts."]


@pytest.fixture
def publisher() -> User:
    return user_in_role(Role.PUBLISHER)


def _do(act: EditionAct, edition: Edition, by: User) -> Edition:
    match act:
        case EditionAct.EDIT:
            return reviewing.edit_highlights(edition=edition, lines=LINES, by=by)
        case EditionAct.SUBMIT:
            return reviewing.submit(edition=edition, by=by)
        case EditionAct.SEND_BACK:
            return reviewing.send_back(edition=edition, reason="A district is missing.", by=by)
        case EditionAct.APPROVE:
            return reviewing.approve(edition=edition, by=by)
        case EditionAct.PUBLISH:
            return publish(edition=edition, by=by, is_mailed=False)
    return withdraw(edition=edition, by=by, reason="A district is missing.")


@pytest.mark.parametrize("act", [act for act in EditionAct if act != EditionAct.CORRECT])
@pytest.mark.parametrize("state", FACTORIES)
def test_every_act_in_every_state_does_what_the_table_says(
    state: EditionStatus, act: EditionAct, publisher: User
) -> None:
    edition = FACTORIES[state].create()
    row = transition(state, act)
    is_open = row is not None and row.who != "automatic"
    if is_open or (state, act) == (EditionStatus.PUBLISHED, EditionAct.PUBLISH):
        assert _do(act, edition, publisher).status == (row.next if row else state)
        return
    with pytest.raises(ValidationError) as refused:
        _do(act, edition, publisher)
    assert refused.value.code == ("withdrawn" if state == EditionStatus.WITHDRAWN else "wrong_state")
    edition.refresh_from_db()
    assert edition.status == state


def test_every_state_is_left_or_final() -> None:
    left = {row.state for row in TRANSITIONS}
    assert set(EditionStatus) - left == {EditionStatus.WITHDRAWN}


def test_whoever_made_it_or_wrote_in_it_does_not_approve_it(publisher: User) -> None:
    other = user_in_role(Role.PUBLISHER)
    edition = DraftEditionFactory.create(made_by=publisher.pk)
    reviewing.edit_highlights(edition=edition, lines=LINES, by=other)
    reviewing.submit(edition=edition, by=publisher)
    for author in (publisher, other, user_in_role(Role.REPORT_RECIPIENT)):
        with pytest.raises(PermissionDenied):
            reviewing.approve(edition=edition, by=author)
    third = user_in_role(Role.PUBLISHER)
    assert reviewing.approve(edition=edition, by=third).approved_by == third.pk
    with pytest.raises(IntegrityError, match="edition_approved_by_another"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(approved_by=publisher.pk)


def test_nobody_who_ever_edited_approves_not_only_the_last(publisher: User) -> None:
    """What the first one wrote may stand there still, also after the edition was sent back."""
    first, last = user_in_role(Role.PUBLISHER), user_in_role(Role.PUBLISHER)
    edition = InReviewEditionFactory.create(made_by=publisher.pk)
    reviewing.edit_highlights(edition=edition, lines=LINES, by=first)
    reviewing.send_back(edition=edition, reason="Say it shorter.", by=publisher)
    edited = reviewing.edit_highlights(edition=edition, lines=LINES[::-1], by=last)
    assert (set(edited.editors), edited.edited_by) == ({first.pk, last.pk}, last.pk)
    reviewing.submit(edition=edition, by=publisher)
    for editor in (first, last):
        with pytest.raises(PermissionDenied, match="Ask another publisher"):
            reviewing.approve(edition=edition, by=editor)
    approved = reviewing.approve(edition=edition, by=user_in_role(Role.PUBLISHER))
    with pytest.raises(IntegrityError, match="edition_approved_by_no_editor"), transaction.atomic():
        Edition.objects.filter(pk=approved.pk).update(approved_by=first.pk)


def test_sent_back_with_a_reason_the_approval_is_gone(publisher: User) -> None:
    edition = ApprovedEditionFactory.create()
    with pytest.raises(ValidationError):
        reviewing.send_back(edition=edition, reason=" ", by=publisher)
    back = reviewing.send_back(edition=edition, reason="A district is missing.", by=publisher)
    assert (back.status, back.approved_by, back.send_back_reason) == ("draft", None, "A district is missing.")
    assert AuditEvent.objects.get(action="send_back").reason == "A district is missing."


def test_edited_highlights_stand_in_every_file_and_the_drafted_ones_beside_them(publisher: User) -> None:
    edition = InReviewEditionFactory.create()
    drafted = list(edition.drafted_highlights)
    reviewing.edit_highlights(edition=edition, lines=["  ", *LINES, ""], by=publisher)
    reviewing.approve(edition=edition, by=user_in_role(Role.PUBLISHER))
    published = publish(edition=edition, by=publisher, is_mailed=False)
    assert (published.drafted_highlights, published.edited_by) == (drafted, publisher.pk)
    assert published.content["highlights"] == LINES
    files = {file.format: bytes(file.content) for file in published.files.all()}
    assert files.keys() > FORMATS.keys()
    for name in ("json", "html", "text"):
        text = " ".join(files[name].decode().replace("\u00a0", " ").split())
        assert LINES[1] in text, name
        assert drafted[0] not in text, name


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (LINES[:2], "number_of_lines"),
        ([*LINES, *LINES, "More."], "number_of_lines"),
        ([*LINES, "x" * 241], "line_too_long"),
    ],
)
def test_highlights_that_nobody_would_read(lines: list[str], code: str, publisher: User) -> None:
    edition = DraftEditionFactory.create()
    with pytest.raises(ValidationError) as refused:
        reviewing.edit_highlights(edition=edition, lines=lines, by=publisher)
    assert [error.code for error in refused.value.error_dict["lines"]] == [code]


def test_figures_never_change_and_nothing_does_after_approval() -> None:
    draft, approved = DraftEditionFactory.create(local_day=date(2024, 8, 11)), ApprovedEditionFactory.create()
    rows = Edition.objects.filter(pk=draft.pk)
    rows.update(content={**draft.content, "highlights": LINES})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rows.update(content={**draft.content, "key_figures": []})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Edition.objects.filter(pk=approved.pk).update(content={**approved.content, "highlights": LINES})


@pytest.mark.parametrize("line", ["Three people came from Tyotkino.", "“4,321 people” left, he said."])
def test_a_text_for_readers_outside_says_no_number_that_they_are_not_told(line: str, publisher: User) -> None:
    """The control: those who read exact reports may be told anything."""
    internal = DraftEditionFactory.create()
    reviewing.edit_highlights(edition=internal, lines=[line, *LINES[1:]], by=publisher)
    for audience in ("partners", "public"):
        edition = DraftEditionFactory.create(audience=audience)
        with pytest.raises(ValidationError) as refused:
            reviewing.edit_highlights(edition=edition, lines=[line, *LINES[1:]], by=publisher)
        [error] = refused.value.error_dict["lines"]
        assert error.code in ("number_not_shown", "not_claimed")
        assert line.split()[0].strip("“") in str(error.messages[0])
        kept = [edition.drafted_highlights[0], *LINES[1:]]
        reviewing.edit_highlights(edition=edition, lines=kept, by=publisher)


def test_an_erratum_for_readers_outside_says_no_number_that_they_are_not_told(publisher: User) -> None:
    erratum = ErratumFactory.create(edition=PublishedEditionFactory.create(audience="public"))
    with pytest.raises(ValidationError) as refused:
        propose(erratum=erratum, reason="It was 3 people, not more.", by=publisher)
    assert [error.code for error in refused.value.error_dict["reason"]] == ["number_not_shown"]
    assert propose(erratum=erratum, reason="The governor took his number back.", by=publisher).reason
