"""Opening a shelter, and saying what it offers from now on."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin import ActingForm
from core.admin import ActForm, MomentField, RecordField
from shelters.actions import sites
from shelters.actions.sites import NewState
from shelters.models import Shelter
from shelters.models.shelter import CoverType, Phase, SiteType

YES_NO = forms.NullBooleanField
STATE = (
    "phase",
    "places_announced",
    "places_set_up",
    "places_open",
    "places_blocked",
    "blocked_reason",
    "floor_area_m2",
    "toilets",
    "water_litres_per_day",
)
_STATE_ROWS: list[Any] = [
    "phase",
    ("places_announced", "places_set_up", "places_open"),
    ("places_blocked", "blocked_reason"),
    ("floor_area_m2", "toilets", "water_litres_per_day"),
]


def _places(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, required=False)


class StateForm(ActForm):
    """Says what the shelter offers from a moment on."""

    explanation = _(
        "Announced, set up, open and blocked are four numbers. A blank is not reported, and never zero."
    )
    done = _("The state is recorded.")
    phase = forms.ChoiceField(label=_("Phase"), choices=Phase.choices, initial=Phase.OPEN)
    places_announced = _places(_("Places announced"))
    places_set_up = _places(_("Places set up"))
    places_open = _places(_("Places open"))
    places_blocked = forms.IntegerField(label=_("of these blocked"), min_value=0, initial=0)
    blocked_reason = forms.CharField(label=_("Why blocked"), max_length=200, required=False)
    floor_area_m2 = _places(_("Covered floor area, m²"))
    toilets = _places(_("Toilets"))
    water_litres_per_day = _places(_("Water, litres a day"))
    occurred_at = MomentField(label=_("From when"), initial=timezone.now)
    fieldsets: ClassVar[Any] = ((None, {"fields": [*_STATE_ROWS, "occurred_at"]}),)

    def __init__(self, *args: Any, record: Any = None, initial: Any = None, **options: Any) -> None:
        latest = record.states.filter(voided_at=None).order_by("-occurred_at").first() if record else None
        stored = {name: getattr(latest, name) for name in STATE} if latest else {}
        super().__init__(*args, record=record, initial={**stored, **(initial or {})}, **options)

    def perform(self) -> Model:
        """Record it and go back to the shelter."""
        sites.change_state(shelter=self.record, by=self.by, **self.cleaned_data)
        return Shelter.objects.get(pk=self.record.pk)


class OpenSiteForm(ActingForm, StateForm):
    """Enters a new site with its first state."""

    acting_as = ("shelters.shelter", "add")
    placed_by = "region"
    done = _("The shelter is entered.")
    name = forms.CharField(label=_("Name"), max_length=200)
    region = RecordField(Shelter.region)
    site_type = forms.ChoiceField(label=_("Type of site"), choices=SiteType.choices, initial=SiteType.OTHER)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    is_step_free = YES_NO(label=_("Step-free"), required=False)
    fieldsets = (
        (None, {"fields": ["organisation", ("name", "region"), ("site_type", "is_step_free"), "address"]}),
        (_("What it offers"), {"fields": [*_STATE_ROWS, "occurred_at"]}),
    )

    def perform(self) -> Model:
        """Enter it."""
        offered = NewState(**{name: self.cleaned_data[name] for name in STATE})
        told = {n: value for n, value in self.cleaned_data.items() if n != "organisation" and n not in STATE}
        return sites.open_site(organisation=self.organisation, by=self.by, state=offered, **told)


class ProtectedPlacesForm(ActForm):
    """Says how many places are protected, by what."""

    explanation = _("Behind two walls is a last resort and is not counted as protected.")
    done = _("The protected places are recorded.")
    cover = forms.ChoiceField(label=_("Kind of cover"), choices=CoverType.choices)
    places = forms.IntegerField(label=_("Places"), min_value=0)
    exits = _places(_("Exits"))
    minutes_to_reach = _places(_("Minutes to reach"))
    is_step_free = YES_NO(label=_("Step-free"), required=False)
    is_usable_overnight = YES_NO(label=_("Usable overnight"), required=False)
    occurred_at = MomentField(label=_("From when"), initial=timezone.now)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("cover", "places"),
                    ("exits", "minutes_to_reach"),
                    ("is_step_free", "is_usable_overnight"),
                    "occurred_at",
                ]
            },
        ),
    )

    def perform(self) -> Model:
        """Record them and go back to the shelter."""
        sites.add_protected_places(shelter=self.record, by=self.by, **self.cleaned_data)
        return Shelter.objects.get(pk=self.record.pk)
