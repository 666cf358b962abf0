"""Who acts in a benchmark: somebody in every role, so that the work is timed and not a refusal, or a partner's system."""

from datetime import timedelta

from django.utils import timezone

from accounts.actions.client_asks import approve
from accounts.actions.clients import add_client
from accounts.client_scopes import client_scopes
from accounts.models import ClientToken, Membership, Organisation, User
from accounts.policy import Role
from accounts.signing_in.digests import digest_of, new_token


def partner_token(organisation: Organisation) -> str:
    """A token of a new client of the organisation, which may do all that clients may."""
    keeper, token = User.objects.create(username="keeper"), new_token(None)
    Membership.objects.create(user=keeper, organisation=organisation, role=Role.ORGANISATION_ADMIN)
    client, _secret = add_client(organisation=organisation, name="Bench", scopes=client_scopes(), by=keeper)
    second = User.objects.create(username="second", is_superuser=True)
    client = approve(ask=client.asks.get(), by=second)
    ClientToken.objects.create(
        secret=client.secrets.get(),
        token_checksum=digest_of(token),
        scope=" ".join(client.scopes),
        expires=timezone.now() + timedelta(days=1),
    )
    return token


def almighty(user: User | None = None) -> User:
    """A user in every role that people have, of every organisation by now; read anew, so that nothing is remembered."""
    user = user or User.objects.create(username="bench")
    Membership.objects.bulk_create(
        (
            Membership(user=user, organisation=organisation, role=role)
            for organisation in Organisation.objects.all()
            for role in Role
            if role is not Role.PARTNER_SYSTEM
        ),
        ignore_conflicts=True,
    )
    return User.objects.get(pk=user.pk)
