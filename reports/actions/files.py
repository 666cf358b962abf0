"""The files of an edition: made once from its frozen content, and kept byte for byte."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.utils.translation import override

from reports.delivery.message import Attachment, as_trial, compose
from reports.delivery.sending import MAIL_FORMAT
from reports.editions.corrections import Correction
from reports.editions.report import SituationReport
from reports.models import Edition, EditionFile, Erratum
from reports.models.edition import Audience
from reports.rendering.encode import from_json
from reports.rendering.erratum import erratum_parts
from reports.rendering.letter import MailParts
from reports.rendering.mail import mail_parts
from reports.rendering.pdf import begin_pdf
from reports.rendering.registry import FORMATS

#: What goes with the mail; everything else is downloaded.
PAPER = "pdf"
ATTACHED = (PAPER, "xlsx")


def render_files(edition: Edition) -> list[EditionFile]:
    """Every format of the edition and its mail, not saved yet. No query; about two seconds of work.

    The mail is dated when the edition was published, so that must be known by now.
    """
    report = from_json(edition.content)
    assert edition.published_at is not None
    with override(edition.language):
        files, parts = _rendered(edition, report, FORMATS)
        mail = _mail(edition, parts, files, at=edition.published_at)
        files.append(_file(edition, MAIL_FORMAT, "eml", "message/rfc822", mail))
    return files


def render_trial(edition: Edition, trial_id: UUID, *, address: str, at: datetime) -> bytes:
    """The mail of an edition as a test to this address: the kept one, or where none is kept yet, one that is made now and
    dated `at`. One query; a second or two of work for a draft."""
    kept = edition.files.filter(format=MAIL_FORMAT).first()
    with override(edition.language):
        if kept is not None:
            return as_trial(bytes(kept.content), trial_id, address=address)
        report = from_json(edition.content)
        attached, parts = _rendered(edition, report, ATTACHED)
        made = _mail(edition, parts, attached, at=at)
        return as_trial(made, trial_id, address=address)


def render_erratum(erratum: Erratum, found: list[Correction]) -> bytes:
    """The letter of an erratum but for its recipient, dated when it was published. No query."""
    assert erratum.published_at is not None
    edition = erratum.edition
    with override(edition.language):
        return compose(
            erratum_parts(from_json(edition.content), found, erratum.reason),
            [],
            list_name=_list_name(edition),
            at=erratum.published_at,
            language=edition.language,
        )


def _list_name(edition: Edition) -> str:
    return f"{edition.region.key}.{edition.operation.key}".lower()


def _rendered(
    edition: Edition, report: SituationReport, names: Iterable[str]
) -> tuple[list[EditionFile], MailParts]:
    """These formats, which have a PDF among them, and the parts of the mail. Paper is set beside all the rest."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        paper = beside.submit(begin_pdf(report))
        made = {name: FORMATS[name].render(report) for name in names if name != PAPER}
        parts = mail_parts(report)
        made[PAPER] = paper.result()
    entries = ((name, FORMATS[name]) for name in names)
    files = [_file(edition, name, entry.extension, entry.media_type, made[name]) for name, entry in entries]
    return files, parts


def _mail(edition: Edition, parts: MailParts, files: list[EditionFile], *, at: datetime) -> bytes:
    attached = [
        Attachment(file.file_name, file.media_type, bytes(file.content))
        for file in files
        if file.format in ATTACHED
    ]
    return compose(
        parts,
        attached,
        list_name=_list_name(edition),
        at=at,
        language=edition.language,
    )


def _file(edition: Edition, name: str, extension: str, media_type: str, content: bytes) -> EditionFile:
    return EditionFile(
        edition=edition,
        format=name,
        media_type=media_type,
        file_name=f"{file_stem(edition)}.{extension}",
        sha256=sha256(content).hexdigest(),
        content=content,
    )


def file_stem(edition: Edition) -> str:
    """What its files are called: audience and language where they are not the usual ones, so that none covers another."""
    more = [edition.audience] * (edition.audience != Audience.INTERNAL) + [edition.language] * (
        edition.language != "en"
    )
    return "-".join(["situation-report", edition.region.key, f"{edition.local_day}", *more])
