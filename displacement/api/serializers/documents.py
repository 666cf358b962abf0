"""What the API shows of identity documents, and what it takes."""

from typing import Any

from rest_framework import serializers

from core.api.fields import CodeField, SealedTextField, TextField
from core.api.serializers import FactOutput, InputSerializer
from displacement.actions.documents import NewDocument
from displacement.models import IdentityDocument
from displacement.models.document import DocumentKind

MOST_DOCUMENTS = 20


class DocumentOutput(FactOutput):
    """A document that somebody showed. Clients need the scope `documents:read` for it."""

    resource = "displacement.identitydocument"

    kind = serializers.CharField()
    country = serializers.CharField(help_text="Who issued it, by ISO 3166; blank: not known.")
    number = SealedTextField(
        IdentityDocument,
        "number",
        help_text="Whole for a partner's system; in a session of the desk its end, such as •••• 47.",
    )
    issued_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)


class DocumentInput(InputSerializer):
    """A document as somebody shows it. Clients need the scope `documents:write` for it."""

    example = {"kind": "passport", "country": "UA", "number": "МР 000001"}

    kind = CodeField(choices=DocumentKind.choices)
    number = TextField(max_length=40, help_text="Series and number as they stand there.")
    country = TextField(max_length=2, required=False, help_text="Who issued it, by ISO 3166, such as UA.")
    issued_on = serializers.DateField(required=False, allow_null=True)
    expires_on = serializers.DateField(required=False, allow_null=True)


def documents_field() -> Any:
    """Documents in a body, as many as one person may show at once."""
    options: dict[str, Any] = {"many": True, "required": False, "max_length": MOST_DOCUMENTS}
    return DocumentInput(**options)


def new_documents(told: list[dict[str, Any]]) -> tuple[NewDocument, ...]:
    """Documents from checked input, as the actions take them."""
    return tuple(NewDocument(**document) for document in told)
