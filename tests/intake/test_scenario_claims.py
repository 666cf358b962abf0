"""What was really said, as the scenario keeps it; and the evacuation orders."""

from datetime import date

import pytest
from django.db.models import Count, F

from displacement.models import Claim, ClaimLink, Source
from displacement.models.claim import ClaimIndicator, ClaimKind, ClaimQualifier, ClaimUnit
from intake.scenarios.kursk_2024.days import local
from intake.scenarios.kursk_2024.names import read
from regions.models import AreaStatus
from regions.models.area_status import AreaCondition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scenario")]


def test_every_line_of_the_file_is_one_claim_word_for_word() -> None:
    rows = list(read("claims.csv"))
    assert Claim.objects.count() == len(rows) == 42
    for row in rows:
        claim = Claim.objects.get(
            region__key=row["region_code"],
            source__name=row["source_name"],
            indicator=row["indicator"],
            kind=row["kind"],
            unit=row["unit"],
            qualifier=row["qualifier"],
            value=row["value"],
            as_of=local(date.fromisoformat(row["as_of"])),
            scope=row["population_scope"],
            note=row["note"],
        )
        assert claim.children == (int(row["of_which_children"]) if row["of_which_children"] else None)
        assert claim.is_as_of_day


def test_the_file_uses_our_words_alone() -> None:
    for row in read("claims.csv"):
        assert row["indicator"] in ClaimIndicator
        assert row["kind"] in ClaimKind
        assert row["unit"] in ClaimUnit
        assert row["qualifier"] in ClaimQualifier


def test_claims_are_known_only_once_they_were_published() -> None:
    assert not Claim.objects.filter(received_at__lt=F("published_at")).exists()
    late = Claim.objects.get(
        indicator="killed", published_at__date=date(2024, 9, 23), qualifier="at_least", value=31
    )
    assert late.as_of == local(date(2024, 9, 5))
    assert not Claim.objects.known_at(local(date(2024, 9, 23), 9)).contains(late)
    assert Claim.objects.known_at(local(date(2024, 9, 24))).contains(late)


def test_the_claims_of_the_12th_stand_when_its_report_is_due() -> None:
    due = local(date(2024, 8, 13), 6)
    standing = Claim.objects.standing(due).known_at(due).filter(source__name="Acting governor")
    said = {(claim.indicator, claim.qualifier, claim.value) for claim in standing}
    assert said >= {("evacuated", "about", 121_000), ("killed", "at_least", 12), ("injured", "exact", 121)}


def test_no_claim_is_said_to_do_anything_to_another() -> None:
    """The file says so of none, and a link would be our invention."""
    assert not ClaimLink.objects.exists()


def test_governors_of_two_oblasts_are_two_sources() -> None:
    claims = Claim.objects.filter(source__name__startswith="Governor of")
    by_source = dict(claims.values_list("source__name").annotate(n=Count("region", distinct=True)))
    assert by_source == {"Governor of Belgorod oblast": 1, "Governor of Kursk oblast": 1}


def test_no_source_of_a_claim_is_judged_without_ground() -> None:
    assert set(Source.objects.filter(claims__isnull=False).values_list("reliability", flat=True)) == {"F"}
    assert set(Claim.objects.values_list("reliability", "credibility")) == {("F", "6")}


def test_orders_of_evacuation_hold_from_their_day() -> None:
    def mandatory(day: int) -> set[str]:
        statuses = AreaStatus.objects.filter(condition=AreaCondition.EVACUATION_MANDATORY)
        keys = statuses.as_of(local(date(2024, 8, day), 23)).values_list("region__key", flat=True)
        return {key.removeprefix("RU-KRS-") for key in keys}

    full = {"SUDZHANSKY", "KORENEVSKY", "BELOVSKY"}
    assert mandatory(6) == set()
    assert mandatory(13) == full
    assert mandatory(14) == {*full, "GLUSHKOVSKY"}
    advised = AreaStatus.objects.filter(condition=AreaCondition.EVACUATION_ADVISED)
    assert set(advised.values_list("region__key", flat=True)) == {
        f"RU-KRS-{name}" for name in ("RYLSKY", "KHOMUTOVSKY", "BOLSHESOLDATSKY", "LGOVSKY")
    }
    # That 28 settlements are out of contact is a claim, and no status of ours.
    assert not AreaStatus.objects.filter(condition=AreaCondition.CONTACT_LOST).exists()
