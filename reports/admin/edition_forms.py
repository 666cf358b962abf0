"""What is done with editions: made, edited, reviewed, published, withdrawn."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, DayField, RecordField
from core.clock import database_now
from reports.actions import acknowledgements, days, editions, reviewing, trials
from reports.admin.as_shown import AsShownForm
from reports.delivery.recipients import Preview, clock_of, preview, quiet_end
from reports.models import Edition, Subscription
from reports.models.edition import UNPUBLISHED

#: More readers than a page can show well; all are counted.
MOST_LISTED = 200


class MakeForm(ActForm):
    """Makes the drafts of a local day, as known when its report was due."""

    explanation = _(
        "A day that is over, of an operation and a region that it reports on; one draft for each language and audience of the "
        "operation."
    )
    done = _("The editions are made. Read them, then send them to review.")
    operation = RecordField(Edition.operation)
    region = RecordField(Edition.region)
    local_day = DayField(label=_("Day"))
    fieldsets = ((None, {"fields": [("operation", "region"), "local_day"]}),)

    def perform(self) -> Model:
        """Make them and show the first."""
        return days.make_day(by=self.by, **self.cleaned_data)[0]


class HighlightsForm(ActForm):
    """Puts a person's highlights in place of the drafted ones."""

    explanation = _(
        "One on each line, three to six. They go into every format; the drafted ones stay on the edition's page. "
        "No names of people."
    )
    done = _("Saved. Somebody else has to approve the edition.")
    lines = forms.CharField(label=_("Highlights"), widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["lines"].initial = "\n\n".join(self.record.content["highlights"])

    def perform(self) -> Model:
        """Save them."""
        lines = self.cleaned_data["lines"].splitlines()
        return reviewing.edit_highlights(edition=self.record, lines=lines, by=self.by)


class SubmitForm(ActForm):
    """Sends the draft to review."""

    explanation = _("Somebody else reads it and approves it, or sends it back.")
    done = _("In review.")

    def perform(self) -> Model:
        """Send it."""
        return reviewing.submit(edition=self.record, by=self.by)


class AcknowledgeForm(ActForm):
    """Answers for what a flag warns of."""

    explanation = _(
        "The flag stays in every report. Internal reports made from now on show your reason beside it, until one of its "
        "numbers changes; who you are is kept here and not printed. This edition stays as it is."
    )
    done = _("Acknowledged. The next report shows it.")
    flag = forms.ChoiceField(label=_("Flag"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why the number stands"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers of internal reports will see this. No names."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["flag"]
        choice.choices = [
            (acknowledgements.key_of(row), row.text) for row in acknowledgements.flags_of(self.record)
        ]

    def perform(self) -> Model:
        """Acknowledge it and go back to the edition."""
        acknowledgements.acknowledge(edition=self.record, by=self.by, **self.cleaned_data)
        return Edition.objects.get(pk=self.record.pk)


class ApproveForm(AsShownForm):
    """Says that it may go out as it is."""

    explanation = _("Nobody approves what they made or wrote in. Have you read it to the end?")
    done = _("Approved. It can be published now.")

    def changed_at(self) -> datetime | None:
        """When somebody last wrote in the highlights: of an edition nothing else changes."""
        edited_at: datetime | None = self.record.edited_at
        return edited_at

    def shown(self) -> list[str]:
        """The highlights."""
        return list(self.record.content["highlights"])

    def perform(self) -> Model:
        """Approve it."""
        return reviewing.approve(edition=self.record, by=self.by, seen=self.moment())


class ReasonForm(ActForm):
    """An act that needs a reason."""

    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SendBackForm(ReasonForm):
    """Makes it a draft again."""

    explanation = _("It is a draft again; its author reads your reason. An approval no longer holds.")
    done = _("Sent back.")

    def perform(self) -> Model:
        """Send it back."""
        return reviewing.send_back(edition=self.record, by=self.by, reason=self.cleaned_data["reason"])


class PublishForm(ActForm):
    """Lets readers have the edition, after it has shown who they are."""

    page = "reports/desk/publish.html"

    explanation = _(
        "Its files are made once and kept, and every subscriber of the region gets one mail. Have you read it to the end?"
    )
    done = _("Published. The mails are on their way; the deliveries below say what became of each.")

    def counts(self) -> list[tuple[Edition, Preview]]:
        """Each edition of the day, with who gets its mail if it is published now, and who would but does not."""
        day = Edition.objects.filter(
            operation=self.record.operation_id, region=self.record.region_id, local_day=self.record.local_day
        )
        day = day.filter(status__in=UNPUBLISHED).select_related("operation", "region").defer("content")
        return [(each, preview(each)) for each in day.order_by("audience", "language")]

    @cached_property
    def listed(self) -> list[tuple[Subscription, str]]:
        """The readers of this edition whose subscriptions are open to this person, whether and when. MOST_LISTED at most."""
        mine = Subscription.objects.visible_to(self.by).with_regions()
        open_to_me = mine.in_bulk([row.pk for row, _why in self._readers])
        seen = [(open_to_me[row.pk], why) for row, why in self._readers if row.pk in open_to_me]
        return seen[:MOST_LISTED]

    @property
    def unlisted(self) -> int:
        """How many of them are not in the list."""
        return len(self._readers) - len(self.listed)

    @cached_property
    def _readers(self) -> list[tuple[Subscription, str]]:
        """Who does not get it first: that is what somebody can still mend."""
        seen = preview(self.record)
        missing = [(row, _("no: %s") % why) for row, why in seen.missing]
        return [*missing, *((row, self._later(row)) for row in seen.getting)]

    def _later(self, subscription: Subscription) -> str:
        """When the quiet hours end in which the mail would fall, on the operation's clock; nothing outside of them."""
        operation = self.record.operation
        clock = clock_of(subscription.zone, operation)
        end = quiet_end(subscription.quiet_from, subscription.quiet_until, database_now(), clock)
        if end is None:
            return str(_("yes"))
        return _("yes, after the quiet hours: %s") % f"{end.astimezone(operation.tz):%H:%M}"

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


class TrialForm(ActForm):
    """Mails the edition to whoever asks, to see how it arrives."""

    explanation = _(
        "One mail to the address of your own sign-in, with the same text and files that readers get. Its subject begins with "
        "Test, and nobody else gets it. A few an hour."
    )
    done = _(
        "The test mail is on its way to the address of your sign-in. While all mail is held it waits, for an hour."
    )

    def perform(self) -> Model:
        """Ask for it and go back to the edition."""
        trials.ask_for_trial(edition=self.record, by=self.by)
        return Edition.objects.get(pk=self.record.pk)


class WithdrawForm(ReasonForm):
    """Takes the edition back."""

    explanation = _("Its files stay for the record; mails that have not left yet stay here.")
    done = _("Withdrawn.")

    def perform(self) -> Model:
        """Withdraw it."""
        return editions.withdraw(edition=self.record, by=self.by, reason=self.cleaned_data["reason"])
