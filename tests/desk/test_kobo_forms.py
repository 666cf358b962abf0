"""Forms on the desk: written down, their address shown, and a batch made of what waits."""

import pytest

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from intake.actions import submissions
from intake.models import Batch, KoboForm
from tests.desk.pages import act_url, add_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.intake import KoboFormFactory
from tests.factories.regions import region
from tests.intake.test_kobo_inbox import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


def test_a_form_is_written_down_and_says_where_submissions_go(registrar: User) -> None:
    sent = {
        "name": "Reception",
        "registered_in": region("RU-KRS-KURSK").pk,
        "server": "",
        "asset": "",
        "mapping": "",
    }
    desk = desk_of(registrar)
    desk.post(add_url(KoboForm), sent)
    form = KoboForm.objects.get()
    assert AuditEvent.objects.filter(action="add", object_id=str(form.pk)).count() == 1
    assert f"/api/v1/kobo-forms/{form.pk}/submissions/" in words(desk.get(record_url(form)))
    assert "already" in words(desk.post(add_url(KoboForm), sent))


def test_what_waits_becomes_a_batch_and_its_page_follows(registrar: User) -> None:
    form = KoboFormFactory.create(organisation=registrar.memberships.get().organisation)
    desk = desk_of(registrar)
    assert desk.get(act_url(form, "gather")).headers["Location"] == record_url(form)
    submissions.take(form=form, payload=submission(1), by=registrar)
    answer = desk.post(act_url(form, "gather"))
    assert answer.headers["Location"] == record_url(Batch.objects.get())


def test_forms_of_another_organisation_are_not_there(registrar: User) -> None:
    form = KoboFormFactory.create()
    desk = desk_of(registrar)
    assert form.name not in words(desk.get(list_url(KoboForm)))
    assert desk.get(record_url(form)).status_code == 404
