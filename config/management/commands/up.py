"""`manage.py up`: the whole service on one machine, with one command."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections

from config import static_files
from config.embedded import programs
from config.embedded.directory import PROJECT, DataDirectory, data_directory
from config.embedded.installation import SOCKET_VARIABLE, address
from config.embedded.processes import end_child
from config.embedded.steps import STEPS
from config.embedded.supervisor import Supervisor
from config.embedded.tether import SERVERS_VARIABLE
from config.first_run import SIGN_INS, Step, is_mailed, last_edition, later_steps, loading_step, write_pdf
from config.healthcheck import is_web_ready

DESK_SECONDS = 60
MAIL_SECONDS = 60


class Command(BaseCommand):
    """Prepare what is missing, run web, worker and clock, and stay until somebody asks to stop."""

    help = "Run the whole service here: servers, tables, web, worker, clock; Ctrl-C stops all in order."
    requires_system_checks = []  # the checks run once the tables are there

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Start, tell where everything is, watch; returns after an orderly stop."""
        if SOCKET_VARIABLE not in os.environ:
            raise CommandError(
                "Start it as manage.py up (make run): it needs the port that manage.py reserves."
            )
        directory, port = data_directory(os.environ), int(os.environ["PORT"])
        with Supervisor(directory, os.environ.get(SERVERS_VARIABLE, "").split()) as supervisor:
            try:
                self._start(supervisor, directory, port)
                STEPS.say(self._where(directory, port))
                supervisor.watch()
            except KeyboardInterrupt:
                STEPS.say("\nStopping.")

    def _start(self, supervisor: Supervisor, directory: DataDirectory, port: int) -> None:
        with STEPS.step("static files"):
            static_files.collect()
        with STEPS.step("tables"):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("apply_erasures", verbosity=0)
        if loading := loading_step():
            run(loading)
        supervisor.start(programs.worker())
        supervisor.start(programs.webhooks())
        supervisor.start(programs.web(int(os.environ[SOCKET_VARIABLE])), int(os.environ[SOCKET_VARIABLE]))
        steps = later_steps(directory)
        for step in steps:
            run(step)
        supervisor.start(programs.clock())  # last: what is being made now is not due as well
        with STEPS.step("desk answers"):
            self._await_desk(supervisor, directory, port)
        if steps:
            self._await_mail(supervisor)
        connections.close_all()

    def _await_desk(self, supervisor: Supervisor, directory: DataDirectory, port: int) -> None:
        deadline = time.monotonic() + DESK_SECONDS
        while not is_web_ready(port):
            supervisor.check()
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The desk does not answer on port {port}: {directory.log / 'web.log'} says why."
                )
            time.sleep(0.1)

    def _await_mail(self, supervisor: Supervisor) -> None:
        """Until the last report has gone to everybody; a sentence, not an end, where it does not."""
        edition = last_edition()
        if edition is None or is_mailed(edition):
            return
        with STEPS.step("mail of the last report"):
            deadline = time.monotonic() + MAIL_SECONDS
            while not is_mailed(edition) and time.monotonic() < deadline:
                supervisor.check()
                time.sleep(0.2)
        if not is_mailed(edition):
            STEPS.say(
                f"  Not every mail of the last report left within {MAIL_SECONDS} s: the desk's page Deliveries "
                "shows which, and the worker tries on."
            )

    def _where(self, directory: DataDirectory, port: int) -> str:
        """Where a person finds what was just made."""
        edition = last_edition()
        mails = sorted(directory.mail.glob("*.eml"))
        lines = {
            "Desk": address(port),
            "Sign-ins": self._shown(directory.path / SIGN_INS),
            "Mail": self._shown(mails[-1] if mails else None),
            "PDF": self._shown(write_pdf(edition, directory) if edition else None),
            "Logs": str(directory.log),
        }
        if lines["Sign-ins"]:
            lines["Codes"] = "every sign-in asks for one: .venv/bin/python manage.py demo_code registrar"
        found = [f"  {name + ':':<10}{place}" for name, place in lines.items() if place]
        return "\n".join(
            ["", f"Musterpoint is up after {STEPS.seconds():.1f} s. Ctrl-C stops it.", "", *found, ""]
        )

    def _shown(self, path: Path | None) -> str:
        return str(path) if path is not None and path.exists() else ""


def run(step: Step) -> None:
    """Run one management command in a process of its own, so that its memory goes when it ends."""
    program = programs.command(step.name, *step.arguments)
    with STEPS.step(step.name, shows_itself=True):
        child = subprocess.Popen(program.command, stdin=subprocess.PIPE, cwd=PROJECT, start_new_session=True)  # noqa: S603 - our own
        try:
            code = child.wait()
        finally:
            end_child(child, signal.SIGTERM, 20)
            assert child.stdin is not None
            child.stdin.close()
    if code:
        raise CommandError(
            f"{step.arguments[0]} did not succeed, its own words are above; the next start goes on from there."
        )
