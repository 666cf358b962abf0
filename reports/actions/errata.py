"""Errata: finding published editions that used what no longer stands, and telling exactly those who got them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.actions.record import record
from core.clock import database_now
from displacement.models import (
    Casualty,
    ClaimLink,
    ClaimWithdrawal,
    Household,
    HouseholdGroup,
    Movement,
    Person,
)
from displacement.models.claim import ClaimRelation
from reports.actions.checks import check_act, check_may, check_seen
from reports.actions.editions import compute, locked_edition
from reports.actions.releasing import check_words
from reports.delivery.doorbell import ring_sweep
from reports.delivery.outbox import fill_erratum
from reports.editions.corrections import Correction, corrections, without
from reports.editions.report import SituationReport
from reports.models import Edition, Erratum
from reports.models.erratum import ErratumState
from reports.models.workflow import EditionAct
from reports.rendering.encode import correction_from, from_json, to_plain
from shelters.models import Headcount, ShelterState, Stay

#: Editions older than this are history: nobody acts on them any more.
LOOK_BACK = timedelta(days=90)
#: What is committed later than its own time is looked at once more.
OVERLAP = timedelta(minutes=5)
#: By name, since it loads the mail's libraries: web processes that only offer errata must not carry them.
LETTER = "reports.actions.files.render_erratum"
#: Facts that figures count, each with the lookups to the regions in whose figures it counts.
COUNTED: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Movement, ("origin", "destination")),
    (Household, ("origin", "registered_in")),
    (HouseholdGroup, ("household__origin", "household__registered_in")),
    (Person, ("household__origin", "household__registered_in")),
    (Stay, ("shelter__region",)),
    (Headcount, ("shelter__region",)),
    (ShelterState, ("shelter__region",)),
    (Casualty, ("incident__region",)),
)


def find_errata(now: datetime | None = None) -> int:
    """Look through published editions for what they used and no longer stands; answers how many errata are needed anew.

    Where nothing was taken back since the last look: about ten queries. Else about 25 more for each edition that is concerned.
    """
    now = now or database_now()
    editions = list(
        Edition.objects.published()
        .filter(published_at__gt=now - LOOK_BACK)
        .select_related("region")
        .defer("content")
    )
    looked = [edition.checked_at or edition.known_at for edition in editions]
    if not editions or not _is_taken_back(min(looked), None):
        return 0
    found = 0
    for edition, since in zip(editions, looked, strict=True):
        if _is_taken_back(since, edition):
            found += examine(edition, now)
    Edition.objects.filter(pk__in=[edition.pk for edition in editions]).update(checked_at=now - OVERLAP)
    return found


def examine(edition: Edition, now: datetime) -> bool:
    """Compare what the edition says with what is known now; whether an erratum is needed that was not before.

    An erratum that waits to be approved stays as its author wrote it; what came on top is found when it is decided.
    """
    with transaction.atomic():
        locked = locked_edition(edition)
        kept = locked.errata.select_for_update().open().first()
        if kept is not None and kept.state == ErratumState.PROPOSED:
            return False
        wrong = _wrong_in(locked, now)
        if kept is not None and wrong:
            kept.figures = [to_plain(each) for each in wrong]
            kept.save(update_fields=["figures"])
        elif kept is not None:
            kept.delete()
        elif wrong:
            Erratum.objects.create(edition=locked, figures=[to_plain(each) for each in wrong], found_at=now)
        return kept is None and bool(wrong)


def corrections_of(erratum: Erratum) -> list[Correction]:
    """The figures of an erratum. No query."""
    return [correction_from(each) for each in erratum.figures]


def propose(*, erratum: Erratum, reason: str, by: User) -> Erratum:
    """Write what happened, in words for those who got the edition; somebody else has to approve it. Six queries."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say what happened: those who got the report read this first.")})
    with transaction.atomic():
        row = _locked(erratum)
        check_may(by, "change", row.edition.operation, row.edition.region)
        _check_open(row, ErratumState.NEEDED, ErratumState.PROPOSED)
        check_words(row.edition, [reason], field="reason", more=_numbers_of(row))
        row.state, row.reason = ErratumState.PROPOSED, reason.strip()
        row.proposed_at, row.proposed_by = database_now(), by.pk
        row.save(update_fields=["state", "reason", "proposed_at", "proposed_by"])
        record("propose", row, by=by, reason=row.reason, detail={"figures": len(row.figures)})
    return row


def publish_erratum(*, erratum: Erratum, by: User, seen: str | None = None) -> Erratum:
    """Send it to everybody who got the edition, or may have, once each; the edition is corrected from now on.

    `seen` is what the page said of when it was proposed (checks.check_seen): its author may write it anew until then.
    Letter, mails and trace are committed together or not at all. Raises ValidationError for one that is not proposed or was
    decided already, PermissionDenied for its own author and for who may not publish.
    """
    with transaction.atomic():
        row = _locked(erratum)
        if row.state == ErratumState.PUBLISHED:
            return row
        step = check_act(row.edition, EditionAct.CORRECT, by)
        _check_open(row, ErratumState.PROPOSED)
        check_seen(seen, row.proposed_at)
        if row.proposed_by == by.pk:
            raise PermissionDenied(_("Whoever proposed an erratum cannot approve it. Ask another publisher."))
        row.state, row.published_at, row.published_by = ErratumState.PUBLISHED, database_now(), by.pk
        row.mail = import_string(LETTER)(row, corrections_of(row))
        row.save(update_fields=["state", "published_at", "published_by", "mail"])
        row.edition.status = step.next
        row.edition.save(update_fields=["status"])
        queued = fill_erratum(row)
        detail = {"edition": str(row.edition_id), "mails": len(queued), "figures": len(row.figures)}
        record("publish", row, by=by, reason=row.reason, detail=detail)
        if queued:
            transaction.on_commit(ring_sweep, robust=True)
    return row


def dismiss(*, erratum: Erratum, reason: str, by: User) -> Erratum:
    """Decide that readers need not be told, with a reason that is kept. The same figures are not found again. Six queries."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why readers need not be told.")})
    with transaction.atomic():
        row = _locked(erratum)
        check_may(by, "publish", row.edition.operation, row.edition.region)
        _check_open(row, ErratumState.NEEDED, ErratumState.PROPOSED)
        row.state, row.dismiss_reason = ErratumState.DISMISSED, reason.strip()
        row.dismissed_at, row.dismissed_by = database_now(), by.pk
        row.save(update_fields=["state", "dismiss_reason", "dismissed_at", "dismissed_by"])
        record("dismiss", row, by=by, reason=row.dismiss_reason)
    return row


def _numbers_of(erratum: Erratum) -> frozenset[int]:
    """What the erratum tells its readers besides the edition."""
    figures = [figure for each in corrections_of(erratum) for figure in (each.old, each.new) if figure]
    return frozenset(figure.value for figure in figures if figure.value is not None)


def _locked(erratum: Erratum) -> Erratum:
    """Edition first, then erratum: the order in which everybody locks them."""
    edition = locked_edition(erratum.edition)
    row = Erratum.objects.select_for_update(of=("self",)).get(pk=erratum.pk)
    row.edition = edition
    return row


def _check_open(row: Erratum, *states: ErratumState) -> None:
    if row.state not in states:
        words = _(
            "This erratum is %(state)s: this cannot be done with it now. Open it again to see what can."
        )
        raise ValidationError(words % {"state": row.get_state_display()}, code="wrong_state")


def _wrong_in(edition: Edition, now: datetime) -> list[Correction]:
    frozen = from_json(edition.content)
    with override(edition.language):
        taken_back = _claims_taken_back(frozen, edition.known_at)
        is_recounted = _is_voided(edition.known_at, edition)
        if not taken_back and not is_recounted:
            return []
        recounted = compute(edition, known_at=now)
        wrong = corrections(frozen, recounted, taken_back=taken_back, is_recounted=is_recounted)
        return without(wrong, _told(edition))


def _told(edition: Edition) -> Iterator[Correction]:
    """What errata of the edition said already, and what somebody decided not to say."""
    for erratum in edition.errata.filter(state__in=[ErratumState.PUBLISHED, ErratumState.DISMISSED]):
        yield from corrections_of(erratum)


def _claims_taken_back(frozen: SituationReport, since: datetime) -> dict[str, str]:
    """Of the claims that a report quotes, those that no longer stand, with why. Two queries."""
    ids = {UUID(figure.claim) for figure in (*frozen.claims, *frozen.key_figures) if figure.claim}
    words = {
        ClaimRelation.RETRACTS.value: _("Its source took it back."),
        ClaimRelation.CORRECTS.value: _("Its source corrected it."),
    }
    why = {str(link.target_id): words[link.relation] for link in _links_since(since).filter(target__in=ids)}
    mistakes = ClaimWithdrawal.objects.filter(claim__in=ids, recorded_at__gt=since)
    mistaken = _("It was written down by mistake and withdrawn here.")
    return {**why, **{str(pk): mistaken for pk in mistakes.values_list("claim_id", flat=True)}}


def _links_since(since: datetime) -> models.QuerySet[ClaimLink]:
    """Retractions and corrections that became known after the moment and were not themselves withdrawn."""
    later = Q(recorded_at__gt=since) | Q(claim__received_at__gt=since)
    taking = ClaimLink.objects.filter(later, relation__in=[ClaimRelation.RETRACTS, ClaimRelation.CORRECTS])
    return taking.filter(claim__withdrawal=None)


def _is_taken_back(since: datetime, edition: Edition | None) -> bool:
    """Whether anything was taken back after the moment that the edition, or any at all, may have used. Up to ten queries."""
    withdrawn = ClaimWithdrawal.objects.filter(recorded_at__gt=since)
    links = _links_since(since)
    if edition is not None:
        path = edition.region.path
        withdrawn = withdrawn.filter(claim__region__path__startswith=path)
        links = links.filter(target__region__path__startswith=path)
    return withdrawn.exists() or links.exists() or _is_voided(since, edition)


def _is_voided(since: datetime, edition: Edition | None) -> bool:
    """Whether a fact was voided after the moment that the edition had counted."""
    for model, places in COUNTED:
        voided = model._default_manager.filter(voided_at__gt=since)
        if edition is not None:
            where = Q()
            for place in places:
                where |= Q(**{f"{place}__path__startswith": edition.region.path})
            voided = voided.filter(where, recorded_at__lte=edition.known_at, occurred_at__lte=edition.as_of)
        if voided.exists():
            return True
    return False
