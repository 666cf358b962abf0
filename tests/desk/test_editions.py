"""Reading, publishing, withdrawing and downloading editions."""

import pytest

from accounts.models import User
from accounts.policy import Role
from reports.models import Delivery, Edition, Subscription
from tests.desk.pages import act_url, add_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.reports import (
    ApprovedEditionFactory,
    EditionFileFactory,
    FailedDeliveryFactory,
    ProposedSubscriptionFactory,
    PublishedEditionFactory,
    SubscriptionFactory,
    UnconfirmedSubscriptionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher() -> User:
    """May make and publish reports everywhere."""
    return user_in_role(Role.PUBLISHER)


def test_an_edition_is_made_read_and_published_by_two(publisher: User) -> None:
    operation = RunningOperationFactory.create()
    SubscriptionFactory.create(regions=[region("RU-KRS")])
    desk = desk_of(publisher)
    day = {"operation": operation.pk, "region": region("RU-KRS").pk, "local_day": "2024-08-09"}
    desk.post(add_url(Edition), day)
    edition = Edition.objects.get()
    assert "Read the draft" in words(desk.get(record_url(edition)))
    draft = desk.get(f"/reports/edition/{edition.pk}/file/html/")
    assert (draft.status_code, draft.headers["Content-Type"].split(";")[0]) == (200, "text/html")
    early = desk.post(act_url(edition, "publish"), {}, follow=True)
    assert "cannot be done with the record as it stands" in words(early)
    lines = "121 people left.\nTwo shelters are full.\n\nThree districts are silent."
    desk.post(act_url(edition, "edit"), {"lines": lines})
    page = words(desk.get(record_url(edition)))
    assert "Two shelters are full." in page
    assert edition.drafted_highlights[0] in page, "what was drafted stays beside it"
    desk.post(act_url(edition, "submit"), {})
    own = words(desk.post(act_url(edition, "approve"), {}))
    assert "Nothing was saved" in own, "its author does not approve it"
    other = desk_of(user_in_role(Role.PUBLISHER))
    for act in ("approve", "publish"):
        other.post(act_url(edition, act), {})
    edition.refresh_from_db()
    assert (edition.status, Delivery.objects.count()) == ("published", 1)
    archive = desk.get(list_url(Edition)).content.decode()
    for name in ("text", "json", "html", "pdf", "xlsx", "csv", "hxl"):
        assert f"/reports/edition/{edition.pk}/file/{name}/" in archive


def test_a_day_that_is_not_of_the_operation_is_refused_at_the_field(publisher: User) -> None:
    operation = RunningOperationFactory.create()
    day = {"operation": operation.pk, "region": region("RU-KRS").pk, "local_day": "2023-01-01"}
    page = desk_of(publisher).post(add_url(Edition), day)
    assert "local_day" in page.context["form"].errors
    assert Edition.objects.count() == 0


def test_kept_files_are_given_byte_for_byte_and_run_nothing(publisher: User) -> None:
    edition = PublishedEditionFactory.create()
    kept = EditionFileFactory.create(
        edition=edition, format="html", media_type="text/html", content=b"<h1>kept</h1>"
    )
    EditionFileFactory.create(
        edition=edition, format="pdf", media_type="application/pdf", content=b"%PDF kept"
    )
    desk = desk_of(publisher)
    page = desk.get(f"/reports/edition/{edition.pk}/file/html/")
    assert page.content == bytes(kept.content)
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert "script" not in page.headers["Content-Security-Policy"]
    paper = desk.get(f"/reports/edition/{edition.pk}/file/pdf/")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert desk.get(f"/reports/edition/{edition.pk}/file/exe/").status_code == 404


def test_who_may_not_see_an_edition_gets_none_of_its_files() -> None:
    edition = PublishedEditionFactory.create()
    EditionFileFactory.create(edition=edition, format="html")
    elsewhere = desk_of(user_in_role(Role.PUBLISHER, region=region("UA-59")))
    assert elsewhere.get(f"/reports/edition/{edition.pk}/file/html/").status_code == 404


def test_a_reader_reads_and_does_not_publish() -> None:
    edition = PublishedEditionFactory.create()
    reader = desk_of(user_in_role(Role.AUDITOR))
    assert reader.get(list_url(Edition)).status_code == 200
    assert reader.post(act_url(edition, "withdraw"), {"reason": "no"}).status_code == 403


def test_withdrawing_needs_a_reason(publisher: User) -> None:
    edition = PublishedEditionFactory.create()
    desk = desk_of(publisher)
    desk.post(act_url(edition, "withdraw"), {"reason": ""})
    edition.refresh_from_db()
    assert edition.status == "published"
    desk.post(act_url(edition, "withdraw"), {"reason": "the wrong day"})
    edition.refresh_from_db()
    assert edition.status == "withdrawn"


def test_a_subscription_starts_and_ends(publisher: User) -> None:
    desk = desk_of(publisher)
    sent = {"name": "Anna", "address": "anna@example.org", "regions": [region("RU-KRS").pk]}
    sent |= {"audience": "public", "language": "uk", "formats": "xlsx"}
    desk.post(add_url(Subscription), sent)
    subscription = Subscription.objects.get()
    found = (subscription.audience, subscription.language, subscription.formats)
    assert found == ("public", "uk", "xlsx")
    assert "gets the reports of this region already" in words(desk.post(add_url(Subscription), sent))
    assert "does not approve it" in words(desk.post(act_url(subscription, "approve"), {}))
    desk_of(user_in_role(Role.REGIONAL_COORDINATOR)).post(act_url(subscription, "approve"), {})
    subscription.refresh_from_db()
    assert subscription.state == "unconfirmed"
    assert "approved, not confirmed" in words(desk.get(list_url(Subscription) + "?state=unconfirmed"))
    desk.post(act_url(subscription, "ask"), {})
    assert subscription.confirmations.count() == 2
    desk.post(act_url(subscription, "unsubscribe"), {})
    subscription.refresh_from_db()
    assert subscription.state == "ended"


def test_the_regions_of_a_subscription_are_changed_by_two(publisher: User) -> None:
    row = SubscriptionFactory.create(regions=[region("RU-KRS"), region("RU-ORL")])
    SubscriptionFactory.create(regions=[region("UA-59")])
    desk, other = desk_of(publisher), desk_of(user_in_role(Role.REGIONAL_COORDINATOR))
    for asked in ("?region=RU", "?q=Курск", f"?q={row.name}"):
        page = words(desk.get(list_url(Subscription) + asked))
        assert page.count(row.address) == 1, "each once, however many of its regions are meant"
        assert "Sumy" not in page.split(row.address)[1]
    desk.post(act_url(row, "regions"), {"regions": [region("RU-KRS").pk, region("RU").pk]})
    page = words(other.get(record_url(row)))
    assert "Kursk Oblast, Oryol Oblast" in page, "what stands"
    assert "Russia, Kursk Oblast" in page, "what waits"
    assert "does not approve it" in words(desk.post(act_url(row, "approve"), {}))
    other.post(act_url(row, "approve"), {})
    assert [each.key for each in Subscription.objects.with_regions().get(pk=row.pk).regions] == [
        "RU",
        "RU-KRS",
    ]
    near = desk_of(user_in_role(Role.PUBLISHER, region=region("RU-KRS")))
    assert row.address in words(near.get(list_url(Subscription)))
    assert near.post(act_url(row, "quiet"), {}).status_code == 403
    near.post(act_url(row, "unsubscribe"), {})
    row.refresh_from_db()
    assert row.state == "ended"


def test_a_failed_mail_is_sent_again_by_a_person(publisher: User) -> None:
    delivery = FailedDeliveryFactory.create()
    desk_of(publisher).post(act_url(delivery, "resend"), {})
    delivery.refresh_from_db()
    assert delivery.state == "queued"


def test_the_page_to_publish_shows_who_gets_it_and_who_does_not(publisher: User) -> None:
    edition = ApprovedEditionFactory.create()
    getting = SubscriptionFactory.create()
    above = SubscriptionFactory.create(regions=[region("RU")], formats="none")
    waiting = UnconfirmedSubscriptionFactory.create()
    proposed = ProposedSubscriptionFactory.create()
    page = words(desk_of(publisher).get(act_url(edition, "publish")))
    assert "internal en approved 2 2 PDF and workbook: 1; no file: 1" in page
    for row, said in (
        (getting, "Kursk Oblast yes"),
        (waiting, "Kursk Oblast no: the address is not confirmed"),
        (proposed, "Kursk Oblast no: waits for the approval of another person"),
    ):
        assert f"{row.name} {row.address} {said}" in page
    near = words(
        desk_of(user_in_role(Role.PUBLISHER, region=region("RU-KRS"))).get(act_url(edition, "publish"))
    )
    assert getting.address in near
    assert above.address not in near, "a subscription of a region that is not theirs is counted only"
    assert "1 more is counted above" in near


def test_an_edition_is_mailed_to_oneself_as_a_test() -> None:
    edition = ApprovedEditionFactory.create()
    by = user_in_role(Role.PUBLISHER)
    desk = desk_of(by)
    assert "Mail it to me as a test" in words(desk.get(record_url(edition)))
    assert "address of your own sign-in" in words(desk.get(act_url(edition, "test")))
    page = words(desk.post(act_url(edition, "test"), {}, follow=True))
    assert "on its way to the address of your sign-in" in page
    assert edition.trials.get().asked_by == by.pk
    by.email = ""
    by.save()
    assert "has no e-mail address" in words(desk.post(act_url(edition, "test"), {}))


def test_the_files_of_a_subscription_are_chosen_by_one_person(publisher: User) -> None:
    subscription = SubscriptionFactory.create()
    desk = desk_of(publisher)
    desk.post(act_url(subscription, "formats"), {"formats": "pdf"})
    subscription.refresh_from_db()
    assert subscription.formats == "pdf"
    assert "active" in words(desk.get(list_url(Subscription) + "?formats__exact=pdf"))
