"""Code lists that several records share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """As registered. Not asked and not answered are answers of their own."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", _("other")
    NOT_COLLECTED = "not_collected", _("not collected")
    NOT_ANSWERED = "not_answered", _("not answered")


class AgeBand(models.TextChoices):
    """Completed years, as common registration forms group them (0-4, 5-11, 12-17, 18-59, 60 and over)."""

    UNDER_5 = "0-4", _("0 to 4")
    FROM_5 = "5-11", _("5 to 11")
    FROM_12 = "12-17", _("12 to 17")
    FROM_18 = "18-59", _("18 to 59")
    FROM_60 = "60+", _("60 and over")
    UNKNOWN = "unknown", _("age not known")


#: First completed year of each band, oldest last.
BAND_STARTS: tuple[tuple[AgeBand, int], ...] = (
    (AgeBand.UNDER_5, 0),
    (AgeBand.FROM_5, 5),
    (AgeBand.FROM_12, 12),
    (AgeBand.FROM_18, 18),
    (AgeBand.FROM_60, 60),
)
#: Bands of children: under 18 completed years (Convention on the Rights of the Child, article 1).
CHILD_BANDS = frozenset({AgeBand.UNDER_5, AgeBand.FROM_5, AgeBand.FROM_12})
