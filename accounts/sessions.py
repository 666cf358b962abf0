"""How long somebody stays signed in: 12 hours from sign-in, 30 minutes from the last thing they did."""

import time
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import User

_BEGAN, _SEEN, _SECOND_FACTOR = "began_at", "seen_at", "second_factor"
#: A session is written at most this often for being used.
_GRAIN_SECONDS = 60


def begin(session: Any, *, second_factor: bool) -> None:
    """Somebody has signed in just now, with a second factor or without."""
    session[_BEGAN] = session[_SEEN] = int(time.time())
    session[_SECOND_FACTOR] = second_factor


def pass_second_factor(session: Any) -> None:
    """A second factor was shown since. The session gets a new key: the old one never knew of it."""
    session[_SECOND_FACTOR] = True
    session.cycle_key()


def passed_second_factor(session: Any) -> bool:
    """Whether a second factor was shown in this session."""
    return session.get(_SECOND_FACTOR) is True


def began_within(session: Any, seconds: int) -> bool:
    """Whether the sign-in is that short ago."""
    return bool(time.time() - session.get(_BEGAN, 0) <= seconds)


def check_session_goes_on(user: User) -> User:
    """The user's row, locked. Raises PermissionDenied where it was closed, or its sessions ended, since this request began."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active or locked.get_session_auth_hash() != user.get_session_auth_hash():
        raise PermissionDenied(
            _("Your account was changed meanwhile, and you were signed out. Sign in again.")
        )
    return locked


def is_over(session: Any) -> bool:
    """Whether it lasted too long, or nobody did anything for too long; one of which nobody knows the beginning is over."""
    now = time.time()
    began, seen = session.get(_BEGAN, 0), session.get(_SEEN, 0)
    return bool(now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS)


def touch(session: Any) -> None:
    """Somebody does something. Written down once a minute."""
    now = int(time.time())
    if now - session[_SEEN] >= _GRAIN_SECONDS:
        session[_SEEN] = now
