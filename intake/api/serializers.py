"""What the API shows of lists that are sent in, and what it takes."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.fields import OrganisationField
from core.api.fields import CodeField, ShortListField, TextField
from core.api.serializers import InputSerializer, RowSerializer
from intake.kinds.registry import KINDS
from intake.meanings import MOST_COLUMNS
from intake.models.batch import BatchState
from regions.api.fields import RegionField

MOST_ROWS_LEFT_OUT = 10_000


class BatchOutput(RowSerializer):
    """A list that was sent in. Nothing of it is in the register before it is accepted."""

    id = serializers.UUIDField()
    organisation = serializers.CharField(source="organisation.short_name")
    kind = serializers.CharField()
    file_name = serializers.CharField(source="name")
    size = serializers.IntegerField(help_text="Bytes.")
    registered_in = serializers.CharField(source="registered_in.key")
    state = serializers.ChoiceField(choices=BatchState.values)
    progress = serializers.IntegerField(help_text="Rows read, or written while it is accepted.")
    total = serializers.IntegerField(allow_null=True, help_text="Rows; null while nobody knows.")
    received_at = serializers.DateTimeField()
    received_by = serializers.UUIDField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_by = serializers.UUIDField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.UUIDField(allow_null=True)
    undo_reason = serializers.CharField()
    rows_removed_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Since when the file and its rows are gone: then neither the refused rows nor an undo can be had.",
    )


class ColumnOutput(RowSerializer):
    """A column of the file and what it is taken for."""

    heading = serializers.CharField()
    field = serializers.CharField(
        help_text="Name of the field, a guess while `state` is `needs_mapping`; empty: left out."
    )


class CountedOutput(RowSerializer):
    """How many rows have one finding."""

    code = serializers.CharField()
    severity = serializers.CharField(help_text="`error`: the row is refused; `warning`: taken if you say so.")
    detail = serializers.CharField(help_text="A sentence that says what to do.")
    rows = serializers.IntegerField()


class SummaryOutput(RowSerializer):
    """What the check found, and what accepting would write."""

    example = {
        "rows": 412,
        "fine": 397,
        "warned": 9,
        "refused": 6,
        "left_out": 0,
        "known": 12,
        "fine_only": {"households": 140, "people": 397, "movements": 794},
        "with_warnings": {"households": 143, "people": 406, "movements": 812},
        "findings": [
            {
                "code": "unknown_region",
                "severity": "error",
                "detail": "No region has this code or name. Look it up in the list of regions and use its code.",
                "rows": 6,
            }
        ],
    }

    rows = serializers.IntegerField()
    fine = serializers.IntegerField()
    warned = serializers.IntegerField()
    refused = serializers.IntegerField()
    left_out = serializers.IntegerField(help_text="Rows that whoever accepted the list left out.")
    known = serializers.IntegerField(
        help_text="Rows that are in the register already and are not written again."
    )
    fine_only = serializers.DictField(child=serializers.IntegerField())
    with_warnings = serializers.DictField(child=serializers.IntegerField())
    findings = CountedOutput(many=True)


class BatchDetailOutput(BatchOutput):
    """A list with its columns, what the check found, what was written, and why it failed."""

    columns_named = ColumnOutput(many=True)
    summary = SummaryOutput(allow_null=True, help_text="Null before the list is checked.")
    outcome = serializers.DictField(child=serializers.IntegerField(), help_text="What was written, by name.")
    failure = serializers.CharField(help_text="Why the list could not be taken in, as a sentence.")


class FindingOutput(RowSerializer):
    """One thing that was found about one row. It names row and column and never holds the value."""

    id = serializers.IntegerField()
    row = serializers.IntegerField(
        help_text="As your program shows it: the line of a CSV, the row of a sheet."
    )
    column = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.CharField()
    detail = serializers.CharField(source="code", help_text="A sentence that says what to do.")


class FindingPageOutput(serializers.Serializer[Any]):
    """One page of findings in the order of rows; follow `next` and `previous` as they are."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = FindingOutput(many=True)


class BatchInput(InputSerializer):
    """A file as `multipart/form-data`."""

    example: ClassVar[dict[str, Any]] = {"kind": "people", "region": "RU-KRS"}

    file = serializers.FileField(help_text="CSV, XLSX or what else the documentation lists.")
    kind = CodeField(choices=[(name, name) for name in KINDS])
    region = RegionField(help_text="Where the list was taken down.")
    organisation = OrganisationField()
    mapping = TextField(max_length=100, required=False, help_text="Name of a saved mapping of columns.")


class _Columns(serializers.DictField):
    """Headings with fields, no more than a file can have; that is looked at first."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """The columns. Raises ValidationError."""
        if isinstance(data, dict) and len(data) > MOST_COLUMNS:
            raise serializers.ValidationError(_("A list has at most 300 columns."), code="too_many")
        found: dict[str, str] = super().to_internal_value(data)
        return found


class ColumnsInput(InputSerializer):
    """What the columns of the file mean: heading to field. A column that is left out is not taken in."""

    example = {
        "columns": {"Фамилия": "family_name", "Имя": "given_name", "Откуда": "origin"},
        "save_as": "District list",
    }

    columns = _Columns(child=TextField(max_length=60), allow_empty=False)
    day_first = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="How 01/02/2003 is read; null: such dates are refused.",
    )
    save_as = TextField(max_length=100, required=False, help_text="Keep the meaning under this name.")
    replacing = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text="Where another meaning is kept under this name: its version, to replace it. Else `name_taken` tells it.",
    )


class AcceptInput(InputSerializer):
    """Which rows to write. Refused rows are never written."""

    example = {"with_warnings": False, "leaving_out": [17, 18]}

    with_warnings = serializers.BooleanField(help_text="Write rows with a warning too.")
    leaving_out = ShortListField(
        child=serializers.IntegerField(min_value=1, max_value=10_000_000),
        required=False,
        max_length=MOST_ROWS_LEFT_OUT,
        help_text="Numbers of rows that are not to be written.",
    )


class DiscardInput(InputSerializer):
    """Nothing has to be said."""

    example: ClassVar[dict[str, Any]] = {}


class UndoInput(InputSerializer):
    """Why all that the list wrote is taken back."""

    example = {"reason": "The partner sent last week's list."}

    reason = TextField(max_length=300, help_text="Why; others will read it.")
    partly = serializers.BooleanField(
        required=False, help_text="Keep what was changed since, and take back the rest."
    )
