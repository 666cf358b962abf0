"""What a registrar at the door needs beside the form: likely duplicates while typing, and a card to hand over."""

from collections.abc import Callable
from typing import Any

import segno
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from accounts.actions.hinting import hint
from audit.admin import shown_on
from core.admin import DeskAdmin
from core.strict_json import NotStrict, loads
from displacement.actions.birth import birth_from_age
from displacement.admin.born import Born, BornField
from displacement.identity.documents import document_key, former_number_index, number_index
from displacement.identity.identity import Identity
from displacement.identity.lookup import Likely, likely_duplicates
from displacement.identity.words import born_in_words, in_words
from displacement.models import Household, Person
from displacement.models.person import BirthPrecision

#: A row of the form is far smaller; more than this was not typed by a registrar.
_LONGEST_QUESTION = 4_000


class DoorPages(DeskAdmin):
    """The two pages, for the list of households."""

    def get_urls(self) -> list[URLPattern]:
        """Before Django's own, whose last pattern takes everything."""
        likely = path(
            "likely/",
            self.admin_site.admin_view(csrf_protect(self.likely_view)),
            name="displacement_household_likely",
        )
        card = path(
            "<path:object_id>/card/",
            self.admin_site.admin_view(self.card_view),
            name="displacement_household_card",
        )
        return [likely, card, *super().get_urls()]

    def likely_view(self, request: HttpRequest) -> HttpResponse:
        """Whom of the register the person who is being typed may be. Three queries, and one where others may know them.

        Names come in the body of a POST, so that no address and no log holds them. People of other organisations are not
        shown: only that there is a likely match, of who is named and told by something that they know of themselves, and of
        so many persons a day (accounts.actions.hinting); `untold` says that no more are told today.
        """
        if not self.may(request, "add"):
            raise PermissionDenied
        if request.method != "POST" or len(request.body) > _LONGEST_QUESTION:
            return JsonResponse({"detail": _("Send the person as one small JSON object.")}, status=400)
        told = _told(request.body)
        if told is None:
            return JsonResponse({"detail": _("Send the person as one small JSON object.")}, status=400)
        found = likely_duplicates(told)
        theirs = self.admin_site.get_model_admin(Person)
        people = theirs.get_queryset(request).select_related("household__origin")
        shown = people.in_bulk([match.person_id for match in found])
        own = [self._described(match, shown[match.person_id]) for match in found if match.person_id in shown]
        shown_on(request, shown)
        known = self._known_elsewhere(
            request, told, [match for match in found if match.person_id not in shown]
        )
        return JsonResponse({"own": own, "elsewhere": bool(known), "untold": known is None})

    def _known_elsewhere(self, request: HttpRequest, told: Identity, others: list[Likely]) -> bool | None:
        """Whether somebody of others is like them, where enough is told to ask that; None: no more of it is said today."""
        by: Any = request.user
        marks = [str(told.birth_date or ""), told.birth_precision, told.phone, *map(str, told.documents)]
        if not (told.given_name.strip() and told.family_name.strip()):
            return False
        if not (told.birth_date or told.phone.strip() or told.documents):
            return False
        question = "\0".join([told.family_name.casefold(), told.given_name.casefold(), *marks])
        return hint(by=by, kind=self.resource, question=question, is_known=bool(others))

    def _described(self, match: Likely, person: Person) -> dict[str, str]:
        parts = [
            person.full_name,
            born_in_words(person.birth_date, person.birth_precision),
            str(person.household.origin or ""),
            person.number,
        ]
        label = " · ".join(part for part in parts if part)
        url = reverse("admin:displacement_person_change", args=[person.pk])
        return {"label": label, "url": url, "why": ", ".join(in_words(match.levels))}

    def card_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The household's card: its number as text and as a QR code, and the numbers of its people. Four queries.

        A card may be lost. It names no family, no place to sleep and no need: given names only, so that a family knows
        whose number is whose.
        """
        household = self.get_object(request, unquote(object_id))
        if household is None:
            return self.not_found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Card of household %(number)s") % {"number": household.number},
            "opts": self.opts,
            "household": household,
            "people": household.people.filter(voided_at=None, merged_into=None, erased_at=None).order_by(
                "pk"
            ),
            "record_url": self.record_url(household),
            "code": mark_safe(_code(household.number)),  # noqa: S308 - our own drawing of our own number
        }
        return TemplateResponse(request, "desk/card.html", context)

    def next_url(self, request: HttpRequest, done: Any) -> str:
        """After a registration, its card; else as for every act."""
        if (
            request.path == reverse("admin:displacement_household_add")
            and isinstance(done, Household)
            and self.may(request, "view")
        ):
            return reverse("admin:displacement_household_card", args=[done.pk])
        return super().next_url(request, done)


def _code(text: str) -> str:
    """The text as a QR code, drawn in SVG. A quarter of it may be stained and it still reads."""
    return segno.make(text, error="q", micro=False).svg_inline(
        scale=5, border=4, svgclass="qr", lineclass=None
    )


def _told(body: bytes) -> Identity | None:
    """What the page says of the person so far; a birth that is half typed says nothing yet. None: not a question of ours."""
    try:
        told = loads(body, deepest=2)
    except NotStrict:
        return None
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        return None
    names = {name: told.get(name, "")[:200] for name in ("given_name", "patronymic", "family_name")}
    sex = told.get("sex", "")
    return Identity(
        **names,
        **_birth_told(told.get("birth_date", "")),
        sex=sex,
        phone=told.get("phone", "")[:30],
        place=told.get("origin", "")[:40],
        documents=_documents_told(told, number_index),
        former_documents=_documents_told(told, former_number_index),
    )


def _documents_told(told: dict[str, str], index_of: Callable[[str], int | None]) -> tuple[int, ...]:
    index = index_of(told.get("document_number", "")[:40])
    if index is None:
        return ()
    country = told.get("document_country", "").strip().upper()
    return (document_key(told.get("document_kind", ""), country, index),)


def _birth_told(text: str) -> dict[str, Any]:
    try:
        born: Born | None = BornField(required=False).clean(text)
    except ValidationError:
        born = None
    if born is None:
        return {}
    if born.age is not None:
        return {
            "birth_date": birth_from_age(born.age, timezone.localdate()),
            "birth_precision": BirthPrecision.ESTIMATED,
        }
    return {"birth_date": born.birth_date, "birth_precision": born.birth_precision}
