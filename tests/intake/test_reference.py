"""The reference page says what the code does."""

from intake.management.commands.document_intake import PAGE, page


def test_the_page_is_as_the_code_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run `manage.py document_intake`."


def test_no_sentence_and_no_word_breaks_the_page() -> None:
    tables = [line for line in page().splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in tables} <= {3, 4}
