"""The feed of changes over the API: what a partner's system reads to stay in step."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.api.standing import OwnRowsOnly
from accounts.models import Organisation, User
from core.api.faults import NotInThisWay, bad_parameter
from core.api.filters import refuse_unknown
from core.api.serializers import RowSerializer
from core.api.views import Contract
from exchange import feed
from exchange.cursors import ForgedError, parsed, written
from exchange.kinds import NAMES

PARAMETERS = frozenset({"cursor", "organisation", "page_size"})
USUAL_SIZE, LARGEST_SIZE = 1_000, 10_000


class ChangeOutput(RowSerializer):
    """That a record changed. What of it, its address says to whoever may read it."""

    example = {
        "kind": "person",
        "id": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
        "change": "created",
        "at": "2024-08-08T07:20:00.000000Z",
        "url": "https://musterpoint.example/api/v1/people/01917e2b-5c00-7a3e-9d2f-0242ac120002/",
    }

    kind = serializers.ChoiceField(choices=NAMES)
    id = serializers.UUIDField()
    change = serializers.ChoiceField(
        choices=feed.CHANGES,
        help_text="`changed` also where a part of the record was, such as a need; `merged` also where a merge was taken back.",
    )
    at = serializers.DateTimeField(help_text="When the transaction was committed.")
    url = serializers.URLField(
        help_text="Where the record is read. Nothing is there after `erased`, nor where it left your region."
    )


@extend_schema_serializer(many=False)
class ChangesOutput(RowSerializer):
    """Changes in their order, and the cursor after them."""

    example = {"changes": [ChangeOutput.example], "cursor": "AQGRfi9bAA", "has_more": False}

    changes = ChangeOutput(many=True)
    cursor = serializers.CharField(
        help_text="Send it as `cursor` with the next request; keep it with your data."
    )
    has_more = serializers.BooleanField(
        help_text="Whether there is more to read at once. If not, ask again later."
    )


class ChangeViewSet(OwnRowsOnly, Contract, ViewSet):
    """The feed of changes."""

    resource = "exchange.change"
    more_refusals = (HTTPStatus.GONE,)

    @extend_schema(
        responses=ChangesOutput,
        parameters=[
            OpenApiParameter(
                "cursor",
                OpenApiTypes.STR,
                description="Where you are. Without it the answer holds no changes and the cursor of now: take it first, then"
                " read the lists of records, then go on from it.",
            ),
            OpenApiParameter(
                "organisation",
                OpenApiTypes.STR,
                description="Short name of the organisation, for accounts that work for several.",
            ),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": USUAL_SIZE},
                description="Changes on a page; of records that you may not see only what went to another region is shown.",
            ),
        ],
    )
    def list(self, request: Request) -> Response:
        """Read what was created, changed, voided, merged and erased after a cursor: ids, kinds and times, no contents.

        No change is left out and none comes late, however writers overlap. 410 says that the service was restored from a
        backup: start anew without a cursor.
        """
        refuse_unknown(request, PARAMETERS)
        user = request.user
        assert isinstance(user, User)  # the permission has let only users through
        size, organisation = _size(request), _organisation(request, user)
        given = request.query_params.get("cursor")
        if given is None:
            return Response(_shown([], feed.newest(organisation), has_more=False))
        try:
            place = parsed(given)
        except ForgedError as error:
            words = _("This is no cursor of this feed. Send the last one that you got, as it is.")
            raise bad_parameter("cursor", "bad_cursor", words) from error
        if place.organisation != organisation:
            words = _("This cursor is of another organisation's feed. Send one that this account got.")
            raise bad_parameter("cursor", "bad_cursor", words)
        try:
            page = feed.read(place, user, size=size)
        except feed.RestoredError as error:
            raise NotInThisWay(410, "restored") from error
        return Response(_shown(page.changes, page.place, has_more=page.has_more))


def _shown(changes: list[feed.Change], place: feed.Place, *, has_more: bool) -> dict[str, Any]:
    return {"changes": feed.shown(changes), "cursor": written(place), "has_more": has_more}


def _size(request: Request) -> int:
    given = request.query_params.get("page_size", str(USUAL_SIZE))
    is_number = given.isascii() and given.isdigit() and len(given) <= 6
    if not is_number or not 1 <= int(given) <= LARGEST_SIZE:
        words = _("Ask for 1 to %(largest)d changes a page.") % {"largest": LARGEST_SIZE}
        raise bad_parameter("page_size", "out_of_range", words)
    return int(given)


def _organisation(request: Request, user: User) -> UUID:
    """The one organisation whose feed is read. A feed has an order only within one."""
    theirs = {
        scope.organisation_id
        for scope in user.scopes()
        if scope.organisation_id and scope.reach("exchange.change", "view")
    }
    given = request.query_params.get("organisation")
    if given is not None:
        named = Organisation.objects.filter(pk__in=theirs, short_name=given.replace("\x00", ""))
        found = named.values_list("pk", flat=True).first()
        if found is None:
            words = _("This account works for no organisation of this short name.")
            raise bad_parameter("organisation", "unknown_organisation", words)
        return found
    if len(theirs) != 1:
        words = _("This account works for several organisations: name one by its short name.")
        raise bad_parameter("organisation", "required", words)
    return theirs.pop()
