"""The site: who may come in, what the top of every page offers, and what apps below may ask about access."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.decorators import secure_admin_login
from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.field_classes import telling_of_people
from accounts.fields import asks, shows, shows_of
from accounts.masking import is_whole, masks_of
from accounts.models import Organisation, User
from accounts.reading import organisation_of
from accounts.signing_in.forms import OwnPasswordForm
from accounts.visibility import may, within_reach
from audit.actions.reading import record_reading
from config.desk.index import index_context
from config.desk.menu import menu_for
from core.masking import Mask
from reports.rendering.words import zone as zone_in_words


class Matches(AutocompleteJsonView):
    """Matches of a search box, named as their own list names them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With a trace of who was offered, where these are people: in the transaction that found them."""
        with transaction.atomic():
            answer: HttpResponse = super().get(request, *args, **kwargs)
            named_by: Any = self.model_admin
            if answer.status_code == 200 and named_by.resource in telling_of_people():
                record_reading(
                    by=request.user,  # type: ignore[arg-type]  # the site lets nobody else in
                    page="desk autocomplete",
                    resource=named_by.resource,
                    ids=[match["id"] for match in json.loads(answer.content)["results"]],
                    organisation=organisation_of(request.user),
                )
        return answer

    def process_request(self, request: HttpRequest) -> Any:
        """What the box asks about. Raises PermissionDenied for what is no column, of which Django's own view knows nothing."""
        asked = (request.GET.get(name, "") for name in ("app_label", "model_name", "field_name"))
        app, model, column = asked
        try:
            is_column = apps.get_model(app, model)._meta.get_field(column).concrete
        except (LookupError, FieldDoesNotExist, ValueError):
            is_column = False
        if not is_column:
            raise PermissionDenied
        return super().process_request(request)

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """The record's id and its line."""
        named_by: Any = self.model_admin
        return {"id": str(getattr(obj, to_field_name)), "text": str(named_by.label(obj))}


def _broken_glasses(user: Any) -> list[tuple[str, str, datetime]]:
    """Role, organisation and end of each emergency access that this person has now. One query where there is one, else none."""
    held = [scope for scope in user.scopes() if scope.until] if isinstance(user, User) else []
    keys = {scope.organisation_id for scope in held if scope.organisation_id}
    names = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name")) if held else {}
    return [
        (str(scope.role.label), names[scope.organisation_id], scope.until)
        for scope in held
        if scope.until and scope.organisation_id
    ]


class Desk(AdminSite):
    """The site under `/` where staff work."""

    site_header = _("Musterpoint")
    site_title = _("Musterpoint")
    index_title = _("Today")
    site_url = None
    enable_nav_sidebar = False
    index_template = "desk/index.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Not the pages that the OAuth library brings: its tables are ours, and have pages of their own."""
        if admin_class is None or not admin_class.__module__.startswith("oauth2_provider."):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has an active account; what they see there, the policy says."""
        return request.user.is_active and isinstance(request.user, User) and request.user.is_staff

    def reach(
        self, user: Any, resource: str, action: str, *, organisation: str, region: str, reader: str = ""
    ) -> Q:
        """The condition for records with which the user may do the action; never true where the policy opens none.

        `within_reach` leaves open records unbounded once a role has them; here a role without them gets none.
        """
        if not may(user, resource, action):
            return Q(pk__in=[])
        return within_reach(user, resource, action, organisation=organisation, region=region, reader=reader)

    def tells_of_people(self, resource: str) -> bool:
        """Whether records of this kind tell of people, so that who reads them leaves a trace."""
        return resource in telling_of_people()

    def organisation_of(self, user: Any) -> UUID | None:
        """The organisation for which this person reads; None where that is not one. No query beyond the user's scopes."""
        return organisation_of(user)

    def shows(self, user: Any, resource: str, lookup: str) -> bool:
        """Whether the user sees what the lookup from a kind of record leads to. No query."""
        return shows(user, resource, lookup)

    def asks(self, user: Any, resource: str, lookup: str) -> bool:
        """Whether the user sees that in lists, too, and may search and narrow by it. No query."""
        return asks(user, resource, lookup)

    def shows_of(self, user: Any, record: Model, lookup: str) -> bool:
        """Whether the user sees what the lookup from this record leads to. No query beyond the record's organisation."""
        return shows_of(user, record, lookup)

    def masks(self, resource: str) -> Mapping[str, Mask]:
        """The columns of this kind of record that pages show by their masks."""
        return masks_of(resource)

    def is_whole(self, user: Any, resource: str) -> bool:
        """Whether this person is shown records of this kind without masks. No query beyond the user's scopes."""
        return is_whole(user, resource)

    def with_actors(self, events: list[Any]) -> list[tuple[Any, str]]:
        """Audit events with the user name of who acted, or the id where there is no such user. One query."""
        ids: set[UUID] = {event.actor_id for event in events}
        names = dict(User.objects.filter(pk__in=ids).values_list("pk", "username"))
        return [(event, names.get(event.actor_id, str(event.actor_id))) for event in events]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Of one app. Django would list all of them for every page, and none of ours shows that: the menu stands there."""
        return super().get_app_list(request, app_label) if app_label else []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the menu and the clock that times are shown on."""
        now = timezone.now()
        return {
            **super().each_context(request),
            "menu": menu_for(request, self),
            "clock": zone_in_words(str(timezone.get_current_timezone()), now),
            "broken_glasses": _broken_glasses(request.user),
        }

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Never Django's own page, which takes a password alone and counts no tries: `account_login` signs people in."""
        answer: HttpResponse = secure_admin_login(lambda _request: redirect("admin:index"))(request)
        return answer

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """One's own password, with tries that are counted. Every other session of the user ends."""
        page = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return page(request)

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Today's figures, and what this person can do."""
        return super().index(request, {**index_context(request, self), **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Matches among what this person may see."""
        matches: Any = Matches.as_view(admin_site=self)(request)
        answer: HttpResponse = matches
        return answer
