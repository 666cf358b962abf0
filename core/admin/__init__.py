"""What every page of the desk is made of."""

from core.admin.acts import Act, ActForm, RowsOf, offer
from core.admin.base import DeskAdmin, DeskInline
from core.admin.fields import CountField, DayField, MomentField, ReasonField, RecordField, RecordsField
from core.admin.filters import StandingFilter
from core.admin.masks import MaskedInput
from core.admin.secret_once import ShowsSecretOnce, show_once

__all__ = [
    "Act",
    "ActForm",
    "CountField",
    "DayField",
    "DeskAdmin",
    "DeskInline",
    "MaskedInput",
    "MomentField",
    "ReasonField",
    "RecordField",
    "RecordsField",
    "RowsOf",
    "ShowsSecretOnce",
    "StandingFilter",
    "offer",
    "show_once",
]
