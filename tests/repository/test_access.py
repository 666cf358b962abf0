"""Nothing is served, stored or done that the policy does not name: routes, models, fields of answers, filters, and tasks."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import get_resolver

from accounts.bounds import BOUNDS
from accounts.fields import classes_of
from accounts.policy import POLICY, FieldClass
from accounts.routes import Entry, api_entry, desk_entry, page_entry, tables, task_entry
from config.api_urls import router
from config.celery import app as celery
from tests.api.routes import ROUTES
from tests.repository.source import PACKAGES, ROOT, name, product_files, tree

#: Tables that nobody reaches by themselves: they are read with what they belong to, which the policy names.
PARTS = {
    "accounts.breakglassnotice": "accounts.breakglass",
    "accounts.clientask": "accounts.client",
    "accounts.clientnotice": "accounts.client",
    "accounts.breakglassreport": "accounts.breakglass",
    "accounts.clientsecret": "accounts.client",
    "accounts.clienttoken": "accounts.client",
    "accounts.idempotencykey": "accounts.user",
    "audit.seal": "audit.auditevent",
    "displacement.claimlink": "displacement.claim",
    "displacement.claimwithdrawal": "displacement.claim",
    "displacement.duplicatesearch": "displacement.possibleduplicate",
    "displacement.householdjoin": "displacement.householdchange",
    "displacement.pairword": "displacement.possibleduplicate",
    "displacement.repointing": "displacement.merge",
    "displacement.searchedperson": "displacement.possibleduplicate",
    "displacement.takenover": "displacement.merge",
    "intake.batchpart": "intake.batch",
    "intake.finding": "intake.batch",
    "intake.stagedrow": "intake.batch",
    "regions.regioncode": "regions.region",
    "regions.regionname": "regions.region",
    "reports.confirmationmail": "reports.subscription",
    "reports.editionfile": "reports.edition",
    "reports.subscriptionregion": "reports.subscription",
    "roster.alarmnotice": "roster.alarm",
    "roster.exportpart": "roster.peopleexport",
    "reports.trialmail": "reports.edition",
}


def _names(resolver: Any, namespace: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _names(pattern, pattern.namespace or namespace)
        else:
            yield namespace, pattern.name or ""


def _api_names() -> Iterator[tuple[str, str]]:
    for pattern in router.urls:
        view: Any = pattern.callback
        for act in view.actions.values():
            yield view.initkwargs["basename"], act


def test_every_address_has_an_entry() -> None:
    missing = [
        (namespace, address)
        for namespace, address in _names(get_resolver())
        if namespace != "api"
        and (desk_entry(address) if namespace == "admin" else page_entry(address)) is None
    ]
    missing += [each for each in _api_names() if api_entry(*each) is None]
    assert missing == []


def test_every_task_has_an_entry_and_every_entry_a_task() -> None:
    celery.loader.import_default_modules()
    tasks = {task for task in celery.tasks if not task.startswith("celery.")}
    assert {task for task in tasks if task_entry(task) is None} == set()
    assert tables()["tasks"].keys() - tasks == set()


def test_no_entry_is_left_of_what_is_gone() -> None:
    views = {(view, act) for view, acts in tables()["api"].items() for act in acts if act != "resource"}
    assert views - set(_api_names()) == set()
    addresses = set(_names(get_resolver()))
    assert {each for each in tables()["pages"] if ("", each) not in addresses} == set()
    assert {each for each in tables()["desk"]["named"] if ("admin", each) not in addresses} == set()


def test_entries_speak_of_kinds_of_record_and_say_why() -> None:
    known = {resource for rules in POLICY.values() for resource in rules}
    found: list[Entry | None] = [api_entry(*each) for each in _api_names()]
    found += [task_entry(each) for each in tables()["tasks"]]
    for entry in found:
        assert entry
        assert entry.resource in known if entry.door is None else len(entry.why) > 10


def test_the_table_of_routes_that_tests_know_says_the_same() -> None:
    """Two people wrote down what each address stands for: one in the policy, one in the tests."""
    told = {(route.resource, route.action) for route in ROUTES}
    meant = {(entry.resource, entry.action) for each in _api_names() if (entry := api_entry(*each))}
    assert meant - told <= {("intake.submission", "add"), ("intake.koboform", "view")}
    assert told - meant == set()


def test_every_model_has_a_line_or_belongs_to_one_that_has() -> None:
    known = {resource for rules in POLICY.values() for resource in rules}
    alone = {
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.app_label in PACKAGES and model._meta.label_lower not in known
    }
    assert alone == PARTS.keys()
    assert set(PARTS.values()) <= known
    assert BOUNDS.keys() <= known
    assert {model._meta.label_lower for model in admin.site._registry} - known == {"auth.group"}


def test_whoever_writes_a_record_sees_all_of_it() -> None:
    """So that no form asks for what its reader may not see."""
    short = [
        (role, resource)
        for role, rules in POLICY.items()
        for resource, rule in rules.items()
        if {"add", "change", "void"} & rule.actions.keys()
        and not set(classes_of(resource).values()) - {FieldClass.HIDDEN} <= rule.sees
    ]
    assert short == []


def test_whoever_sees_a_record_recognises_it() -> None:
    """Titles, matches and searches name records by their columns of identity."""
    blind = [
        (role, resource)
        for role, rules in POLICY.items()
        for resource, rule in rules.items()
        if FieldClass.IDENTITY not in rule.sees and FieldClass.IDENTITY in classes_of(resource).values()
    ]
    assert blind == []


def test_filters_by_what_is_no_lookup_say_what_they_ask() -> None:
    unsaid = []
    views: list[Any] = [view for _prefix, view, _name in router.registry]
    for view in views:
        filters = getattr(getattr(view, "filterset_class", None), "base_filters", {})
        if set(classes_of(view.resource).values()) <= {FieldClass.OPEN}:
            continue
        for each, asked in filters.items():
            if asked.method and each not in getattr(view, "filter_reads", {}):
                columns = {field.name for field in view.model._meta.get_fields()}
                if asked.field_name.split("__")[0] not in columns:
                    unsaid.append(f"{view.__name__}.{each}")
    assert unsaid == []


def _shortcuts(module: ast.AST) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr == "is_superuser":
            yield node.lineno


def test_nobody_is_let_past_the_policy() -> None:
    """The one place that asks who is a superuser makes a keeper of them."""
    asking = [
        f"{name(path)}:{line}"
        for path in product_files()
        if path != ROOT / "accounts" / "models" / "user.py"
        for line in _shortcuts(tree(path))
    ]
    assert asking == []


@pytest.mark.parametrize("source", ["if user.is_superuser: pass", "x = self.request.user.is_superuser or y"])
def test_a_shortcut_would_be_found(source: str) -> None:
    assert list(_shortcuts(ast.parse(source))) == [1]
