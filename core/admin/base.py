"""Lists and record pages of the desk."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.admin.acts import Act, ActForm, offered
from core.admin.masks import MaskedColumns
from core.admin.paging import BoundedPaginator
from core.admin.plain import OwnForm
from core.admin.shown import ShownColumns, ShownFields

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin, TabularInline = admin.ModelAdmin, admin.TabularInline


class DeskAdmin(OwnForm, ShownFields, MaskedColumns, ModelAdmin):
    """A kind of record: a list that never counts far, a page that shows, and the acts that change it.

    Rows are those that the policy opens: `visible_to` where the model has it, else bounded by the lookups `reach_organisation`
    (to an id), `reach_region` and `reach_reader` (to the account of a partner's system that reads by it).
    """

    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    sortable_by: ClassVar[Any] = ()
    actions: Any = None
    reach_organisation = ""
    reach_region = ""
    reach_reader = ""
    #: Whether the record is a plain entry that Django's own form changes, and no fact.
    is_plain = False
    acts: ClassVar[tuple[Act, ...]] = ()
    #: The page that makes a new one, where that is an act.
    adding: ClassVar[Act | None] = None

    @property
    def resource(self) -> str:
        """The kind of record as the policy calls it."""
        return self.opts.label_lower

    def all_acts(self) -> tuple[Act, ...]:
        """Its own acts, and those that packages above offer on its pages."""
        return (*self.acts, *offered(self.resource))

    def label(self, record: Any) -> str:
        """The record in one line, as lists of matches name it. No query beyond `list_select_related`."""
        return str(record)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Only what this person may see."""
        rows = super().get_queryset(request)
        visible_to = getattr(rows, "visible_to", None)
        return visible_to(request.user) if visible_to else self.within_reach(rows, request, "view")

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """Those of the rows with which this person may do the action."""
        site: Any = self.admin_site
        bounds = {
            "organisation": self.reach_organisation,
            "region": self.reach_region,
            "reader": self.reach_reader,
        }
        return rows.filter(site.reach(request.user, self.resource, action, **bounds))

    def may(self, request: HttpRequest, action: str, record: Model | None = None) -> bool:
        """Whether this person may do the action, with this record where one is given: then one query."""
        allowed = request.user.has_perm(f"{self.opts.app_label}.{action}_{self.opts.model_name}")
        if not allowed or record is None:
            return allowed
        mine = self.within_reach(self.model._default_manager.filter(pk=record.pk), request, action)
        return mine.exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the policy, and only where there is a page for it."""
        return (self.is_plain or self.adding is not None) and self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Facts are not edited: only plain entries have a form of their own."""
        return self.is_plain and self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted, except where the policy says so."""
        return self.may(request, "delete", obj)

    def get_urls(self) -> list[URLPattern]:
        """The acts' pages before Django's own, whose last pattern takes everything."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        acting = path(
            "<path:object_id>/act/<slug:act>/", self.admin_site.admin_view(self.act_view), name=name
        )
        return [acting, *super().get_urls()]

    def act_url(self, record: Model, act: str) -> str:
        """Where the act's page for the record is."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=(record.pk, act))

    def open_acts(self, request: HttpRequest, record: Any) -> list[tuple[Act, str]]:
        """The acts that this person may do with the record as it stands, with their addresses. A query per kind of act."""
        acts = self._allowed_acts(request, record)
        return [(act, self.act_url(record, act.name)) for act, why_not in acts if not why_not]

    def _allowed_acts(self, request: HttpRequest, record: Any) -> list[tuple[Act, str]]:
        """What the role and the record's state allow, and why each is withheld from this person all the same, or nothing."""
        acts = self.all_acts()
        may = {action: self.may(request, action, record) for action in {act.action for act in acts}}
        found = [act for act in acts if may[act.action] and act.is_open(record)]
        return [(act, act.withheld(record, request.user)) for act in found]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under the name of what it shows."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_add"
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "add_url": reverse(name),
            "add_label": self.adding.label if self.adding else _("Add"),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A new one: by its act where it has one."""
        if self.adding is None:
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._serve(request, self.adding, None)

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """The page of one act: ask, do, and go on to the record."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self.not_found(request, object_id)
        found = next((each for each in self.all_acts() if each.name == act), None)
        if found is None or not self.may(request, found.action, record):
            raise PermissionDenied
        why_not = "" if found.is_open(record) else _("This cannot be done with the record as it stands now.")
        if not why_not and request.method == "GET":
            why_not = found.withheld(record, request.user)
        if why_not:
            messages.warning(request, why_not)
            return HttpResponseRedirect(self.record_url(record))
        return self._serve(request, found, record)

    def not_found(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same answer for what does not exist and for what this person may not see: 404."""
        raise Http404

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """Django's own pages answer alike."""
        return self.not_found(request, object_id)

    def _serve(self, request: HttpRequest, act: Act, record: Model | None) -> HttpResponse:
        form = self.act_form(request, act, record)
        if form.is_bound and form.is_valid():
            done = form.attempt()
            if done is not None and form.answer_page:
                return TemplateResponse(request, form.answer_page, self._act_context(request, act, form))
            if done is not None:
                messages.success(request, str(form.done))
                return HttpResponseRedirect(self.next_url(request, done))
        return TemplateResponse(request, form.page, self._act_context(request, act, form))

    def _act_context(self, request: HttpRequest, act: Act, form: ActForm) -> dict[str, Any]:
        record = form.record
        return {
            **self.admin_site.each_context(request),
            "title": act.label,
            "subtitle": None,
            "opts": self.opts,
            "act": act,
            "form": form,
            "adminform": form.laid_out(),
            "record": record,
            "record_label": self.label(record) if record else "",
            "record_url": self.record_url(record) if record else "",
            "list_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "has_view_permission": self.has_view_permission(request),
            "media": self.media + form.media,
        }

    def act_form(self, request: HttpRequest, act: Act, record: Model | None) -> ActForm:
        """The act's form: filled in by what was sent, else by what the address says (`?person=...`)."""
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        return act.form(*sent, desk=self, request=request, record=record, initial=_told(act.form, request))

    def record_url(self, record: Model) -> str:
        """The record's page."""
        opts = record._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=(record.pk,))

    def next_url(self, request: HttpRequest, done: Model) -> str:
        """Where to go when an act is done: to its record, if this person may see it."""
        theirs: Any = self.admin_site.get_model_admin(type(done))
        if theirs.has_view_permission(request):
            return str(theirs.record_url(done))
        return reverse("admin:index")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The record's page with the acts that are open, and why others are for somebody else."""
        record: Any = kwargs.get("obj")
        allowed = self._allowed_acts(request, record) if record is not None else []
        acts = [(act, self.act_url(record, act.name)) for act, why_not in allowed if not why_not]
        context["withheld"] = [(act, why_not) for act, why_not in allowed if why_not]
        context["acts"] = [each for each in acts if not each[0].is_asked_there]
        context["acts_here"] = [
            (act, url, self.act_form(request, act, record)) for act, url in acts if act.is_asked_there
        ]
        context["record_label"] = self.label(record) if record is not None else ""
        if record is not None:
            context["title"], context["subtitle"] = context["record_label"], None
        return super().render_change_form(request, context, *args, **kwargs)


def _told(form: type[ActForm], request: HttpRequest) -> dict[str, str]:
    """What the address fills in, without what is none of the field's values."""
    return {name: value for name, value in request.GET.dict().items() if _fits(form, name, value)}


def _fits(form: type[ActForm], name: str, value: str) -> bool:
    """Whether what an address says of a field can be meant: of a record it is an id."""
    field: Any = form.base_fields.get(name)
    if not isinstance(field, ModelChoiceField):
        return True
    records: Any = field.queryset
    try:
        records.model._meta.pk.to_python(value)
    except ValidationError:
        return False
    return True


class DeskInline(ShownColumns, MaskedColumns, TabularInline):
    """Rows that belong to the record and are only shown; they change through acts."""

    template = "desk/inline.html"
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may see this kind of record at all; the record itself was looked up within their reach."""
        return request.user.has_perm(f"{self.opts.app_label}.view_{self.opts.model_name}")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of the rows those that this person may see, where their kind is bounded on its own."""
        rows = super().get_queryset(request)
        visible_to = getattr(rows, "visible_to", None)
        return visible_to(request.user) if visible_to else rows

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False
