"""The reference page of access is that of the policy."""

from config.management.commands.document_access import PAGE, page


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run `manage.py document_access`."
