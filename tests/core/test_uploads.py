"""A list on its way in lies in no file that has a name."""

import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import RequestFactory
from pytest_django import Settings

from core.uploads import NamelessUploadHandler

FILE = b"Petrenko,Ivan\n" * 1_000


def _upload(handler: type, folder: Path) -> tuple[bytes, list[Path]]:
    """What the request holds, and which files there are meanwhile."""
    (folder / "sent.csv").write_bytes(FILE)
    with (folder / "sent.csv").open("rb") as file:
        request = RequestFactory().post("/", {"file": file})
    (folder / "sent.csv").unlink()
    request.upload_handlers = [handler(request)]
    upload = request.FILES["file"]
    assert isinstance(upload, UploadedFile)
    there = list(folder.iterdir())
    content = upload.read()
    assert (upload.size, upload.name) == (len(FILE), "sent.csv")
    upload.close()
    return content, there


def test_a_large_upload_has_no_name_and_djangos_own_has(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    assert _upload(NamelessUploadHandler, tmp_path) == (FILE, [])
    assert len(_upload(TemporaryFileUploadHandler, tmp_path)[1]) == 1, "the control"
    assert settings.FILE_UPLOAD_HANDLERS[-1] == "core.uploads.NamelessUploadHandler"
