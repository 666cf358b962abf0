"""Columns that come out of the database veiled for whoever is not shown them: the guard behind what pages and answers list.

Which columns these are is said with the role of PostgreSQL at the beginning of a request (accounts.rows), and holds until its
end, whatever the service does meanwhile for everybody. A veiled value writes itself as its mask wherever it is written, and
goes back to the database unchanged. Code that works something out of it, such as an age, asks for it by `unveiled`.
"""

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn

from django.apps import apps
from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

from core.masking import Mask, is_masked, masked

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _CharField = models.CharField[Any, Any]
    _DateField = models.DateField[Any, Any]
    _ForeignKey = models.ForeignKey[Any, Any]
    _Relation = ForwardManyToOneDescriptor[Any]
else:
    _Field, _CharField, _DateField = models.Field, models.CharField, models.DateField
    _ForeignKey, _Relation = models.ForeignKey, ForwardManyToOneDescriptor

#: The mask of each veiled column (`app.model.column`).
Veils = Mapping[str, Mask]
_NONE: Veils = {}
_worn: ContextVar[Veils] = ContextVar("veils", default=_NONE)


def wear(veils: Veils) -> None:
    """Veil these columns and no others from now on, in this thread or task."""
    _worn.set(veils)


def bare() -> None:
    """Veil nothing, as between requests and outside of them."""
    _worn.set(_NONE)


def worn() -> Veils:
    """Which columns are veiled now."""
    return _worn.get()


class Veiled:
    """A value that whoever asks is not shown. It is neither compared with a plain one, nor kept outside of the request."""

    __slots__ = ("_mask", "plain")

    def __init__(self, plain: Callable[[], Any], mask: Mask) -> None:
        """`plain` says what is behind it, for `unveiled`."""
        self.plain, self._mask = plain, mask

    def __str__(self) -> str:
        return masked(self.plain(), self._mask)

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        """Raise TypeError for a plain value: it would be another one, whatever is behind the veil."""
        if isinstance(other, Veiled):
            return bool(self.plain() == other.plain())
        if not other:
            return False
        raise TypeError("What is veiled is compared only when it is unveiled.")

    def over(self, plain: Callable[[], Any]) -> "Veiled":
        """The same veil over something else."""
        return Veiled(plain, self._mask)

    def __hash__(self) -> int:
        return id(self)

    def __reduce__(self) -> NoReturn:
        """Raise TypeError."""
        raise TypeError("What is veiled enters no queue, cache or session.")


def unveiled(value: Any) -> Any:
    """The plain value, veiled or not. Whoever asks for it shows no more of it than its mask, or opens it by an act."""
    return value.plain() if isinstance(value, Veiled) else value


def no_mask(value: Any) -> Any:
    """The value to be saved. Raises TypeError for a mask, which would take its place: somebody wrote out what is veiled."""
    if isinstance(value, str) and is_masked(value):
        raise TypeError("This is a mask, and no value to save.")
    return value


class VeiledField(_Field):
    """What columns that may be veiled have in common."""

    #: Whether code can go on with a value that is veiled, as with a text and not with an object of JSON.
    is_veiling = True

    def mask_worn(self) -> Mask | None:
        """By which mask it is veiled now; None: it is not."""
        veils = _worn.get()
        return veils.get(f"{self.model._meta.label_lower}.{self.name}") if veils else None

    def from_db_value(self, value: Any, *_args: Any) -> Any:
        """Veiled where it is now. A blank says that nothing is known, which is no secret."""
        mask = self.mask_worn()
        return value if mask is None or value in (None, "") else Veiled(lambda: value, mask)

    def to_python(self, value: Any) -> Any:
        """What is veiled is a value already."""
        return value if isinstance(value, Veiled) else super().to_python(value)

    def clean(self, value: Any, model_instance: Any) -> Any:
        """What is veiled was in order when it was saved."""
        return value if isinstance(value, Veiled) else super().clean(value, model_instance)

    def get_prep_value(self, value: Any) -> Any:
        """It goes back as it was."""
        return super().get_prep_value(unveiled(value))


class _Plain(VeiledField):
    """A column of Django's own kind."""

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """As it was, where it is veiled. Raises TypeError for a mask."""
        return super().get_db_prep_save(no_mask(unveiled(value)), connection)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """For migrations: the database has the column of Django's own field."""
        name, _path, args, options = super().deconstruct()
        own = next(each for each in type(self).__mro__ if each.__module__.startswith("django."))
        return name, f"django.db.models.{own.__name__}", args, options


class VeiledDateField(_Plain, _DateField):
    """A date that may be veiled."""


class VeiledCharField(_Plain, _CharField):
    """A short text that may be veiled."""


class _VeiledRelation(_Relation):
    """Leads nowhere where the key is veiled, whether or not the other record was read with it."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        key = None if instance is None else instance.__dict__.get(self.field.attname)
        if not isinstance(key, Veiled):
            return super().__get__(instance, cls)

        def other() -> Any:
            known = self.field.get_cached_value(instance, default=None)
            return known or self.get_queryset(instance=instance).get(pk=key.plain())

        return key.over(other)


class VeiledForeignKey(_Plain, _ForeignKey):
    """Another record, of which may be veiled which one it is."""

    forward_related_accessor_class = _VeiledRelation


def is_veiling(convert: Any) -> bool:
    """Whether a converter of the ORM veils values and does nothing else to them."""
    return getattr(convert, "__func__", None) is VeiledField.from_db_value


def veiling() -> Iterable[VeiledField]:
    """All columns that may be veiled."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, VeiledField) and field.is_veiling:
                yield field
