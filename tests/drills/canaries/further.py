"""More flows: what leaves by two persons, emergency access, erasures, and canaries where nobody expects a value."""

from contextlib import suppress
from functools import partial
from unittest.mock import patch
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import tasks as access
from accounts.actions.break_glass import break_glass, mend_glass
from accounts.actions.glass_reports import RUNS_OUT, write_due
from accounts.models import IdempotencyKey, User
from accounts.policy import Role
from core.clock import database_now
from displacement.models import Household, Person
from exchange.webhooks.sending import send
from intake.models import KoboForm
from retention.actions import erasures
from roster.actions.downloading import download
from roster.actions.exports import approve, ask, withdraw
from roster.actions.making import make_due
from roster.models import ExportPart, ExportState, PeopleExport
from tests.api.conftest import client_of
from tests.audit.trail import seal
from tests.desk.pages import act_url, desk_of, list_url, record_url
from tests.drills.canaries.flows import Flows
from tests.exchange.receiver import receiving
from tests.factories.accounts import UserFactory, user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.exchange import webhook
from tests.factories.intake import KoboFormFactory
from tests.factories.regions import region
from tests.roster.conftest import asked


class FurtherFlows(Flows):
    """Those of `Flows`, and these."""

    def _family(self) -> Person:
        """Somebody of the organisation with a name and a telephone of their own."""
        household = HouseholdFactory.create(organisation=self.organisation, phone=self.phone)
        made: Person = PersonFactory.create(household=household, family_name=self.name)
        return made

    def _export(self, officer: User) -> PeopleExport:
        columns = ["number", "family_name", "phone"]
        return approve(export=asked(self.organisation, self.registrar, columns=columns), by=officer)

    def flow_export(self) -> None:
        """Made, downloaded, broken off in the middle of the download; without room on the disk; withdrawn while it is made."""
        self._family()
        officer = user_in_role(Role.PROTECTION_OFFICER, organisation=self.organisation)
        export = self._export(officer)
        assert make_due() == 1
        get = partial(download, export=export, by=self.registrar, has_second_factor=True)
        assert self.phones[-1] in b"".join(get()).decode()
        pieces = get()
        withdraw(export=export, reason="Made by mistake.", by=officer)
        assert b"".join(pieces) == b"", "what was withdrawn meanwhile is not there any more"
        export = self._export(officer)
        with patch.object(ExportPart.objects, "create", side_effect=OSError(28, self.phones[-1])):
            assert make_due() == 0
        export.refresh_from_db()
        assert export.state == ExportState.APPROVED
        withdraw(export=export, reason="Nobody needs it now.", by=self.registrar)
        assert make_due() == 0
        with suppress(ValidationError):
            ask(
                organisation=self.organisation,
                region=region("RU-KRS"),
                columns=[self.name, self.phone],
                recipients=self.phone,
                purpose="",
                needed_until=None,
                by=self.registrar,
            )

    def flow_fields(self) -> None:
        """A partner's system that takes names and numbers for names of fields, of parameters, and for ids."""
        person = self._family()
        for user in (self.registrar, user_in_role(Role.PARTNER_SYSTEM, organisation=self.organisation)):
            client = client_of(user)
            for canary in (self.name, self.phone, self.document):
                good = {"household": str(person.household_id), "given_name": "Анна"}
                items = [
                    {**good, canary: 1},
                    {**good, "document": {canary: 1}},
                    {canary: {canary: [canary]}},
                    canary,
                ]
                for _time in range(2):
                    answer = client.post(
                        "/api/v1/people/bulk/",
                        {"items": items},
                        headers={"Idempotency-Key": canary[-5:].encode().hex()},
                    )
                    assert answer.status_code in {207, 403}
                client.post("/api/v1/people/", {canary: canary})
                client.post("/api/v1/households/", {"people": [{canary: canary}], "registered_in": canary})
                client.patch(f"/api/v1/people/{person.pk}/", {canary: canary, "household": canary})
                client.post(
                    "/api/v1/people/", f'{{"{canary}": 1, "{canary}": 1}}', content_type="application/json"
                )
                client.get(
                    "/api/v1/people/", {canary: "1", "fields": canary, "cursor": canary, "sort": canary}
                )
                client.get(f"/api/v1/people/{quote(canary)}/")
                client.get(f"/api/v1/persons/{quote(canary)}")
                client.post("/api/v1/batches/", {"file": canary, canary: canary}, format="multipart")
                client.post(
                    "/api/oauth/token/", {"client_id": canary, "client_secret": canary, "scope": canary}
                )
        assert IdempotencyKey.objects.exists()

    def flow_address(self) -> None:
        """Typed into addresses of the desk."""
        for canary in (self.name, self.phone, self.document):
            self.desk.get(f"/displacement/person/{quote(canary)}/change/")
            self.desk.get(f"/displacement/{quote(canary)}/")
            self.desk.get(list_url(Person), {canary: canary, "_to_field": canary, "o": canary, "p": canary})
            self.desk.post(act_url(self._family().household, "reveal"), {"reason": canary, canary: canary})
            elsewhere = {"referer": f"https://elsewhere.example/displacement/person/?q={canary}"}
            strict = Client(enforce_csrf_checks=True)
            assert (
                strict.post(reverse("account_login"), {}, secure=True, headers=elsewhere).status_code == 403
            )

    def flow_glass(self) -> None:
        """Emergency access: taken with a name in its reason, used, ended, told."""
        person = self._family()
        user_in_role(Role.AUDITOR, organisation=self.organisation)
        keeper = UserFactory.create(is_superuser=True)
        why = f"The mother of {person.family_name} waits."
        glass = break_glass(
            role=Role.REGISTRAR, organisation=self.organisation, region=None, reason=why, by=keeper
        )
        desk = desk_of(keeper)
        opened = desk.post(act_url(person.household, "reveal"), {"reason": "emergency"}).content.decode()
        assert self.phones[-1] in opened
        desk.get(list_url(Person), {"q": person.family_name})
        mend_glass(glass=glass, by=keeper)
        glass.refresh_from_db()
        assert write_due(database_now() + RUNS_OUT) == 1
        access.tell_broken_glasses()
        assert desk.get(record_url(person)).status_code in {403, 404}

    def flow_erasure(self) -> None:
        """Crashed in the middle, then done."""
        person = self._family()
        officer = user_in_role(Role.PROTECTION_OFFICER, organisation=self.organisation)
        asked_for = erasures.ask(subject=person, ground="asked", by=self.registrar)
        with (
            patch.object(erasures, "carry_out", side_effect=RuntimeError(person.family_name)),
            suppress(RuntimeError),
        ):
            erasures.approve(erasure=asked_for, by=officer)
        erasures.approve(erasure=asked_for, by=officer)
        assert Person.objects.get(pk=person.pk).family_name == ""

    def flow_kobo_server(self) -> None:
        """What a form's server sends, with names of fields that are names, and what is no submission."""
        form: KoboForm = KoboFormFactory.create(organisation=self.organisation)
        url = f"/api/v1/kobo-forms/{form.pk}/submissions/"
        for sent in ({self.phone: self.phone}, [self.phone], {"_uuid": "a", "_id": self.name}):
            self.api.post(url, sent)
        self.api.post(url, f'{{"phone": "{self.phone}",', content_type="application/json")

    def flow_webhook_answered(self) -> None:
        """Told to an endpoint that answers with what it holds of the person."""
        household: Household = self._family().household
        with receiving() as receiver:
            endpoint, _secret = webhook(self.organisation, receiver.url)
            name, phone = self.names[-1], self.phones[-1]

            def echo(handler: object) -> None:
                words = f"{name} {phone}".encode()
                handler.send_response_only(422, phone)  # type: ignore[attr-defined]
                handler.send_header("Content-Length", str(len(words)))  # type: ignore[attr-defined]
                handler.send_header("X-Person", phone)  # type: ignore[attr-defined]
                handler.end_headers()  # type: ignore[attr-defined]
                handler.wfile.write(words)  # type: ignore[attr-defined]

            receiver.instead = echo
            Household.objects.filter(pk=household.pk).update(people_declared=3)
            seal()
            send(endpoint.pk, way=receiver.way)
            assert receiver.got
