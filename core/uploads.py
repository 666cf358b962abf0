"""Files on their way in: what does not fit into memory lies in a file without a name, which is gone with its process."""

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NamelessUploadHandler(FileUploadHandler):
    """Django's own gives such files names, under which a killed process leaves a list of people behind."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one file."""
        super().new_file(*args, **kwargs)
        told = (self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
        self.file: UploadedFile[Any] = UploadedFile(tempfile.TemporaryFile(), *told)  # noqa: SIM115 - the request closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write it down."""
        self.file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        """The file, to be read from its beginning."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Whoever sent it went away."""
        if hasattr(self, "file"):
            self.file.close()
