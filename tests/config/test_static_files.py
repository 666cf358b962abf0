"""Static files are collected again when one of them changes, and only then."""

from pathlib import Path

from pytest_django import Settings

from config import static_files


def test_files_are_collected_when_they_change(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "page.css").write_text("a {}")
    settings.STATICFILES_DIRS = [tmp_path / "ours"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    assert static_files.collect() is True
    assert static_files.collect() is False
    (tmp_path / "ours" / "page.css").write_text("a { color: red }")
    assert static_files.collect() is True
    assert (tmp_path / "collected" / "page.css").read_text() == "a { color: red }"
