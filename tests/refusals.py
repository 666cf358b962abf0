"""Asking of a refusal what a person needs of it: a sentence, at the field, with a code, and nothing saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

#: The apps whose tables an act may write to.
_APPS = ("audit", "displacement", "shelters")


def codes(error: ValidationError) -> dict[str, list[str | None]]:
    """The codes of a refusal by field; `__all__` is the input as a whole."""
    return {field: [one.code for one in errors] for field, errors in error.error_dict.items()}


def refused(code: str, field: str, act: Callable[..., object], **told: Any) -> str:
    """Do the act, see it refused at the field with the code and nothing saved, and give back the sentence."""
    before = _rows()
    with pytest.raises(ValidationError) as caught:
        act(**told)
    assert _rows() == before, "a refusal left rows behind"
    found = codes(caught.value)
    assert code in found.get(field or NON_FIELD_ERRORS, []), found
    sentence = " ".join(caught.value.message_dict[field or NON_FIELD_ERRORS])
    assert sentence.endswith(".")
    return sentence


def _rows() -> dict[str, int]:
    """How many rows each table holds."""
    return {
        model._meta.label: model._base_manager.count()
        for app in _APPS
        for model in apps.get_app_config(app).get_models()
    }
