"""Opening pages of the desk as somebody, and reading what they say."""

import re
from html import unescape
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User

_TAGS = re.compile(r"<(script|style|template|select)\b.*?</\1>|<[^>]+>", re.DOTALL)


def desk_of(user: User) -> Client:
    """A browser in which the user has signed in."""
    client = Client()
    client.force_login(user)
    return client


def list_url(model: type[Model]) -> str:
    """The list of this kind of record."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def add_url(model: type[Model]) -> str:
    """The page that makes a new one."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def record_url(record: Model) -> str:
    """The record's page."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def act_url(record: Model, act: str) -> str:
    """The page of an act on the record."""
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_act", args=[record.pk, act])


def words(response: Any) -> str:
    """What a reader sees, without markup."""
    return " ".join(unescape(_TAGS.sub(" ", response.content.decode())).split())


def rows(**tables: list[dict[str, Any]]) -> dict[str, object]:
    """The fields that a page sends for its tables of rows."""
    sent: dict[str, object] = {}
    for name, filled in tables.items():
        sent |= {f"{name}-TOTAL_FORMS": len(filled), f"{name}-INITIAL_FORMS": 0}
        for place, row in enumerate(filled):
            sent |= {f"{name}-{place}-{field}": value for field, value in row.items()}
    return sent
