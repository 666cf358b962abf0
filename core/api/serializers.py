"""Output from rows of one query, with listed fields; input that names every key that it does not know."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.fields import RegistrationNumberField, SealedTextField

Row = dict[str, Any]
#: Keys without a field that are refused by name. What holds more of them is no record of ours.
MOST_UNKNOWN = 20
_Column = tuple[str, str, Callable[[Any], Any] | None]


class RowSerializer(serializers.Serializer[Any]):
    """What is shown of a record, written from a row of `.values()`.

    A field's source is the lookup from the record (`region.key` reads `region__key`). A field that is itself a list or an
    object is not read with the row: the view puts it in, with one query for all rows of a page.
    """

    #: The kind of record (`app.model`) whose columns are shown, where it is not the view's own.
    resource: ClassVar[str] = ""
    #: Fields that show what stands elsewhere, each with its column (`app.model.column`), which the policy is asked about.
    reads: ClassVar[Mapping[str, str]] = {}
    #: Lookups that are read with the row to decide what of it is shown, and are not shown: whoever decides takes them off.
    beside: ClassVar[tuple[str, ...]] = ()
    BESIDE: ClassVar[str] = "beside %s"
    #: The field that names the record and is in every answer; others are left out for who does not see or want them.
    named_by: ClassVar[str] = "id"

    @classmethod
    def columns(cls) -> list[str]:
        """The lookups to ask the database for."""
        shown = [path for _name, path, _convert in cls._plan() if not cls._is_nested(path)]
        return list(dict.fromkeys([*shown, *cls.beside]))

    @classmethod
    def written(cls, rows: Iterable[Row]) -> list[Row]:
        """The rows as they are shown. No query; an order of magnitude cheaper than a serializer per row."""
        paths = [path for _name, path, _convert in cls._read()]
        return cls.written_of(paths, [[row[path] for path in paths] for row in rows])

    @classmethod
    def written_of(cls, lookups: Sequence[str], values: Iterable[Sequence[Any]]) -> list[Row]:
        """As `written`, of rows of `.values_list(*lookups)`, among which are those of all fields."""
        plan = cls._read()
        names = [name for name, _path, _convert in plan]
        places = [lookups.index(path) for _name, path, _convert in plan]
        if places == list(range(len(lookups))):
            written = [dict(zip(names, row, strict=True)) for row in values]
        else:
            written = [
                {name: row[place] for name, place in zip(names, places, strict=True)} for row in values
            ]
        for name, _path, convert in plan:
            if convert is not None:
                for row in written:
                    if row[name] is not None:
                        row[name] = convert(row[name])
        for name, field in cls._declared_fields.items():
            if isinstance(field, SealedTextField):
                for row in written:
                    row[name] = field.opened(row[name], row["id"])
        return written

    def to_representation(self, instance: Row) -> Row:
        """One row, written."""
        return self.written([instance])[0]

    @classmethod
    def _is_nested(cls, name: str) -> bool:
        field = cls._declared_fields.get(name)
        return isinstance(field, (RowSerializer, serializers.ListSerializer, serializers.ListField))

    @classmethod
    def _plan(cls) -> list[_Column]:
        plan: list[_Column] | None = cls.__dict__.get("_columns_planned")
        if plan is None:
            plan = [
                (name, (field.source or name).replace(".", "__"), _converter(field))
                for name, field in cls._declared_fields.items()
            ]
            cls._columns_planned = plan
        return plan

    @classmethod
    def _read(cls) -> list[_Column]:
        """What is read with a row: what it shows, and what stands beside it."""
        return [*cls._plan(), *((cls.BESIDE % lookup, lookup, None) for lookup in cls.beside)]

    _columns_planned: list[_Column]


class FactOutput(RowSerializer):
    """What every dated fact shows: when it was so, when we learned it, and whether it was taken back."""

    id = serializers.UUIDField()
    occurred_at = serializers.DateTimeField(help_text="When it was so.")
    recorded_at = serializers.DateTimeField(help_text="When we learned it.")
    recorded_by = serializers.UUIDField()
    voided_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was taken back; null: it stands."
    )
    voided_by = serializers.UUIDField(allow_null=True)
    void_reason = serializers.CharField()


def nested_shape(field: serializers.Field[Any, Any, Any, Any]) -> type[RowSerializer] | None:
    """What a field shows that is itself a record or a list of them; None for a plain one."""
    inner = field.child if isinstance(field, serializers.ListSerializer) else field
    return type(inner) if isinstance(inner, RowSerializer) else None


def _converter(field: serializers.Field[Any, Any, Any, Any]) -> Callable[[Any], Any] | None:
    """How a field's value is written; None where the renderer writes it as it is, as it does ids, dates and moments."""
    if isinstance(field, serializers.ListSerializer) and isinstance(field.child, RowSerializer):
        return field.child.written
    if isinstance(field, RowSerializer):
        return field.to_representation
    if isinstance(field, serializers.DecimalField):
        return str
    if isinstance(field, RegistrationNumberField):
        return field.to_representation
    return None


def moment(value: datetime) -> str:
    """A moment as every answer writes it: ISO 8601 in UTC."""
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


class InputSerializer(serializers.Serializer[Any]):
    """What a request may send. A key that is not listed is refused by name, so that no word is silently dropped.

    `example` is a body that is accepted, for the documentation; a test sends it through the serializer.
    """

    example: ClassVar[Row]

    def to_internal_value(self, data: Any) -> Any:
        """The values to act on. Raises ValidationError with every fault at its place."""
        if not isinstance(data, dict):
            words = _("Send one JSON object here.")
            raise serializers.ValidationError({"non_field_errors": [words]}, code="not_an_object")
        unknown = self._unknown(data)
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**unknown, **_as_dict(error.detail)}) from error
        if unknown:
            raise serializers.ValidationError(unknown)
        return value

    def _unknown(self, data: dict[str, Any]) -> dict[str, list[serializers.ErrorDetail]]:
        shown = self.context.get("shown_fields", frozenset())
        allowed = ", ".join(self.fields)
        faults = {}
        for key in islice((key for key in data if key not in self.fields), MOST_UNKNOWN):
            if key in shown:
                words, code = (
                    _("This is set by the service and cannot be sent here. Leave it out."),
                    "read_only",
                )
            else:
                words = _("There is no such field here. The fields are: %(allowed)s.") % {"allowed": allowed}
                code = "unknown_field"
            faults[key] = [serializers.ErrorDetail(words, code)]
        return faults


def _as_dict(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}
