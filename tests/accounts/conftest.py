"""Pages without collected static files, which tests read."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _static_files_by_their_plain_names(settings: Settings) -> None:
    """Collecting them takes seconds and changes nothing that is tested here."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
