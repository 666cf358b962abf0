"""The switch that holds all mail, on the desk."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import Act, ActForm
from reports.actions import mail_holds
from reports.models import MailHold


class HoldForm(ActForm):
    """Lets no mail leave."""

    explanation = _(
        "From this moment no mail leaves, of any region. What waits is kept and sent when you let it go on."
    )
    done = _("All mail is held.")
    reason = forms.CharField(label=_("Why"), max_length=300)

    def perform(self) -> Model:
        """Hold all mail."""
        return mail_holds.hold(reason=self.cleaned_data["reason"], by=self.by)


class ReleaseForm(ActForm):
    """Lets mail go on."""

    explanation = _("Everything that waits is sent now.")
    done = _("Mail goes on.")

    def perform(self) -> Model:
        """Let mail go on."""
        return mail_holds.release(held=self.record, by=self.by)


def _is_open(held: MailHold) -> bool:
    return held.released_at is None


@admin.register(MailHold)
class MailHoldAdmin(AuditedAdmin):
    """Since when no mail leaves, why, and until when."""

    list_display = ("held_at", "reason", "released_at")
    ordering = ("-held_at",)
    adding = Act("add", _("Hold all mail"), "add", HoldForm)
    acts = (Act("release", _("Let mail go on"), "change", ReleaseForm, is_open=_is_open),)
