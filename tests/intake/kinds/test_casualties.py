"""Lists of casualties: what somebody tells, by incident; never verified by a file."""

import pytest

from accounts.models import User
from accounts.policy import Role
from displacement.actions import casualties as acts
from displacement.models import Casualty, CasualtySource, Incident
from intake.actions import batches
from intake.kinds.registry import KINDS
from intake.models import Batch
from intake.models.batch import RESOURCES
from tests.factories.accounts import user_in_role
from tests.factories.displacement import SourceFactory
from tests.factories.regions import region
from tests.intake.kinds.driving import accepted, codes, found, known, staged

pytestmark = pytest.mark.django_db
HEAD = "Дата;Район;Место;Причина;Исход;Сколько;ФИО;Пол;Возраст;Дата смерти;Источник;Дата сообщения\n"
HOME = "06.08.2024 09:30;RU-KRS-SUDZHANSKY;дом;артобстрел;"


@pytest.fixture
def recorder() -> User:
    """Keeps files of casualties, everywhere."""
    region("RU-KRS-SUDZHANSKY")
    SourceFactory.create(name="Районная больница")
    return user_in_role(Role.CASUALTY_RECORDER)


def test_victims_are_recorded_by_incident_and_never_verified(recorder: User) -> None:
    text = HEAD + (
        f"{HOME}погибла;;Петренко Олена;ж;взрослая;;Районная больница;07.08.2024\n"
        f"{HOME}ранены;от 2 до 4;;;;;;\n"
        "07.08.2024;RU-KRS-SUDZHANSKY;;дрон;умер от ран;;;м;;12.08.2024;;\n"
    )
    batch = accepted("casualties", text, recorder)
    assert found(batch) == []
    assert batch.outcome == {"incidents": 2, "casualties": 3}
    first, second = Incident.objects.order_by("occurred_at")
    assert (first.place, first.cause, first.precision) == ("home", "artillery", "minute")
    assert (second.place, second.precision, second.organisation) == ("unknown", "day", batch.organisation)
    rows = Casualty.objects.order_by("pk").values_list(
        "outcome", "people_min", "people_max", "rung", "sex", "recorded_by"
    )
    assert list(rows) == [
        ("killed", 1, 1, "reported", "female", recorder.pk),
        ("injured", 2, 4, "alleged", "unknown", recorder.pk),
        ("died_later", 1, 1, "alleged", "male", recorder.pk),
    ]
    told = CasualtySource.objects.get()
    assert (told.source.name, told.supports_who, told.supports_what) == ("Районная больница", True, True)


def test_a_second_list_finds_the_file_of_the_same_incident(recorder: User) -> None:
    accepted("casualties", f"{HEAD}{HOME}погибла;;Петренко Олена;ж;;;;\n{HOME}ранен;;;м;;;;\n", recorder)
    text = f"{HEAD}{HOME}погибла;;ПЕТРЕНКО Олена;ж;;;;\n{HOME}ранен;;;м;;;;\n{HOME}погиб;;Коваль Иван;м;;;;\n"
    batch = accepted("casualties", text, recorder)
    assert (known(batch), codes(batch)) == (1, {3: {"perhaps_recorded"}})
    assert (Incident.objects.count(), Casualty.objects.count()) == (1, 4)


def test_what_cannot_be_is_refused(recorder: User) -> None:
    text = HEAD + (
        f"{HOME}погибли;3;Петренко Олена;;;;;\n{HOME}умер от ран;;;;;;;\n{HOME}погиб;;;;;05.08.2024;;\n"
        f"{HOME}погиб;0;;;;;;\n{HOME}погиб;;;;;;Некто;\n{HOME}погиб;;;;;;Районная больница;01.08.2024\n"
        "06.08.2090;RU-KRS-SUDZHANSKY;;;погиб;;;;;;;\n06.08.2024;Atlantis;;;погиб;;;;;;;\n"
        f"{HOME}ранен;;Коваль Иван;м;;;;\n{HOME}ранен;;коваль иван;м;;;;\n{HOME}ранен;;;ж;;;;\n{HOME}ранен;;;ж;;;;\n"
    )
    assert codes(staged("casualties", text, recorder)) == {
        2: {"group_with_name"}, 3: {"day_of_death"}, 4: {"day_of_death", "death_too_early"}, 5: {"people_range"},
        6: {"unknown_source"}, 7: {"too_early"}, 8: {"in_future"}, 9: {"unknown_region"},
        11: {"said_twice"}, 13: {"looks_the_same"},
    }  # fmt: skip


def test_it_is_taken_back_but_for_files_that_somebody_went_on_with(recorder: User) -> None:
    text = HEAD + f"{HOME}погибла;;Петренко Олена;ж;;;Районная больница;\n{HOME}ранен;;;м;;;;\n"
    batch = accepted("casualties", text, recorder)
    touched = Casualty.objects.get(outcome="injured")
    acts.inform_next_of_kin(casualty=touched, by=recorder)
    undone = batches.undo(batch=batch, by=recorder, reason="wrong file", partly=True)
    assert (len(undone.kept), undone.voided["casualty"], undone.voided["casualtysource"]) == (1, 1, 1)
    assert list(Casualty.objects.current()) == [touched]
    assert Incident.objects.current().count() == 1


def test_lists_of_victims_are_not_for_registrars(recorder: User) -> None:
    batch = staged("casualties", f"{HEAD}{HOME}погибла;;Петренко Олена;ж;;;;\n", recorder)
    registrar = user_in_role(Role.REGISTRAR, organisation=batch.organisation)
    assert Batch.objects.visible_to(recorder).count() == 1
    assert not Batch.objects.visible_to(registrar).exists()


def test_a_list_is_for_those_who_may_see_what_it_tells_of() -> None:
    assert {kind.name: kind.permission[0] for kind in KINDS.values()} == RESOURCES
