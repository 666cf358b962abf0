"""Approving: what is approved stands on the page, and where it was changed meanwhile nothing is approved."""

from datetime import datetime
from typing import Any

from django import forms

from core.admin import ActForm
from reports.actions.checks import moment_seen


class AsShownForm(ActForm):
    """An approval of what its page shows. The moment of the last change goes with the page and comes back with the click."""

    page = "reports/desk/approve.html"
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["seen"] = moment_seen(self.changed_at())

    def changed_at(self) -> datetime | None:
        """When somebody last changed what is approved, None where nobody did."""
        raise NotImplementedError

    def shown(self) -> list[str]:
        """What is approved, line by line."""
        raise NotImplementedError

    def moment(self) -> str | None:
        """What the page said of the last change; None of one that says nothing."""
        return str(self.cleaned_data["seen"]) if self.add_prefix("seen") in self.data else None
