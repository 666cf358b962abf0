"""Reading JSON strictly, where what two programs could read differently is refused; and forms with a file."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from core.api.faults import BodyTooLarge
from core.strict_json import NotStrict, loads

MOST_BYTES = 1024 * 1024
DEEPEST = 16
#: What a form holds beside its file.
_FORM_BYTES = 64 * 1024


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 (a byte order mark is accepted), at most 1 MB, without doubled keys, NaN, or endless nesting."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value that the body holds. Raises ParseError or BodyTooLarge."""
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise BodyTooLarge
        try:
            return loads(raw, deepest=DEEPEST)
        except NotStrict as error:
            raise ParseError(str(error)) from error


class FileParser(MultiPartParser):
    """A form with a file (`multipart/form-data`), refused unread where it is larger than a file may be."""

    most_bytes = 10 * MOST_BYTES

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The fields and the file; what is large lies on the disk meanwhile. Raises ParseError or BodyTooLarge."""
        request = (parser_context or {})["request"]
        told = str(request.META.get("CONTENT_LENGTH") or 0)
        # Without a length nothing is read, and the file is missed by name.
        if told.isdigit() and int(told) > self.most_bytes + _FORM_BYTES:
            words = _("The file is too large: at most %(most)d MB. Send it in parts.")
            raise BodyTooLarge(words % {"most": self.most_bytes // MOST_BYTES})
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError as error:
            raise ParseError(_("The form cannot be read. Send it as multipart/form-data.")) from error
