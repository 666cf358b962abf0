"""Who takes lists in, and who erases people out of them: fixtures for tests that name them."""

import pytest

from accounts.models import User
from accounts.policy import Role
from tests.factories.accounts import user_in_role
from tests.intake.lists import clerk, organisation_of


@pytest.fixture
def by() -> User:
    """Takes lists in, and asks for erasures."""
    return clerk()


@pytest.fixture
def officer(by: User) -> User:
    """Sets holds, and erases."""
    return user_in_role(Role.PROTECTION_OFFICER, organisation=organisation_of(by))
