"""The diagrams of states say what the tables of transitions say."""

from dataclasses import replace

import pytest

from config.management.commands.document_states import PAGES, WORKFLOWS, Workflow, page


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.page)
def test_the_page_is_as_the_table_is(workflow: Workflow) -> None:
    committed = (PAGES / workflow.page).read_text(encoding="utf-8")
    assert committed == page(workflow), "Run `manage.py document_states`."


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.page)
def test_a_way_that_is_taken_out_of_the_table_leaves_the_page(workflow: Workflow) -> None:
    less = replace(workflow, transitions={**workflow.transitions, workflow.first: frozenset()})
    assert page(less) != page(workflow)
    assert f"    {workflow.first.value} --> [*]" in page(less).splitlines()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.page)
def test_every_way_is_drawn_once(workflow: Workflow) -> None:
    drawn = [line for line in page(workflow).splitlines() if " --> " in line and "[*]" not in line]
    assert len(set(drawn)) == len(drawn) == sum(len(onward) for onward in workflow.transitions.values())
