"""In a file are people of households whose answers fit who gets it; how many are not is told, and who gets it is on it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Organisation, User
from audit.models import AuditEvent
from core.clock import database_now
from displacement.actions.consents import answer
from displacement.models import Household
from displacement.models.consent import Purpose
from roster.actions import making
from roster.actions.downloading import download
from roster.actions.exports import approve
from roster.actions.making import make_due
from roster.exporting.writing import Told, read
from roster.exporting.writing import write as real
from roster.models import ASKED, PeopleExport, Recipients
from tests.desk.pages import act_url, desk_of, record_url, words
from tests.factories.accounts import almighty
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.refusals import refused
from tests.roster.conftest import asked
from tests.roster.test_pages import with_second_factor

pytestmark = pytest.mark.django_db
#: What families said, one after the other, by the name by which they are found in the file.
SAID = {
    "Yesenko": [True],
    "Noenko": [False],
    "Unaskenko": [],
    "Lastyesenko": [False, True],
    "Lastnoenko": [True, False],
}
YES, NEVER, NO = {"Yesenko", "Lastyesenko"}, {"Unaskenko"}, {"Noenko", "Lastnoenko"}


def family(own: Organisation, name: str, purpose: str, said: list[bool]) -> Household:
    """Of one, with what they said to this purpose, and the contrary to all others."""
    made: Household = HouseholdFactory.create(organisation=own)
    PersonFactory.create(household=made, family_name=name, recorded_at=database_now())
    for n, is_given in enumerate(said):
        for each in Purpose.values:
            then = database_now() - timedelta(hours=5 - n)
            told = is_given if each == purpose else not is_given
            answer(household=made, purpose=each, is_given=told, by=almighty(), occurred_at=then)
    return made


def made(own: Organisation, clerk: User, officer: User, recipients: str) -> PeopleExport:
    """The file for these recipients."""
    export = approve(export=asked(own, clerk, recipients=recipients), by=officer)
    assert make_due() == 1
    export.refresh_from_db()
    return export


@pytest.mark.parametrize(
    ("recipients", "inside"), [("own", YES | NEVER), ("partners", YES), ("authorities", YES)]
)
def test_who_answered_otherwise_is_left_out_and_counted(
    own: Organisation, clerk: User, officer: User, recipients: str, inside: set[str]
) -> None:
    for name, said in SAID.items():
        family(own, name, ASKED[recipients].purpose, said)
    export = made(own, clerk, officer, recipients)
    file = b"".join(read(export)).decode()
    assert {name for name in SAID if name in file} == inside
    assert (export.people, export.left_out) == (len(inside), len(SAID) - len(inside))
    details = dict(AuditEvent.objects.filter(object_id=export.pk).values_list("action", "detail"))
    assert {detail["recipients"] for detail in details.values()} == {recipients}
    assert details.keys() == {"ask_export", "approve_export", "make_export"}
    assert details["make_export"]["left_out"] == export.left_out


def test_every_recipient_has_a_purpose_of_its_own_and_what_leaves_needs_a_yes() -> None:
    assert ASKED.keys() == set(Recipients.values)
    assert len({each.purpose for each in ASKED.values()}) == len(ASKED)
    assert [who for who, each in ASKED.items() if not each.needs_yes] == [Recipients.OWN]


def test_who_gets_it_has_to_be_said(own: Organisation, clerk: User) -> None:
    for wrong in ("", "everybody"):
        assert refused("not_listed", "recipients", asked, own=own, by=clerk, recipients=wrong)


def test_the_approver_reads_who_gets_it_and_the_file_says_so(
    own: Organisation, clerk: User, officer: User
) -> None:
    for name, said in SAID.items():
        family(own, name, Purpose.AUTHORITIES, said)
    export = asked(own, clerk, recipients="authorities")
    assert "authorities" in words(desk_of(officer).get(record_url(export)))
    assert desk_of(officer).post(act_url(export, "approve")).status_code == 302
    make_due()
    browser = with_second_factor(clerk)
    page = words(browser.get(record_url(export)))
    assert "Left out by what they answered: 3" in page.replace("\n", " ")
    file = browser.get(reverse("admin:roster_peopleexport_file", args=[export.pk]))
    assert "people-for-authorities-" in file["Content-Disposition"]


def test_who_takes_the_answer_back_is_not_downloaded_any_more(
    own: Organisation, clerk: User, officer: User
) -> None:
    inside = family(own, "Yesenko", Purpose.PARTNERS, [True])
    export = made(own, clerk, officer, "partners")
    family(own, "Laterenko", Purpose.PARTNERS, [False])  # who came since is not in it
    answer(household=inside, purpose=Purpose.AUTHORITIES, is_given=False, by=almighty())
    assert list(download(export=export, by=clerk, has_second_factor=True))
    answer(household=inside, purpose=Purpose.PARTNERS, is_given=False, by=almighty())
    assert refused("answers", "", download, export=export, by=clerk, has_second_factor=True)
    with pytest.raises(PermissionDenied):
        download(export=export, by=officer, has_second_factor=True)


@pytest.mark.parametrize("is_known", [True, False])
def test_an_answer_that_is_taken_back_while_the_file_is_made_holds_the_download(
    own: Organisation, clerk: User, officer: User, monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    """COPY read the yes, and the no is older than the moment at which the file was there. The control: so it was taken."""
    inside = family(own, "Yesenko", Purpose.PARTNERS, [True])

    def write(export: PeopleExport) -> Told:
        told = real(export)
        answer(household=inside, purpose=Purpose.PARTNERS, is_given=False, by=almighty())
        return told

    monkeypatch.setattr(making, "write", write)
    export = made(own, clerk, officer, "partners")
    assert "Yesenko" in b"".join(read(export)).decode()
    if is_known:
        assert refused("answers", "", download, export=export, by=clerk, has_second_factor=True)
    else:
        PeopleExport.objects.filter(pk=export.pk).update(begun_at=None)
        assert list(download(export=export, by=clerk, has_second_factor=True))
