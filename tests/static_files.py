"""Pages without collected static files: collecting them takes seconds and changes nothing that is tested on them."""

import pytest
from pytest_django import Settings

PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
#: Folders whose tests read pages.
OF_PAGES = ("accounts", "authorisation", "browser", "desk", "journeys", "retention", "roster")


@pytest.fixture
def plain_static_files(settings: Settings) -> None:
    """Links to static files by their plain names."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}


@pytest.fixture(autouse=True)
def _where_pages_are_read(request: pytest.FixtureRequest) -> None:
    """For every test of these folders."""
    if request.path.parent.name in OF_PAGES:
        request.getfixturevalue("plain_static_files")
