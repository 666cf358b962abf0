"""The flows: each sends a telephone number and a name of its own, and says that it went as it should."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Organisation, User
from accounts.policy import Role
from audit.actions.voiding import void
from displacement.actions import documents, households
from displacement.actions.merging import merge, unmerge
from displacement.actions.splitting import split
from displacement.models import Household, Person
from exchange.webhooks.sending import send
from intake import staging
from intake.actions import batches, submissions
from intake.models import Batch, KoboForm
from intake.models.batch import BatchState
from intake.tasks import stage_batch
from reports import tasks
from tests.api.conftest import client_of
from tests.audit.trail import seal
from tests.desk.pages import act_url, add_url, desk_of, list_url, record_url, rows
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.exchange import webhook
from tests.factories.intake import KoboFormFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.factories.reports import QueuedDeliveryFactory
from tests.intake.lists import accepted, checked, family, people
from tests.intake.test_kobo_inbox import submission

#: How pages show every number that is planted.
MASK = "•••• 86"


class Flows:
    """All of them, for one organisation. `phones`, `names` and `documents` are what was planted."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        RunningOperationFactory.create()
        kursk_tree()
        self.organisation: Organisation = OrganisationFactory.create()
        self.registrar: User = user_in_role(Role.REGISTRAR, organisation=self.organisation)
        self.desk: Client = desk_of(self.registrar)
        self.desk.raise_request_exception = False
        self.api = client_of(self.registrar)
        self.api.raise_request_exception = False
        self.phones: list[str] = []
        self.names: list[str] = []
        self.documents: list[str] = []

    @property
    def phone(self) -> str:
        """The next number."""
        number = len(self.phones) + 10
        self.phones.append(f"+7 955 731-{number}-86")
        return self.phones[-1]

    @property
    def document(self) -> str:
        """The next number of a document."""
        self.documents.append(f"86415731{len(self.documents) + 10}")
        return self.documents[-1]

    @property
    def name(self) -> str:
        """The next name."""
        number = len(self.names)
        self.names.append(f"Жхцкв{chr(0x430 + number // 30)}{chr(0x430 + number % 30)}щыф")
        return self.names[-1]

    def all(self) -> list[Callable[[], None]]:
        """In the order in which they run."""
        return [getattr(self, name) for name in sorted(dir(self)) if name.startswith("flow_")]

    def _body(self, **changes: Any) -> dict[str, Any]:
        person = {"given_name": "Олена", "family_name": self.name}
        return {"registered_in": "RU-KRS-KURSK", "people": [person], "phone": self.phone, **changes}

    def _form(self, **changes: Any) -> dict[str, Any]:
        person = {"family_name": self.name, "sex": "not_collected", "relationship": "unknown"}
        where = {
            "registered_in": region("RU-KRS-KURSK").pk,
            "origin": region("RU-KRS-SUDZHANSKY").pk,
            "left_at": "2024-08-08T09:00",
            "means": "own",
            "arrived_at": "2024-08-08T21:30",
            "place": "relatives",
            "phone": self.phone,
            "language": "ru",
        }
        return {**where, **rows(people=[person], groups=[]), **changes}

    def _of_list(self, number: str) -> bytes:
        """A family of two, one of whom is refused."""
        told = {"Phone": self.phone, "Family": self.name}
        good, bad = family(number, given=("Ivan",), **told), family(number, given=("Olha",), **told)
        return people(*good, *({**row, "Born": "31.02.1990"} for row in bad))

    def flow_api(self) -> None:
        """Registered, refused, and corrected."""
        url = "/api/v1/households/"
        made = self.api.post(url, self._body(), headers={"Idempotency-Key": "canary"})
        assert made.status_code == 201
        assert self.api.post(url, self._body(people=[])).status_code == 400
        record = f"{url}{made.json()['id']}/"
        change = {"version": 1, "phone": self.phone}
        assert self.api.patch(record, change).status_code == 200
        assert MASK in self.api.get(record).content.decode()
        assert Household.objects.get(pk=made.json()["id"]).phone == self.phones[-1]

    def flow_api_error(self) -> None:
        """An error that nobody foresaw, with everything in its text."""
        body = self._body()
        with patch.object(households, "_write", side_effect=RuntimeError(json.dumps(body))):
            assert self.api.post("/api/v1/households/", body).status_code == 500

    def flow_desk(self) -> None:
        """Registered, opened, refused, looked for while it is typed, and split."""
        assert self.desk.post(add_url(Household), self._form()).status_code == 302
        household = Household.objects.latest("id")
        assert household.phone == self.phones[-1]
        assert MASK in self.desk.get(record_url(household)).content.decode()
        opened = self.desk.post(act_url(household, "reveal"), {"reason": "call"}).content.decode()
        assert self.phones[-1] in opened, opened
        assert self.desk.post(add_url(Household), self._form(registered_in="")).status_code == 200
        typed = json.dumps({"family_name": self.names[-1], "phone": self.phone})
        likely = reverse("admin:displacement_household_likely")
        assert self.desk.post(likely, typed, content_type="application/json").status_code == 200
        leaving = PersonFactory.create(household=household, family_name=self.name)
        split(household=household, people=[leaving], by=self.registrar, phone=self.phone)

    def flow_desk_error(self) -> None:
        """Django's own page for an error."""
        form = self._form()
        with patch.object(households, "_write", side_effect=RuntimeError(str(form))):
            assert self.desk.post(add_url(Household), form).status_code == 500

    def flow_document(self) -> None:
        """Shown at the door and over the API, refused, crashed, opened, looked for, merged and voided."""
        shown = {"document_kind": "tax_number", "document_country": "UA", "document_number": self.document}
        row = {"family_name": self.name, "sex": "not_collected", "relationship": "unknown", **shown}
        self.desk.post(add_url(Household), self._form(**rows(people=[row], groups=[])))
        person = Person.objects.latest("id")
        assert person.documents.get().number == self.documents[-1]
        self.desk.post(
            reverse("admin:displacement_household_likely"), json.dumps(row), content_type="application/json"
        )
        url = f"/api/v1/people/{person.pk}/documents/"
        told = {"kind": "tax_number", "country": "UA"}
        assert self.api.post(url, {**told, "number": self.document}).status_code == 201
        assert self.api.post(url, {**told, "country": "ZZ", "number": self.document}).status_code == 400
        lost = {**told, "number": self.document}
        with patch.object(documents, "_is_recorded", side_effect=RuntimeError(json.dumps(lost))):
            assert self.api.post(url, lost).status_code == 500
        assert (
            self.documents[1]
            in self.desk.post(act_url(person, "reveal"), {"reason": "call"}).content.decode()
        )
        for text in (self.documents[1], self.documents[1][:7], self.document):
            self.desk.get(list_url(Person), {"q": text})
        kept = PersonFactory.create(household=person.household, family_name=self.name)
        merge(kept=kept, merged=person, by=self.registrar)
        void(kept.documents.earliest(), by=self.registrar, reason="of another person")

    def flow_file(self) -> None:
        """A list on the desk, large enough for a temporary file; then one that is accepted, one crashed, one broken."""
        self.settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
        file = SimpleUploadedFile("list.csv", self._of_list("1"))
        form = {"kind": "people", "registered_in": region("RU-KRS-KURSK").pk, "file": file}
        assert self.desk.post(add_url(Batch), form).status_code == 302
        batch = accepted(self._of_list("2"), self.registrar)
        shown = self.desk.get(
            f"{reverse('admin:intake_batch_rows', args=[batch.pk])}?show=all"
        ).content.decode()
        assert self.names[-1] in shown
        assert self.phones[-1] not in shown
        refused = self.desk.get(reverse("admin:intake_batch_refused", args=[batch.pk]))
        assert self.phones[-1] in b"".join(refused).decode()

    def flow_file_crashed(self) -> None:
        """The worker ends in the middle; the next one reads a file that was damaged."""
        batch = self._staging("3")
        with patch.object(staging, "check", side_effect=MemoryError(self.phones[-1])), suppress(MemoryError):
            staging.stage(batch.pk)
        Batch.objects.filter(pk=batch.pk).update(leased_until=None)
        part = batch.parts.get()
        part.data = bytes(part.data)[:-1]
        part.save()
        assert stage_batch.apply(kwargs={"batch_id": str(batch.pk)}).failed()

    def _staging(self, number: str) -> Batch:
        batch = checked(self._of_list(number), self.registrar)
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.STAGING, leased_until=None)
        return batch

    def flow_file_compared(self) -> None:
        """Held against the register in a process of its own."""
        batch = checked(self._of_list("4"), self.registrar)
        call_command("compare_batch", str(batch.pk), stdout=io.StringIO())

    def flow_kobo(self) -> None:
        """Sent by a form's server, gathered, and one that is no submission."""
        form: KoboForm = KoboFormFactory.create(organisation=self.organisation)
        told = {**submission(7), "hh/phone": self.phone, "simserial": self.phone, "note": self.name}
        submissions.take(form=form, payload=told, by=self.registrar)
        batch = submissions.gather(form=form, by=self.registrar)
        columns = {"phone": "phone", "given_name": "given_name", "household": "household"}
        with suppress(Exception):
            batches.map_columns(batch=batch, columns=columns, by=self.registrar)
            staging.stage(batch.pk)
        with suppress(Exception):
            submissions.take(form=form, payload={"hh/phone": self.phone}, by=self.registrar)

    def flow_mail(self) -> None:
        """A report that arrives, and one whose server is not there."""
        sent = QueuedDeliveryFactory.create()
        tasks.deliver(delivery_ids=[str(sent.pk)])
        self.settings.EMAIL_PORT = 1
        other = QueuedDeliveryFactory.create(edition=sent.edition, mail=sent.edition.files.get())
        tasks.deliver.apply(kwargs={"delivery_ids": [str(other.pk)]})

    def flow_merge(self) -> None:
        """With the telephone taken over, and back."""
        kept, merged = (
            PersonFactory.create(
                household=HouseholdFactory.create(organisation=self.organisation, phone=self.phone),
                family_name=self.name,
            )
            for _record in range(2)
        )
        done = merge(kept=kept, merged=merged, by=self.registrar, take={"phone", "family_name"})
        assert Person.objects.get(pk=kept.pk).household.phone == self.phones[-1]
        unmerge(merge=done, by=self.registrar, reason="two people")
        assert Person.objects.get(pk=kept.pk).household.phone == self.phones[-2]

    def flow_search(self) -> None:
        """An exact number, a part of one, a name; and the search for doubles."""
        made = HouseholdFactory.create(organisation=self.organisation, phone=self.phone)
        page = self.desk.get(list_url(Household), {"q": self.phones[-1]}).content.decode()
        assert made.number in page
        part = self.desk.get(list_url(Household), {"q": self.phones[-1][:9]}).content.decode()
        assert made.number not in part
        self.desk.get(list_url(Person), {"q": self.name})
        call_command("find_duplicates", stdout=io.StringIO())

    def flow_sign_in(self) -> None:
        """A number and a name in the fields of the sign-in page, often enough to be stopped."""
        self.settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        for _try in range(12):
            told = {"login": self.phone, "password": self.name}
            assert Client().post(reverse("account_login"), told).status_code in (200, 302, 429)

    def flow_webhook(self) -> None:
        """Told to an address where nobody listens."""
        endpoint, _secret = webhook(self.organisation, "https://hooks.nobody.example/hook")
        household = HouseholdFactory.create(organisation=self.organisation, phone=self.phone)
        PersonFactory.create(household=household, family_name=self.name)
        seal()
        with suppress(Exception):
            send(endpoint.pk)
