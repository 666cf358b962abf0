"""Messages of webhooks on the desk: what was sent, what was wrong, and sending again what was given up."""

from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import Act, ActForm
from exchange.actions import endpoints
from exchange.models import Message, MessageState


class ReplayForm(ActForm):
    """Tries again what was given up."""

    explanation = _(
        "It is tried for three more days, under the same id: a receiver that took it after all can tell. What changed later "
        "may have been told before it."
    )
    done = _("It is tried again.")

    def perform(self) -> Model:
        """Send it again."""
        return endpoints.replay(message=self.record, by=self.by)


def _is_given_up(message: Message) -> bool:
    return message.state == MessageState.DEAD


@admin.register(Message)
class MessageAdmin(AuditedAdmin):
    """The latest first."""

    list_display = ("queued_at", "endpoint", "kind", "told", "state", "attempts", "last_status", "last_error")
    list_filter = ("state", "kind")
    list_select_related = ("endpoint",)
    ordering = ("-id",)
    reach_organisation = "endpoint__organisation_id"
    reach_reader = "endpoint__account"
    reads = {"told": ("changes",)}
    fields = (
        ("endpoint", "kind", "state"),
        "webhook_id",
        ("queued_at", "sent_at", "give_up_at"),
        ("attempts", "next_attempt_at"),
        ("last_status", "last_error"),
        "changes",
    )
    readonly_fields = ("webhook_id", "told")
    acts = (Act("replay", _("Send again"), "change", ReplayForm, is_open=_is_given_up),)

    @admin.display(description=_("changes"))
    def told(self, message: Message) -> int:
        """How many it tells of."""
        return len(message.changes)
