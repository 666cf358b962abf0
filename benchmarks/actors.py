"""Who acts in a benchmark: somebody in every role, so that what is timed is the work and not a refusal."""

from accounts.models import Membership, Organisation, User
from accounts.policy import Role


def almighty(user: User | None = None) -> User:
    """A user in every role of every organisation that exists by now; read anew, so that nothing is remembered."""
    user = user or User.objects.create(username="bench")
    Membership.objects.bulk_create(
        (
            Membership(user=user, organisation=organisation, role=role)
            for organisation in Organisation.objects.all()
            for role in Role
        ),
        ignore_conflicts=True,
    )
    return User.objects.get(pk=user.pk)
