"""Organisations, and users in every role."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import Membership, Organisation, User
from accounts.models.organisation import OrganisationKind
from accounts.policy import Role
from regions.models import Region


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """An invented NGO."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Helping Hands {n}")
    short_name = factory.Sequence(lambda n: f"HH{n}")
    kind = OrganisationKind.NGO


class UserFactory(DjangoModelFactory[User]):
    """Somebody who can sign in, yet has no membership and so sees nothing."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = "!"
    is_staff = True


class MembershipFactory(DjangoModelFactory[Membership]):
    """A registrar everywhere."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.REGISTRAR
    region = None


def user_in_role(
    role: Role, *, organisation: Organisation | None = None, region: Region | None = None, **fields: object
) -> User:
    """A user with one membership; without a region it reaches everywhere, without an organisation it is a new one's."""
    user = UserFactory.create(**fields)
    MembershipFactory.create(
        user=user, organisation=organisation or OrganisationFactory.create(), role=role, region=region
    )
    return user


def set_password(user: User, password: str) -> User:
    """Let the user sign in with the password; it costs a real hash, so only tests that sign in ask for it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
