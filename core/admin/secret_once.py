"""Secrets that are shown once: in the answer to the form that made them, and nowhere else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from core.admin.acts import Act, ActForm


def show_once(form: ActForm, secret: str) -> None:
    """Let the answer to the form show the secret. It is in no session, no cookie and no address."""
    form.request.secret_shown_once = secret  # type: ignore[attr-defined]  # read by the page's answer alone


class ShowsSecretOnce:
    """For a kind of record whose acts make secrets, on pages that nothing stores: the desk says so of all of them."""

    @sensitive_variables("secret")
    def _serve(self: Any, request: HttpRequest, act: Act, record: Any) -> HttpResponse:
        answer: HttpResponse = super()._serve(request, act, record)  # type: ignore[misc]  # of the page that this is mixed into
        secret = getattr(request, "secret_shown_once", "")
        if not secret:
            return answer
        context = {
            **self.admin_site.each_context(request),
            "title": _("Secret of the %(what)s") % {"what": self.opts.verbose_name},
            "opts": self.opts,
            "named": self.named_beside_secret(answer.headers["Location"]),
            "secret": secret,
            "record_url": answer.headers["Location"],
        }
        return TemplateResponse(request, "desk/secret.html", context)

    def named_beside_secret(self, record_url: str) -> str:
        """What has to be entered with the secret and is none; blank for nothing."""
        return ""
