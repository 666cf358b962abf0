"""The policy: what is not listed is refused, and what must stay apart does."""

import pytest
from django.apps import apps

from accounts.policy import POLICY, Reach, Role, reach_of

ACTIONS = {
    "view",
    "add",
    "change",
    "delete",
    "void",
    "verify",
    "review",
    "publish",
    "choose",
    "approve",
    "end",
    "reset",
    "reveal",
    "download",
}
#: Of reports, and of errata, the audiences besides the public.
ACTIONS |= {"view_partners", "view_internal"}
#: Records that say who a person is or where they sleep.
PEOPLE = {
    "displacement.household",
    "displacement.householdgroup",
    "displacement.person",
    "displacement.personneed",
    "displacement.consent",
    "displacement.movement",
    "shelters.stay",
}


def test_every_role_is_in_the_policy() -> None:
    assert set(POLICY) == set(Role)


def test_it_speaks_of_models_and_actions_that_exist() -> None:
    models = {model._meta.label_lower for model in apps.get_models()}
    models |= {"exchange.change", "exchange.sharedperson", "reports.figure"}  # told, and no rows of their own
    for rules in POLICY.values():
        assert rules.keys() <= models
        assert all(rule.actions.keys() <= ACTIONS for rule in rules.values())


@pytest.mark.parametrize("role", list(Role))
def test_what_is_not_listed_is_refused(role: Role) -> None:
    assert reach_of(role, "displacement.nothing", "view") is None
    assert reach_of(role, "reports.edition", "destroy") is None


def test_people_are_seen_by_their_own_organisation_only() -> None:
    wide = [
        (role, resource)
        for role, rules in POLICY.items()
        for resource, rule in rules.items()
        if resource in PEOPLE and set(rule.actions.values()) != {Reach.OWN}
    ]
    assert wide == []


@pytest.mark.parametrize(
    "role",
    [
        Role.REGIONAL_COORDINATOR,
        Role.PUBLISHER,
        Role.REPORT_RECIPIENT,
        Role.ORGANISATION_ADMIN,
        Role.AUDITOR,
        Role.CASUALTY_VERIFIER,
    ],
)
def test_who_works_with_numbers_sees_no_people(role: Role) -> None:
    assert not PEOPLE & POLICY[role].keys()


def test_nobody_records_and_verifies() -> None:
    both = [
        role
        for role in Role
        if reach_of(role, "displacement.casualty", "add")
        and reach_of(role, "displacement.casualty", "verify")
    ]
    assert both == []


def test_facts_are_never_deleted_and_audit_is_read_only() -> None:
    for rules in POLICY.values():
        assert [name for name, rule in rules.items() if "delete" in rule.actions] in (
            [],
            ["accounts.membership"],
        )
        audit = rules.get("audit.auditevent")
        assert audit is None or audit.actions.keys() == {"view"}


def test_partner_systems_read_add_and_correct_and_take_nothing_back_but_their_own_lists() -> None:
    rules = POLICY[Role.PARTNER_SYSTEM]
    lists = {"intake.batch", "intake.mapping"}
    acts = {(name, act) for name, rule in rules.items() if name not in lists for act in rule.actions}
    assert {act for _name, act in acts} == {"view", "view_partners", "add", "change"}
    changed = {name for name, act in acts if act == "change"}
    assert changed == {"displacement.household", "displacement.person"}
    assert {reach for name in changed for reach in rules[name].actions.values()} == {Reach.OWN}
    assert all(rules[name] == POLICY[Role.REGISTRAR][name] for name in lists)


def test_a_shelter_manager_sees_every_shelter_of_the_region_and_changes_their_own() -> None:
    assert reach_of(Role.SHELTER_MANAGER, "shelters.shelter", "view") is Reach.REGION
    assert reach_of(Role.SHELTER_MANAGER, "shelters.shelter", "change") is Reach.OWN


def test_exact_figures_and_exact_reports_are_for_the_same_roles() -> None:
    for role in Role:
        exact = reach_of(role, "reports.figure", "view")
        for resource in ("reports.edition", "reports.erratum"):
            assert reach_of(role, resource, "view_internal") == exact, role
            assert reach_of(role, resource, "view_partners"), role
    assert not reach_of(Role.REPORT_RECIPIENT, "reports.edition", "view_internal")
