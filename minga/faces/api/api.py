"""The operations of version 1, gathered, and how ninja's own errors are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pydantic
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from minga.core.problems import Invalid, Malformed, Problem
from minga.core.stix.faults import quote
from minga.faces.api import problems
from minga.faces.api.bodies import StrictParser
from minga.faces.api.views import bundles, contributions, giving_back, lookup, members, objects

MOST_TOLD = 5

api = NinjaAPI(
    title="Minga",
    version="1",
    description=(
        "Share and read threat information. For the next page of a list, send the `next` of its "
        "answer as `cursor`. A list is JSON, or CSV when the path ends in .csv or Accept prefers "
        "it. Send its ETag as If-None-Match, and the answer is 304 until the list changes."
    ),
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
    urls_namespace="api",
)
for module in (members, contributions, objects, lookup, giving_back, bundles):
    api.add_router("", module.router)


def only_named_parameters(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse query parameters that the operation does not name: a typing error is no filter."""
    operation: Any = run.__self__  # type: ignore[attr-defined] # ninja decorates bound methods
    named: set[str] = set()
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            named |= set(model.__ninja_flatten_map__)

    def checked(request: HttpRequest, **path: Any) -> HttpResponse:
        for key in request.GET:
            if key not in named:
                known = ", ".join(sorted(named)) or "none"
                raise Invalid(
                    f"The parameter {key[:60]!r} is not one of this address; there are: {known}.",
                    field=key[:60],
                )
        return run(request, **path)

    return checked


api.add_decorator(only_named_parameters, mode="view")


@api.exception_handler(Problem)
def tell(_request: HttpRequest, problem: Problem) -> HttpResponse:
    """What a feature or the door found wrong."""
    return problems.response_of(problem)


@api.exception_handler(HttpError)
def tell_unreadable(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What our parser found, which ninja wraps."""
    cause = error.__cause__
    return problems.response_of(cause if isinstance(cause, Problem) else Malformed(str(error)))


@api.exception_handler(ValidationError)
def tell_invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What breaks a schema, as ninja collected it."""
    return problems.response_of(_as_problem(error.errors))


@api.exception_handler(pydantic.ValidationError)
def tell_invalid_body(_request: HttpRequest, error: pydantic.ValidationError) -> HttpResponse:
    """What breaks a schema that a view read by itself."""
    return problems.response_of(_as_problem(error.errors(include_url=False, include_context=False)))


def _as_problem(errors: Any) -> Invalid:
    """The first few faults, each with its place and what was found there."""
    told = [f"{_place(each)}: found {quote(each.get('input'))}; {each['msg']}." for each in errors]
    field = _place(errors[0]) if errors else ""
    return Invalid(" ".join(told[:MOST_TOLD]), field=field)


def _place(error: Any) -> str:
    """`codes.0.scheme`, without the names that our functions give to their arguments."""
    parts = [str(part) for part in error["loc"]]
    skipped = {"body", "query", "path", "header", "asked"}
    while len(parts) > 1 and parts[0] in skipped:
        parts = parts[1:]
    return ".".join(parts)
