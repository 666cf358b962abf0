"""The peers of a page of the API: a project as the framework's tutorial makes it, and a server by hand for one query."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import override_settings
from django.urls import ResolverMatch
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.models import ClientToken, User
from accounts.signing_in.digests import digest_of
from displacement.api.serializers.people import PersonOutput
from displacement.models import Person

#: What `startproject` writes.
USUAL_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
BY_HAND = """
SELECT p.id, p.occurred_at, p.recorded_at, p.recorded_by, p.voided_at, p.voided_by, p.void_reason, p.serial, p.reference,
       p.household_id, o.short_name, p.relationship, p.given_name, p.patronymic, p.family_name, p.sex, p.birth_date,
       p.birth_precision, p.version
FROM displacement_person p JOIN accounts_organisation o ON o.id = p.organisation_id
WHERE p.organisation_id = %s ORDER BY p.id DESC LIMIT 101
"""


class UsualSerializer(serializers.ModelSerializer):
    """The framework's usual way to show a person: the same fields."""

    organisation = serializers.SlugRelatedField(slug_field="short_name", read_only=True)

    class Meta:
        model = Person
        fields = list(PersonOutput._declared_fields)


class UsualToken(BaseAuthentication):
    """The framework's usual token: one query for it and its account, and nothing else is asked."""

    def authenticate(self, request: Request) -> tuple[User, Any]:
        """The account."""
        digest = digest_of(request.headers["Authorization"].partition(" ")[2])
        token: Any = ClientToken.objects.select_related("secret__client__account").get(token_checksum=digest)
        return token.secret.client.account, token


class Cursors(CursorPagination):
    """The framework's own cursor."""

    page_size, ordering = 100, "-id"


class Counted(PageNumberPagination):
    """Numbered pages, which count all rows."""

    page_size = 100


class UsualView(ListAPIView):
    """The framework's usual list, without a policy."""

    queryset = Person.objects.select_related("organisation").order_by("-id")
    serializer_class = UsualSerializer
    authentication_classes = [UsualToken]
    permission_classes = [IsAuthenticated]
    renderer_classes = [JSONRenderer]
    filter_backends: list[Any] = []


class Usual(WSGIHandler):
    """A project as `startproject` makes it, with one view."""

    def __init__(self, view: Callable[..., Any]) -> None:
        self._view = view
        with override_settings(MIDDLEWARE=USUAL_MIDDLEWARE):
            super().__init__()

    def resolve_request(self, request: Any) -> Any:
        """Every address is that of the view."""
        request.resolver_match = ResolverMatch(self._view, (), {})
        return request.resolver_match


class ByHand:
    """The least that a server does for the page: a planned query, and its rows as JSON."""

    def __init__(self) -> None:
        self._each = threading.local()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The page."""
        if not hasattr(self._each, "connection"):
            self._open()
        cursor = self._each.connection.execute(BY_HAND, [self._each.organisation])
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()[:100]]
        body = orjson.dumps({"results": rows})
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _open(self) -> None:
        """A connection for the thread, and whose people it shows."""
        told = connection.get_connection_params()
        names = {
            name: told[name] for name in ("dbname", "user", "password", "host", "port") if told.get(name)
        }
        opened: Any = psycopg.connect(**names, autocommit=True, prepare_threshold=0)
        [self._each.organisation] = opened.execute("SELECT id FROM accounts_organisation").fetchone()
        self._each.connection = opened
