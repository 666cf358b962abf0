"""The files of an edition: made once from its frozen content, and kept byte for byte."""

from hashlib import sha256

from django.utils.translation import override

from reports.delivery.message import Attachment, compose
from reports.delivery.sending import MAIL_FORMAT
from reports.editions.report import SituationReport
from reports.models import Edition, EditionFile
from reports.rendering.encode import from_json
from reports.rendering.mail import mail_parts
from reports.rendering.registry import FORMATS

#: What goes with the mail; everything else is downloaded.
ATTACHED = ("pdf", "xlsx")


def render_files(edition: Edition) -> list[EditionFile]:
    """Every format of the edition and its mail, not saved yet. No query; about two seconds of work.

    The mail is dated when the edition was published, so that must be known by now.
    """
    report = from_json(edition.content)
    with override(edition.language):
        files = [
            _file(edition, name, entry.extension, entry.media_type, entry.render(report))
            for name, entry in FORMATS.items()
        ]
        files.append(_file(edition, MAIL_FORMAT, "eml", "message/rfc822", _mail(edition, report, files)))
    return files


def _mail(edition: Edition, report: SituationReport, files: list[EditionFile]) -> bytes:
    assert edition.published_at is not None
    attached = [
        Attachment(file.file_name, file.media_type, bytes(file.content))
        for file in files
        if file.format in ATTACHED
    ]
    return compose(
        mail_parts(report),
        attached,
        list_name=f"{edition.region.key}.{edition.operation.key}".lower(),
        at=edition.published_at,
        language=edition.language,
    )


def _file(edition: Edition, name: str, extension: str, media_type: str, content: bytes) -> EditionFile:
    return EditionFile(
        edition=edition,
        format=name,
        media_type=media_type,
        file_name=f"situation-report-{edition.region.key}-{edition.local_day}.{extension}",
        sha256=sha256(content).hexdigest(),
        content=content,
    )
