"""Lists of claims: what each source said, kept as it was said, never added and never twice."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from accounts.policy import Role
from displacement.models import Claim, ClaimWithdrawal, Source
from intake.actions import batches
from tests.factories.accounts import user_in_role
from tests.factories.displacement import RetractionFactory
from tests.factories.regions import region
from tests.intake.kinds.driving import accepted, codes, found, known, staged

pytestmark = pytest.mark.django_db
HEAD = (
    "as_of,published_on,region_code,indicator,kind,unit,qualifier,value,of_which_children,population_scope,"
    "source_name,source_type,note\n"
)
ROW = "2024-08-12,2024-08-13,RU-KRS,evacuated,cumulative,individuals,{q},{v},,{scope},Acting governor,governor,\n"


@pytest.fixture
def publisher() -> User:
    """Keeps the ledger of claims, everywhere."""
    region("RU-KRS-SUDZHANSKY")
    return user_in_role(Role.PUBLISHER)


def _numbers() -> set[tuple[object, ...]]:
    return set(Claim.objects.values_list("indicator", "qualifier", "value", "value_min", "value_max"))


def test_a_ledger_is_taken_in_as_it_was_said(publisher: User) -> None:
    text = (
        HEAD
        + ROW.format(q="about", v="121000", scope="left or evacuated")
        + "2024-08-11,2024-08-11,RU-KRS,sheltered,,,,от 180 до 200,,,МЧС,ministry,\n"
        + "2024-08-11,2024-08-11,RU-KRS,погибли,,,,не менее 12,2,,Acting governor,,\n"
    )
    batch = accepted("claims", text, publisher)
    assert found(batch) == []
    assert (batch.outcome, batches.summary(batch).fine_only) == ({"claims": 3}, {"claims": 3})
    assert _numbers() == {
        ("evacuated", "about", 121000, None, None),
        ("sheltered", "range", None, 180, 200),
        ("killed", "at_least", 12, None, None),
    }
    killed = Claim.objects.get(indicator="killed")
    assert (killed.kind, killed.unit, killed.children, killed.is_as_of_day) == (
        "cumulative",
        "individuals",
        2,
        True,
    )
    assert set(Source.objects.values_list("name", "type")) == {
        ("Acting governor", "governor"),
        ("МЧС", "ministry"),
    }


def test_the_same_claim_is_recognised_and_another_number_asked_about(publisher: User) -> None:
    accepted("claims", HEAD + ROW.format(q="about", v="121000", scope=""), publisher)
    text = (
        HEAD
        + ROW.format(q="about", v="121 000", scope="")
        + ROW.format(q="more_than", v="121000", scope="")
        + ROW.format(q="about", v="5", scope="border districts")
        + ROW.format(q="about", v="5", scope="border districts")
    ).replace("121 000", '"121 000"')
    batch = staged("claims", text, publisher)
    assert known(batch) == 1
    assert codes(batch) == {3: {"says_otherwise"}, 5: {"said_twice"}}


def test_a_wide_hxl_file_makes_a_claim_of_each_column(publisher: User) -> None:
    text = (
        "Weekly figures of the regional HQ,,,,,,\n"
        "District,Oblast,Date,Source,Killed,Injured,Displaced\n"
        " #adm2 +Code,#ADM1+code,#date+start,#meta+source,#Affected+Killed,#affected +injured,#affected+displaced\n"
        "RU-KRS-SUDZHANSKY,RU-KRS,2024-08-12,Regional HQ,12,N/A,более 9 тыс.\n"
        ",RU-KRS,2024-08-12,Regional HQ,0,121,\n"
        "* figures are preliminary and will be revised by the headquarters,,,,,,\n"
    )
    batch = accepted("claims", text, publisher)
    assert found(batch) == []
    told = Claim.objects.values_list("region__key", "indicator", "qualifier", "value")
    assert set(told) == {
        ("RU-KRS-SUDZHANSKY", "killed", "exact", 12),
        ("RU-KRS-SUDZHANSKY", "evacuated", "more_than", 9000),
        ("RU-KRS", "killed", "exact", 0),
        ("RU-KRS", "injured", "exact", 121),
    }
    assert batch.outcome == {"claims": 4}


def test_what_no_ledger_can_hold_is_refused(publisher: User) -> None:
    row = "{as_of},{published},RU-KRS,{indicator},,,,{value},,,Acting governor,,\n"
    told = {"as_of": "2024-08-12", "published": "", "indicator": "killed", "value": "3"}
    rows = [
        {"value": ""}, {"indicator": ""}, {"published": "2024-08-11"}, {"as_of": "2090-01-01"},
        {"value": "NaN"}, {"value": "200-180"}, {"as_of": ""},
    ]  # fmt: skip
    text = HEAD + "".join(row.format(**{**told, **changed}) for changed in rows)
    assert codes(staged("claims", text, publisher)) == {
        2: {"value_needed"}, 3: {"indicator_needed"}, 4: {"published_early"}, 5: {"in_future"},
        6: {"not_a_number", "value_needed"}, 7: {"range_reversed", "value_needed"}, 8: {"required"},
    }  # fmt: skip


def test_what_was_taken_in_by_mistake_is_withdrawn_and_stays_readable(publisher: User) -> None:
    before = timezone.now()
    batch = accepted("claims", HEAD + ROW.format(q="about", v="121000", scope=""), publisher)
    assert batches.undo(batch=batch, by=publisher, reason="wrong file").voided == {"claim": 1}
    claim = Claim.objects.get()
    assert not Claim.objects.standing(timezone.now()).exists()
    assert claim in Claim.objects.standing(before)
    assert ClaimWithdrawal.objects.get().reason == "wrong file"
    again = accepted("claims", HEAD + ROW.format(q="about", v="121000", scope=""), publisher)
    assert Claim.objects.count() == 2
    assert known(again) == 0


def test_claims_that_others_are_linked_with_are_kept(publisher: User) -> None:
    batch = accepted("claims", HEAD + ROW.format(q="about", v="121000", scope=""), publisher)
    RetractionFactory.create(target=Claim.objects.get())
    undone = batches.undo(batch=batch, by=publisher, reason="wrong file", partly=True)
    assert (len(undone.kept), dict(undone.voided)) == (1, {"claim": 0})


def test_who_may_not_write_claims_cannot_send_them() -> None:
    with pytest.raises(PermissionDenied):
        staged("claims", HEAD, user_in_role(Role.REGISTRAR))
