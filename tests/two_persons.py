"""What two persons of one organisation do to its people: one asks, another answers for it."""

import pytest

from accounts.models import Organisation, User
from accounts.policy import Role
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree


@pytest.fixture
def own() -> Organisation:
    """Whose people they are, in the small tree of regions while the operation runs."""
    RunningOperationFactory.create()
    kursk_tree()
    made: Organisation = OrganisationFactory.create()
    return made


@pytest.fixture
def clerk(own: Organisation) -> User:
    """Asks."""
    return user_in_role(Role.REGISTRAR, organisation=own)


@pytest.fixture
def officer(own: Organisation) -> User:
    """Answers."""
    return user_in_role(Role.PROTECTION_OFFICER, organisation=own)
