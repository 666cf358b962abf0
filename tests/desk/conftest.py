"""Pages without collected static files, which tests read, and the registrar at the desk who works with lists."""

import pytest
from django.test import Client

from accounts.models import Organisation, User
from accounts.policy import Role
from tests.desk.pages import desk_of
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree


@pytest.fixture
def own() -> Organisation:
    """The organisation for which the registrar works."""
    RunningOperationFactory.create()
    kursk_tree()
    organisation: Organisation = OrganisationFactory.create()
    return organisation


@pytest.fixture
def registrar(own: Organisation) -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR, organisation=own)


@pytest.fixture
def desk(registrar: User) -> Client:
    """The registrar's browser."""
    return desk_of(registrar)
