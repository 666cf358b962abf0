"""Making, publishing and withdrawing editions."""

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, DayField, RecordField
from reports.actions import editions
from reports.models import Edition


class MakeForm(ActForm):
    """Makes the draft of a local day, as known when its report was due."""

    explanation = _(
        "A day that is over, of an operation and a region that it reports on. It stays a draft until published."
    )
    done = _("The edition is made. Read it, then publish it.")
    operation = RecordField(Edition.operation)
    region = RecordField(Edition.region)
    local_day = DayField(label=_("Day"))
    fieldsets = ((None, {"fields": [("operation", "region"), "local_day"]}),)

    def perform(self) -> Model:
        """Make it."""
        return editions.make_edition(by=self.by, **self.cleaned_data)


class PublishForm(ActForm):
    """Lets readers have the edition."""

    explanation = _(
        "Its files are made once and kept, and every subscriber of the region gets one mail. Have you read it to the end?"
    )
    done = _("Published. The mails are on their way; the deliveries below say what became of each.")

    def perform(self) -> Model:
        """Publish it."""
        return editions.publish(edition=self.record, by=self.by)


class MailForm(ActForm):
    """Queues the mail for subscribers who have none of it."""

    explanation = _("Subscribers who got this edition already get nothing a second time.")
    done = _("The mails are queued.")

    def perform(self) -> Model:
        """Queue them and go back to the edition."""
        editions.mail(edition=self.record, by=self.by)
        return Edition.objects.get(pk=self.record.pk)


class WithdrawForm(ActForm):
    """Takes the edition back."""

    explanation = _("Its files stay for the record; mails that have not left yet stay here.")
    done = _("Withdrawn.")
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def perform(self) -> Model:
        """Withdraw it."""
        return editions.withdraw(edition=self.record, by=self.by, reason=self.cleaned_data["reason"])
