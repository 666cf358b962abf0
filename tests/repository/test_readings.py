"""No address shows records of people without leaving a trace of who looked: found by walking all addresses."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic import RedirectView

from accounts.api.views import ScopedViewSet
from accounts.field_classes import telling_of_people
from audit.admin import ReadAdmin

#: Addresses that belong to no kind of record. What shows people does not belong here.
OF_NOBODY = {
    "health-live",
    "health-ready",
}


def _patterns(resolver: Any) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


def _unnoted(admins: dict[Any, Any]) -> list[str]:
    """Addresses of the desk that tell of people and leave no trace."""
    found = []
    for model, theirs in admins.items():
        if model._meta.label_lower not in telling_of_people():
            continue
        if not isinstance(theirs, ReadAdmin):
            found.append(model._meta.label)
            continue
        found += [
            f"{model._meta.label} {pattern.name}"
            for pattern in theirs.urls
            if pattern.name not in theirs.shows_nobody
            and getattr(pattern.callback, "view_class", None) is not RedirectView
            and not getattr(pattern.callback, "notes_readings", False)
        ]
    return found


def test_every_page_of_the_desk_that_tells_of_people_leaves_a_trace() -> None:
    assert _unnoted(admin.site._registry) == []


def test_a_page_that_goes_its_own_way_would_be_named() -> None:
    """The control: a kind of record whose addresses are Django's own."""
    (model, theirs), *_rest = [
        each for each in admin.site._registry.items() if each[0]._meta.label_lower in telling_of_people()
    ]

    class Careless(type(theirs)):  # type: ignore[misc]  # whatever class it is
        urls = property(lambda self: self.get_urls())

    assert _unnoted({model: Careless(model, admin.site)}) != []
    assert _unnoted({model: admin.ModelAdmin(model, admin.site)}) == [model._meta.label]


def test_every_view_of_the_api_that_tells_of_people_leaves_a_trace() -> None:
    views = {
        pattern.callback.cls for pattern in _patterns(get_resolver()) if hasattr(pattern.callback, "cls")
    }
    careless = [
        view.__name__
        for view in views
        if getattr(view, "resource", None) in telling_of_people()
        and (not issubclass(view, ScopedViewSet) or view.dispatch is not ScopedViewSet.dispatch)
    ]
    assert len(views) > 15
    assert careless == []
