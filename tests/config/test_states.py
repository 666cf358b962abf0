"""The diagrams of the reference are those of the tables."""

from config.management.commands.document_states import PAGE, WAYS, page


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run `manage.py document_states`."


def test_every_state_can_be_reached_from_the_first() -> None:
    for way in WAYS:
        states = list(way.transitions)
        reached, waiting = set(), [states[0]]
        while waiting:
            state = waiting.pop()
            if state not in reached:
                reached.add(state)
                waiting.extend(way.transitions[state])
        assert reached == set(states), way.title
