"""Users on the desk, for the administrators of their organisations."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import Model, Prefetch, Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.actions.second_factors import reset
from accounts.granting import grantable, may_grant
from accounts.models import Membership, User
from accounts.policy import GRANTS, Role
from accounts.second_factor import has_second_factor
from accounts.service import SERVICE_USERNAME
from accounts.visibility import within_reach
from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, DeskInline

if TYPE_CHECKING:
    _UserAdmin = DjangoUserAdmin[User]
    _InlineFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    _UserAdmin, _InlineFormSet = DjangoUserAdmin, BaseInlineFormSet


def _user(request: HttpRequest) -> User:
    """Who is signed in; pages of the desk are for nobody else."""
    assert isinstance(request.user, User)
    return request.user


class ResetForm(ActForm):
    """Takes a colleague's second factors away."""

    explanation = _(
        "Their app, keys and recovery codes end, and they are signed out everywhere. With their password they set up a new "
        "one. "
        "Make sure that it is they who ask: see them, or call the number that you know. If the password may be known too, "
        "set a new one first."
    )
    done = _("The second factor is reset.")
    reason = forms.CharField(
        label=_("Why, and how you know that it was they who asked"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def perform(self) -> Model:
        """Reset it."""
        return reset(user=self.record, by=self.by, reason=self.cleaned_data["reason"])


class _Memberships(_InlineFormSet):
    """The rows of a page, by who gives them."""

    by: User

    def clean(self) -> None:
        """Refuse each that gives more than its giver has: of another organisation, another role, or beyond their regions."""
        super().clean()
        for form in self.forms:
            if not form.has_changed() or form.errors or not form.instance.organisation_id:
                continue
            if not may_grant(self.by, form.instance):
                words = _(
                    "You give roles in the regions that you answer for yourself. Choose one of them, or ask somebody who "
                    "answers for more."
                )
                form.add_error("region", forms.ValidationError(words, code="beyond_region"))


class MembershipInline(DeskInline):
    """In which role, for which organisation, where."""

    model = Membership
    formset = _Memberships
    template = "admin/edit_inline/stacked.html"  # with a label at each field
    fk_name = "user"
    fields = ("organisation", "role", "region")
    autocomplete_fields = ("region",)
    max_num = 20
    extra = 1
    can_delete = True
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of the organisations that this person answers for: where somebody works besides is not told."""
        bound = within_reach(_user(request), "accounts.membership")
        return super().get_queryset(request).filter(bound)

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """The rows, by who is signed in."""
        # Django would draw a thousand rows more than `max_num`, as many as are said to be sent.
        held = self.get_queryset(request).filter(user=obj).count() if obj else 0
        made: Any = super().get_formset(request, obj, absolute_max=held + self.max_num, **options)
        made.by = _user(request)
        return made

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only organisations that this administrator runs: nobody gives access to others' data."""
        if db_field.name == "organisation":
            related = db_field.related_model._default_manager
            bound = within_reach(_user(request), "accounts.membership", "add", organisation="pk")
            options["queryset"] = related.filter(bound)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only roles that the policy lets this person give, and none that is for machines: a client brings its own account."""
        if db_field.name == "role":
            given = frozenset().union(*(GRANTS.get(scope.role, ()) for scope in _user(request).scopes()))
            options["choices"] = [
                ("", "---------"),
                *((r.value, r.label) for r in Role if r in given - {Role.PARTNER_SYSTEM}),
            ]
        return super().formfield_for_choice_field(db_field, request, **options)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the policy, and never of oneself."""
        return obj != request.user and request.user.has_perm("accounts.add_membership")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the policy, and never of oneself."""
        return obj != request.user and request.user.has_perm("accounts.change_membership")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the policy, and never of oneself."""
        return obj != request.user and request.user.has_perm("accounts.delete_membership")


@admin.register(User)
class UserAdmin(AuditedAdmin, _UserAdmin):
    """An administrator sees the users of the own organisations, and changes those who work for no other."""

    list_display = ("username", "last_name", "first_name", "roles", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username", "last_name", "first_name", "email")
    ordering = ("username",)
    is_plain = True
    reads = {"password": ()}  # its kind, and the way to set another
    inlines = (MembershipInline,)
    filter_horizontal = ()
    add_form = AdminUserCreationForm
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": (("last_name", "first_name"), ("email", "language"))}),
        (_("Sign-in"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": (("last_name", "first_name"), ("email", "language"))}),
    )
    readonly_fields = ("last_login", "date_joined")
    acts = (
        Act(
            "reset",
            _("Reset the second factor"),
            "reset",
            ResetForm,
            is_open=has_second_factor,
            is_grave=True,
        ),
    )

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """Users of the own organisations; to change one, all of their memberships must be there.

        Who could set the password of somebody who also works elsewhere could sign in as them there. Nobody resets the own
        second factor, and nobody changes an account that a client acts as: that is done at the client. Nor that of the service:
        whoever signed in as it would act in its name.
        """
        user = _user(request)
        seen = Membership.objects.filter(within_reach(user, "accounts.membership"))
        mine = rows.filter(Q(pk__in=seen.values("user")) | Q(pk=user.pk) | self._unplaced(user))
        if action != "view":
            mine = mine.filter(client=None).exclude(username=SERVICE_USERNAME)
            others = Membership.objects.exclude(grantable(user)).values("user")
            mine = mine.filter(Q(pk=user.pk) | ~Q(pk__in=others), Q(pk=user.pk) | Q(is_superuser=False))
        if action == "reset":
            mine = mine.exclude(pk=user.pk)
        return mine

    @staticmethod
    def _unplaced(user: User) -> Q:
        """Those without any membership, for a keeper, who gives the first one."""
        is_keeper = any(scope.role is Role.KEEPER for scope in user.scopes())
        return Q(memberships=None) if is_keeper else Q(pk__in=[])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With their memberships."""
        told = Membership.objects.filter(within_reach(_user(request), "accounts.membership"))
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", told))

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """In one line; prefetched."""
        return ", ".join(sorted({m.get_role_display() for m in user.memberships.all()}))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A colleague's. One's own is changed where the old one is asked for, and tries at it are counted."""
        told = self.get_object(request, unquote(id))
        if told is not None and told.pk == request.user.pk:
            return redirect("admin:password_change")
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        return answer

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Whoever has an account may sign in here; what they see, their memberships say.

        Where it is closed or opened again all sessions end: one of before would otherwise go on where it was.
        """
        obj.is_staff = True
        if change and "is_active" in form.changed_data:
            obj.sign_outs += 1
        super().save_model(request, obj, form, change)
