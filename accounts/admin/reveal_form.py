"""The button that opens one record: why, and then the page with what is masked everywhere else."""

from collections.abc import Iterable

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.actions.revealing import Opened, left_today, reveal
from accounts.models import RevealReason
from core.admin import Act, ActForm


class RevealForm(ActForm):
    """Opens one record, for this answer only."""

    explanation = _(
        "The next page shows what is masked, once: nothing keeps it open. It is noted who opened which record and why, and it "
        "is one of those that you may open today."
    )
    answer_page = "desk/opened.html"
    is_one_transaction = False  # what is beyond the budget leaves a trace
    reason = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose why")), *RevealReason.choices])

    def besides(self) -> Iterable[Model]:
        """The records that are opened with it."""
        return ()

    def perform(self) -> Model:
        """Open it."""
        self.opened: list[Opened] = reveal(
            subject=self.record,
            besides=self.besides(),
            reason=self.cleaned_data["reason"],
            by=self.by,
            organisation=self.desk.reach_organisation,
            region=self.desk.reach_region,
        )
        opened: Model = self.record
        return opened

    @property
    def left(self) -> int:
        """How many records may still be opened today. Two queries."""
        return left_today(self.by, self.record._meta.label_lower)


def revealing(form: type[RevealForm] = RevealForm) -> Act:
    """The act that opens a record, for the `acts` of its page."""
    return Act("reveal", _("Show what is masked"), "reveal", form, is_asked_there=True)
