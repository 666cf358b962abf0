"""People of one organisation that another's systems may read."""

from collections.abc import Collection
from datetime import timedelta

from accounts.models import Organisation
from accounts.policy import Role
from core.clock import database_now
from displacement.models import Person
from displacement.models.consent import Purpose
from exchange.actions import agreements
from exchange.models import Agreement
from exchange.sharing import shareable_fields
from regions.models import Region
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import GivenConsentFactory, PersonFactory

DAY = timedelta(days=1)


def agreement_of(
    giving: Organisation,
    receiving: Organisation,
    *,
    fields: Collection[str] = (),
    regions: Collection[Region] = (),
    is_accepted: bool = True,
) -> Agreement:
    """Signed and accepted by two people, in force since yesterday and for a day."""
    made = agreements.sign(
        giving=giving,
        receiving=receiving,
        purpose="Finding relatives.",
        fields=fields or shareable_fields(),
        regions=regions,
        valid_from=database_now() - DAY,
        valid_until=database_now() + DAY,
        by=user_in_role(Role.ORGANISATION_ADMIN, organisation=giving),
    )
    if not is_accepted:
        return made
    by = user_in_role(Role.ORGANISATION_ADMIN, organisation=receiving)
    return agreements.accept(agreement=made, by=by)


def consenting(organisation: Organisation, **fields: object) -> Person:
    """Somebody who agreed to be shared with partners."""
    person: Person = PersonFactory.create(household__organisation=organisation, **fields)
    GivenConsentFactory.create(household=person.household, purpose=Purpose.PARTNERS)
    return person


def shared_person(receiving: Organisation) -> Person:
    """Somebody of another organisation, with all fields that can be shared."""
    giving: Organisation = OrganisationFactory.create()
    agreement_of(giving, receiving)
    return consenting(giving)
