"""The table of addresses: every address with its methods and who may enter."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.utils import replace_named_groups
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from ninja.operation import PathView

from minga.web.doors import Entrance, Fresh, entrance_of, freshness_of

READING = {"HEAD", "OPTIONS"}
"""Methods that say nothing more: HEAD is GET without a body, OPTIONS lists the others."""


@dataclass(frozen=True)
class Address:
    """One address. `methods` is empty when its view does not say which it answers.

    A route that ends in an ellipsis takes whatever stands below it and nowhere else.
    """

    route: str
    methods: tuple[str, ...]
    entrance: Entrance | None
    fresh: Fresh


def addresses() -> list[Address]:
    """Every address of the hub, in the order of the table.

    ninja lists an address once for each of its methods, each time with all of them.
    """
    listed = (
        Address(route, methods_of(view), entrance_of(view), freshness_of(view))
        for route, view in _walk(get_resolver())
    )
    return list(dict.fromkeys(listed))


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods that a view answers, however it says so, below whatever is wrapped around it."""
    if not inspect.isfunction(view):
        return ()
    kept = inspect.getclosurevars(view).nonlocals
    if isinstance(kept.get("self"), PathView):
        return _sorted(m for operation in kept["self"].operations for m in operation.methods)
    for name in ("request_method_list", "views"):
        if name in kept:
            return _sorted(kept[name])
    inner = getattr(view, "__wrapped__", None) or kept.get("view")
    return methods_of(inner) if inner is not None else ()


def _sorted(methods: Any) -> tuple[str, ...]:
    return tuple(sorted({method.upper() for method in methods} - READING))


def _walk(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in resolver.url_patterns:
        route = before + _readable(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from _walk(pattern, route)


def _readable(pattern: Any) -> str:
    """The route as one writes it: a regular expression with its groups by their names."""
    route = str(pattern)
    if isinstance(pattern, RegexPattern):
        whole = replace_named_groups(route).removeprefix("^")
        route = whole.removesuffix(r"\Z").rstrip("?") if whole.endswith(r"\Z") else f"{whole}…"
    return route
