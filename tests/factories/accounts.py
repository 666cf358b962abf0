"""Organisations, and users in every role."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import Membership, Organisation, User
from accounts.models.organisation import OrganisationKind
from accounts.policy import Role, Scope
from regions.models import Region

#: The name of somebody who has every role, as nobody has outside of tests.
ALMIGHTY = "almighty"


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """An invented NGO."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Helping Hands {n}")
    short_name = factory.Sequence(lambda n: f"HH{n}")
    kind = OrganisationKind.NGO

    @factory.post_generation
    def _joined_by_the_almighty(organisation: Organisation, create: bool, _given: object) -> None:
        """Whoever does everything in a test does it for this organisation too."""
        if create:
            for user in User.objects.filter(username__startswith=ALMIGHTY):
                _join(user, organisation)


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


def almighty(**fields: object) -> User:
    """Somebody in every role of every organisation, for tests of something else than access."""
    user: User = UserFactory.create(username=factory.Sequence(lambda n: f"{ALMIGHTY}{n}"), **fields)
    there = list(Organisation.objects.all())
    for organisation in there:
        _join(user, organisation)
    if not there:
        OrganisationFactory.create()  # which lets the user join

    def scopes() -> tuple[Scope, ...]:
        """Asked again each time, since a test may make organisations after this user."""
        user.forget_scopes()
        return User.scopes(user)

    user.scopes = scopes
    return user


def _join(user: User, organisation: Organisation) -> None:
    Membership.objects.bulk_create(
        [Membership(user=user, organisation=organisation, role=role) for role in Role]
    )


def set_password(user: User, password: str) -> User:
    """Let the user sign in with the password; it costs a real hash, so only tests that sign in ask for it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
