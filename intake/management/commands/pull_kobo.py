"""`manage.py pull_kobo FORM`: take in what a form's server has, and make a batch of it if told so."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from intake.actions.submissions import gather
from intake.kobo.pulling import pull
from intake.models import KoboForm
from intake.shell import organisation_meant, sender


class Command(BaseCommand):
    """Pull one form."""

    help = "Pull the submissions of a form from its KoboToolbox server. The token is read from KOBO_TOKEN."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which form, from where on, and what then."""
        parser.add_argument("--by", required=True, help="user in whose name it is done, with a role that may")
        parser.add_argument("form", help="name of the form as on its page")
        parser.add_argument(
            "--organisation", default="", help="short name, where two have a form of this name"
        )
        parser.add_argument(
            "--again", action="store_true", help="from the first submission on: finds those that were edited"
        )
        parser.add_argument("--batch", action="store_true", help="make a batch of all that waits")

    def handle(self, *args: Any, **options: Any) -> None:
        """One sentence on what came in, or on what stands in the way."""
        token = os.environ.get("KOBO_TOKEN", "")
        if not token:
            raise CommandError(
                _("Put the server's API token into the environment as KOBO_TOKEN, then pull again.")
            )
        form, by = self._form(options["form"], options["organisation"]), sender(options["by"])
        try:
            pulled = pull(form=form, token=token, by=by, again=options["again"])
            self.stdout.write(
                _("%(seen)d submissions seen, %(new)d of them new. %(waiting)d wait for a batch.")
                % {**pulled._asdict(), "waiting": form.submissions.waiting().count()}
            )
            if options["batch"]:
                batch = gather(form=form, by=by)
                self.stdout.write(_("Batch %(name)s waits to be looked at.") % {"name": batch.name})
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except PermissionDenied as refusal:
            raise CommandError(
                _("This user has no role that may do this. Choose another one with --by.")
            ) from refusal

    def _form(self, name: str, organisation: str) -> KoboForm:
        whose = organisation_meant(organisation)
        found = KoboForm.objects.filter(name=name, **({"organisation": whose} if whose else {}))
        if len(found) == 1:
            return found[0]
        raise CommandError(
            _("Several organisations have a form of this name: add --organisation.")
            if found
            else _("No form has this name. Look it up on the desk, under Forms.")
        )
