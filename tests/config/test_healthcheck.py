"""What compose and `up` ask the desk."""

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from config.embedded.ports import free_port
from config.healthcheck import is_web_ready

NAMES = "*,.example.org,desk.example.net"


def port_of(server: LiveServer) -> int:
    return int(server.url.rsplit(":", 1)[1])


def test_the_desk_is_asked_under_a_name_that_it_accepts(live_server: LiveServer, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".example.org"]
    assert is_web_ready(port_of(live_server), {"ALLOWED_HOSTS": NAMES})
    assert not is_web_ready(port_of(live_server), {"ALLOWED_HOSTS": "elsewhere.example.net"})


def test_behind_a_proxy_that_ends_https(live_server: LiveServer, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert is_web_ready(port_of(live_server), {})


@pytest.mark.parametrize("environ", [{}, {"ALLOWED_HOSTS": ""}])
def test_nobody_is_not_ready(environ: dict[str, str]) -> None:
    assert not is_web_ready(free_port(), environ)
