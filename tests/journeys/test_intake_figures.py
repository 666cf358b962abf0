"""An HXL file of published numbers, with the traps of real ones: they stand beside our counts and are never added."""

import pytest
from django.utils import timezone

from accounts.policy import Role
from displacement.models import Claim
from reports.figures.count import figures_for
from tests.desk.pages import desk_of, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import ArrivedMovementFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.journeys.taking import accept, take_in
from tests.journeys.week import on

pytestmark = pytest.mark.django_db
FILE = (
    "Weekly figures of the regional headquarters,,,,,,\n"
    "District,Oblast,Date,Source,Killed,Injured,Displaced\n"
    " #adm2 +Code,#ADM1+code,#date+start,#meta+source,#Affected+Killed,#affected +injured,#affected+displaced\n"
    "RU-KRS-SUDZHANSKY,RU-KRS,2024-08-12,Regional HQ,12,N/A,более 9 тыс.\n"
    ",RU-KRS,2024-08-12,Regional HQ,0,121,121000\n"
    ",Atlantis,2024-08-12,Regional HQ,1,,\n"
    "* figures are preliminary and will be revised by the headquarters,,,,,,\n"
).encode()


def test_published_numbers_stand_beside_what_is_counted() -> None:
    kursk_tree()
    RunningOperationFactory.create()
    ArrivedMovementFactory.create()
    desk = desk_of(user_in_role(Role.PUBLISHER))
    batch = take_in(desk, "claims", FILE, "figures.csv")
    assert (batch.counts["fine"], batch.counts["refused"]) == (2, 1)
    accept(desk, batch)
    assert "Written into the register: 5 claims" in words(desk.get(record_url(batch)))
    told = Claim.objects.values_list("region__key", "indicator", "value")
    assert ("RU-KRS", "killed", 0) in told
    assert not told.filter(region__key="RU-KRS-SUDZHANSKY", indicator="injured").exists()  # N/A is no zero
    figures = figures_for(region("RU-KRS"), as_of=on(13, 0), known_at=timezone.now())
    displaced = {str(f.basis): f.value for f in figures if f.indicator == "displaced"}
    assert displaced["registered"] == 1
    assert {f.value for f in figures if f.basis == "claimed" and f.indicator == "evacuated"} <= {
        121_000,
        9_000,
    }
