"""Forms of KoboToolbox and ODK over the API: which there are, and the address to which their servers send submissions."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ScopedViewSet
from accounts.authentication import ClientAuthentication, FormServerAuthentication
from core.api.faults import NotNow
from core.api.filters import refuse_unknown
from core.api.serializers import RowSerializer
from intake.actions.submissions import InboxFull, take
from intake.models import KoboForm


class KoboFormOutput(RowSerializer):
    """A form that registers families."""

    id = serializers.UUIDField()
    organisation = serializers.CharField(source="organisation.short_name")
    name = serializers.CharField()
    registered_in = serializers.CharField(source="registered_in.key")
    pulled_through = serializers.IntegerField(
        allow_null=True, help_text="The highest number of a submission that was pulled from the server."
    )


class SubmissionOutput(RowSerializer):
    """That a submission is kept. It is in no register before a person has accepted its batch."""

    id = serializers.UUIDField()
    instance = serializers.CharField(help_text="The submission's own id, without `uuid:`.")
    received_at = serializers.DateTimeField()


_EXAMPLE = {
    "_id": 71,
    "_uuid": "0f6b1c0e-33c4-4f5e-9d3c-0a7f3a8a4a11",
    "meta/instanceID": "uuid:0f6b1c0e-33c4-4f5e-9d3c-0a7f3a8a4a11",
    "_submission_time": "2024-08-08T10:00:00",
    "household/phone": "+7 900 000 00 01",
    "household/people": [{"household/people/given_name": "Анна", "household/people/age": 34}],
}


class KoboFormViewSet(ScopedViewSet):
    """Forms, and the inbox of their submissions."""

    resource = "intake.koboform"
    by_themselves = frozenset({"submissions"})
    model = KoboForm
    output = KoboFormOutput
    reach = {"region": "registered_in"}

    @extend_schema(
        request={"application/json": OpenApiTypes.OBJECT},
        responses={202: SubmissionOutput},
        examples=[OpenApiExample("A submission as KoboToolbox sends it", value=_EXAMPLE, request_only=True)],
    )
    @action(
        detail=True,
        methods=["post"],
        authentication_classes=[FormServerAuthentication, ClientAuthentication, SessionAuthentication],
    )
    def submissions(self, request: Request, pk: str) -> Response:
        """Keep one submission (the REST service of a form). Sent twice it is kept once, and the answer is the same.

        Nothing is read from it yet, so that the answer is quick. 503 says to send it again later.
        """
        refuse_unknown(request, frozenset())
        form = self.one(pk)
        payload: Any = request.data
        if not isinstance(payload, dict):
            raise ParseError(_("Send one submission as a JSON object."))
        try:
            kept = take(form=form, payload=payload, by=self.user)
        except InboxFull as error:
            raise NotNow(
                _("Too many submissions of this form wait to be looked at. Send this one again later.")
            ) from error
        shown = {"id": kept.pk, "instance": kept.instance, "received_at": kept.received_at}
        return Response(SubmissionOutput.written([shown])[0], status=status.HTTP_202_ACCEPTED)
