"""How somebody takes a list in on the desk, with what workers do called in turn."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from intake.accepting import write
from intake.models import Batch
from intake.staging import stage
from tests.desk.pages import act_url, add_url
from tests.factories.regions import region


def take_in(desk: Client, kind: str, content: bytes, name: str, **meant: str) -> Batch:
    """Send the file, agree with the guess at its columns but for `meant` (heading to field), have the rows checked."""
    form = {
        "kind": kind,
        "registered_in": region("RU-KRS-KURSK").pk,
        "file": SimpleUploadedFile(name, content),
    }
    assert desk.post(add_url(Batch), form).status_code == 302
    return name_columns(desk, Batch.objects.latest("id"), **meant)


def name_columns(desk: Client, batch: Batch, **meant: str) -> Batch:
    """Agree with the guess at the columns of a batch that is here, and have its rows checked."""
    page = desk.get(act_url(batch, "columns")).context["form"]
    offered = {
        name: meant.get(column, page.fields[name].initial or "") for name, column in page.names.items()
    }
    answer = desk.post(act_url(batch, "columns"), {**offered, "day_first": "", "save_as": ""})
    assert answer.status_code == 302, answer.context["form"].errors
    stage(batch.pk)
    batch.refresh_from_db()
    return batch


def accept(desk: Client, batch: Batch, which: str = "fine") -> Batch:
    """Accept what is fine, or `warnings` too, and have it written."""
    answer = desk.post(act_url(batch, "accept"), {"which": which, "leaving_out": ""})
    assert answer.status_code == 302, answer.context["form"].errors
    write(batch.pk)
    batch.refresh_from_db()
    return batch
