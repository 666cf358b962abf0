"""Everything that is encrypted, by where it lies: written anew under the key that encrypts, some at a time, while people work.

Whatever is under that key already is passed over, so that a run which was stopped goes on where it was. What an older key still
holds is counted, since that key may only go when it holds nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from accounts.actions import second_factors
from accounts.models import User
from audit.actions.record import record
from core.encryption import (
    Place,
    begins_with,
    current_key,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    key_of,
)
from core.sealed import SealedField
from displacement.models import TakenOver
from displacement.models.kept_values import sealed_columns, translated
from exchange.models import Endpoint
from intake.content import place_of
from intake.kinds.registry import KINDS
from intake.models import StagedRow
from intake.slots import place_in

#: Rows of one transaction, a fraction of a second.
CHUNK = 1_000
#: The id of the key in a ciphertext, wherever in a text it stands.
_KEY = r"substring({column} from 'mp1\.([a-z0-9-]+)\.')"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of ciphertexts. `column` is its SQL, which may be a place in an array; `place` takes the row's key."""

    model: type[models.Model]
    column: str
    place: Callable[..., Place]
    where: str = "true"

    @property
    def label(self) -> str:
        """As the command says it."""
        return f"{self.model._meta.label_lower} {self.column}"

    @property
    def _keys(self) -> list[tuple[str, str]]:
        """The columns of the primary key, each with its type."""
        fields: list[Any] = list(self.model._meta.pk_fields)
        return [(field.column, field.rel_db_type(connection)) for field in fields]

    def under(self) -> Counter[str]:
        """How many values each key holds. One scan."""
        key = _KEY.format(column=self.column)
        statement = (
            f"SELECT {key}, count(*) FROM {self._table} WHERE {self.column} <> '' AND {self.where} GROUP BY 1"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return Counter({name or "none": count for name, count in cursor.fetchall()})

    def renew(self, by: User) -> Iterator[int]:
        """Write anew what another key holds; how many, chunk by chunk. Each chunk is a transaction with its trace."""
        last: tuple[Any, ...] | None = None
        while True:
            with transaction.atomic():
                found = self._others(last)
                if not found:
                    return
                last = found[-1][:-1]
                self._write(found)
                record("encryption_renewed", by, by=by, detail={self.label: len(found)})
            yield len(found)

    @property
    def _table(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)

    def _others(self, last: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
        """The next rows that another key holds, locked: their keys, then the stored text."""
        keys = ", ".join(name for name, _type in self._keys)
        after = f"AND ({keys}) > ({', '.join('%s' for _key in self._keys)})" if last else ""
        statement = (
            f"SELECT {keys}, {self.column} FROM {self._table} WHERE {self.column} <> '' AND strpos({self.column}, %s) = 0"
            f" AND {self.where} {after} ORDER BY {keys} LIMIT {CHUNK} FOR NO KEY UPDATE"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [begins_with(current_key()), *(last or ())])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        """One statement for all of them."""
        arrays = ", ".join(f"%s::{kind}[]" for _name, kind in self._keys)
        names = ", ".join(name for name, _type in self._keys)
        same = " AND ".join(f"t.{name} = one.{name}" for name, _type in self._keys)
        *keys, texts = zip(*((*row[:-1], self._anew(row)) for row in rows), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self._table} t SET {self.column} = one.sealed"
                f" FROM unnest({arrays}, %s::text[]) one ({names}, sealed) WHERE {same}",
                [*map(list, keys), list(texts)],
            )

    def _anew(self, row: tuple[Any, ...]) -> str:
        """A mark before the ciphertext stays as it is."""
        *key, stored = row
        mark, between, sealed = stored.rpartition(":")
        place = self.place(*key)
        return f"{mark}{between}{encrypt(decrypt(sealed, place), place)}"


def columns() -> list[Sealed]:
    """Every column of ciphertexts: those of models, and what is sealed in the rows of lists."""
    found = [
        Sealed(model, str(field.column), _place_of(model, field))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    ]
    for kind in KINDS.values():
        of_kind = f"batch_id IN (SELECT id FROM intake_batch WHERE kind = '{kind.name}')"
        for field in kind.fields:
            if field.mark:
                slot = f"value[{kind.slots[field.name] + 1}]"
                found.append(Sealed(StagedRow, slot, lambda batch, _number: place_in(batch), of_kind))
    return found


def _place_of(model: type[models.Model], field: SealedField) -> Callable[..., Place]:
    def place(*key: Any) -> Place:
        return Place(model._meta.db_table, ":".join(map(str, key)), str(field.column))

    return place


def renew_parts(by: User) -> Iterator[int]:
    """Parts of files, one megabyte at a time."""
    sign = begins_with(current_key()).encode()
    last = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, batch_id, number, data FROM intake_batchpart WHERE id > %s AND substr(data, 1, %s) <> %s"
                " ORDER BY id LIMIT 1 FOR NO KEY UPDATE",
                [last, len(sign), sign],
            )
            found = cursor.fetchone()
            if found is None:
                return
            last, batch, number, data = found
            place = place_of(batch, number)
            anew = encrypt_bytes(decrypt_bytes(bytes(data), place), place)
            cursor.execute("UPDATE intake_batchpart SET data = %s WHERE id = %s", [anew, last])
            record("encryption_renewed", by, by=by, detail={"intake.batchpart data": 1})
        yield 1


def parts_under() -> Counter[str]:
    """How many parts of files each key holds. One scan of their beginnings."""
    key = _KEY.format(column="encode(substr(data, 1, 25), 'escape')")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, count(*) FROM intake_batchpart GROUP BY 1")
        return Counter({name or "none": count for name, count in cursor.fetchall()})


@transaction.atomic
def renew_taken_over(by: User) -> int:
    """Values that merges took over, which are few: all or none. The trigger that keeps entries as they are rests meanwhile.

    The caller's role must own the tables, as the one that migrates does.
    """
    entries = [entry for entry in TakenOver.objects.order_by("pk") if _keys_in(entry) - {current_key()}]
    if not entries:
        return 0
    with connection.cursor() as cursor:
        # What waits for the commit is done now: a table on which something waits is not altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE displacement_takenover DISABLE TRIGGER taken_over_immutable")
        TakenOver.objects.bulk_update([_sealed_again(entry) for entry in entries], ["old", "new"])
        record("encryption_renewed", by, by=by, detail={"displacement.takenover": len(entries)})
        cursor.execute("ALTER TABLE displacement_takenover ENABLE TRIGGER taken_over_immutable")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return len(entries)


def _keys_in(entry: TakenOver) -> set[str]:
    """The keys that hold something in an entry. It reads what is stored, and opens nothing."""
    columns = sealed_columns(entry)
    texts = [entry.__dict__[name].get(column) for name in ("old", "new") for column in columns]
    return {key_of(text) for text in texts if text}


def _sealed_again(entry: TakenOver) -> TakenOver:
    """The entry with both sealed under the key of now, as a statement over many rows takes them."""
    old, new = (translated(entry, getattr(entry, name), encrypt) for name in ("old", "new"))
    entry.old, entry.new = old, new
    return entry


def others_under() -> Counter[str]:
    """How many values of second factors, webhooks and merges each key holds; they are few and read one by one."""
    texts = [
        factor.data[name]
        for factor in Authenticator.objects.all()
        for name in second_factors.SECRETS
        if name in factor.data
    ]
    texts += [
        text for endpoint in Endpoint.objects.all() for text in (endpoint.secret, endpoint.former_secret)
    ]
    found = Counter(key_of(text) for text in texts if text)
    for entry in TakenOver.objects.all():
        found.update(_keys_in(entry))
    return found


def under() -> Counter[str]:
    """How many values each key holds, in all places."""
    return sum((column.under() for column in columns()), parts_under() + others_under())
