"""What PostgreSQL refuses, said in a sentence. Its own words quote values, which may be names, and reach nobody."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from psycopg import errors

from core.refusals import refusal


@contextmanager
def whole_or_refused(codes: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run the block in one transaction: all of it is saved, or none and a ValidationError says why. Also a decorator.

    `codes` gives a constraint another code than its name. A breach of a rule that has no sentence stays an IntegrityError:
    it is a mistake in the program.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        said = as_refusal(error, codes or {})
        if said is None:
            raise
        raise said from None


def as_refusal(error: IntegrityError, codes: Mapping[str, str]) -> ValidationError | None:
    """The sentence for a rule of the database, at its field where the rule is about one; None for a rule without one."""
    cause = error.__cause__
    if not isinstance(cause, errors.IntegrityError):
        return None
    if isinstance(cause, errors.RestrictViolation):
        return refusal(
            _("Records of this kind are never changed or removed. Record a new one."), code="immutable"
        )
    if isinstance(cause, errors.NotNullViolation):
        field = (cause.diag.column_name or NON_FIELD_ERRORS).removesuffix("_id")
        return refusal(_("This is needed. Fill it in."), code="required", field=field)
    name = cause.diag.constraint_name or ""
    constraint = _constraints().get(name)
    if constraint is not None:
        return refusal(
            str(constraint.get_violation_error_message()),
            code=codes.get(name) or constraint.violation_error_code or name,
            field=_field(constraint),
        )
    if isinstance(cause, errors.ForeignKeyViolation):
        return refusal(
            _("A record that this one names is gone. Reload the page and choose again."), code="gone"
        )
    return None


@cache
def _constraints() -> dict[str, models.BaseConstraint]:
    """Every constraint that a model declares, by its name in the database."""
    return {rule.name: rule for model in apps.get_models() for rule in model._meta.constraints}


def _field(constraint: models.BaseConstraint) -> str:
    """The one field that a rule is about; a rule over several fields speaks of the record as a whole."""
    if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
        return constraint.fields[-1]
    return NON_FIELD_ERRORS
