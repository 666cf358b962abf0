"""How search boxes find people: by registration number, by name, or by a whole telephone or document number."""

import re
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.fields import shows
from accounts.visibility import may
from core.admin import DeskAdmin
from core.registration import BadRegistrationNumber, parse_number
from displacement.identity.documents import number_indexes
from displacement.identity.phones import phone_indexes
from displacement.models import IdentityDocument, Person
from regions.admin import RegionSearch

#: What is written of a telephone number and of nothing else that is searched for.
_TELEPHONE = re.compile(r"\+?[\d\s().-]+")


def serial_meant(text: str) -> int | None:
    """The serial if the text is a whole registration number, else None."""
    try:
        return parse_number(text)
    except BadRegistrationNumber:
        return None


def person_meant(text: str, lookup: str) -> Q:
    """Records whose person (`lookup` leads to its id) the text means. Persons are looked up by index, unordered."""
    return Q(**{f"{lookup}__in": Person.objects.matching(text).order_by().values("pk")})


class TelephoneSearch(RegionSearch, DeskAdmin):
    """Finds a whole telephone number, however it is written, for whoever sees telephones; a part of one finds nothing.

    `phone_lookup` leads to the number.
    """

    phone_lookup = "phone"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By telephone where the text is one, and else as ever."""
        text = search_term.strip()
        indexes = phone_indexes(text) if _TELEPHONE.fullmatch(text) and serial_meant(text) is None else []
        if not indexes or not shows(request.user, self.opts.label_lower, self.phone_lookup):
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(**{f"{self.phone_lookup}_index__in": indexes}), False


class DocumentSearch(TelephoneSearch):
    """Finds people by the whole number of a document besides, however it is written, for whoever sees documents.

    Their page of the list notes whom it showed, and that somebody looked where it showed nobody.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By document where one has this number, and else as ever. One query, where the text may be one."""
        indexes = number_indexes(search_term) if serial_meant(search_term) is None else []
        if indexes and may(request.user, "displacement.identitydocument", "view"):
            documents = IdentityDocument.objects.visible_to(request.user).current()
            people = documents.filter(number_index__in=indexes).values_list("person", flat=True)
            if found := list(people):
                return queryset.filter(pk__in=found), False
        return super().get_search_results(request, queryset, search_term)
