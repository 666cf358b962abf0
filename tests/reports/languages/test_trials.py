"""The word by which a test mail is known, in the language of its edition."""

import pytest

from accounts.policy import Role
from reports.actions.trials import ask_for_trial, send_trials
from tests.factories.accounts import user_in_role
from tests.factories.reports import DraftEditionFactory
from tests.mail import Mailbox


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("en", "Test: "), ("uk", "Тест: "), ("ru", "Тест: ")])
def test_its_subject_says_so_in_the_language_of_the_edition(
    mailbox: Mailbox, language: str, word: str
) -> None:
    ask_for_trial(edition=DraftEditionFactory.create(language=language), by=user_in_role(Role.PUBLISHER))
    assert send_trials() == 1
    [mail] = mailbox.wait(1)
    assert mail["Subject"].startswith(word)
