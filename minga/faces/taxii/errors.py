"""What can go wrong at this door, and how TAXII says it. The one place that knows status codes."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from msgspec import UNSET, UnsetType

from minga.core import problems
from minga.core.problems import Problem
from minga.web import machines

STATUS: dict[type[Problem], HTTPStatus] = {
    problems.Malformed: HTTPStatus.BAD_REQUEST,
    problems.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    problems.Forbidden: HTTPStatus.FORBIDDEN,
    problems.NotFound: HTTPStatus.NOT_FOUND,
    machines.MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    machines.NotAcceptable: HTTPStatus.NOT_ACCEPTABLE,
    problems.Conflict: HTTPStatus.CONFLICT,
    problems.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    machines.UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    problems.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    problems.StorageFull: HTTPStatus.INSUFFICIENT_STORAGE,
}
# The reference server says these words, and clients are tested against it.
TITLE = "ProcessingError"
UNPROCESSABLE = "While processing supplied content, an error occurred"
CHALLENGE = 'Basic realm="TAXII", charset="UTF-8"'
RETRY_AFTER_SECONDS = "300"


class Error(msgspec.Struct, frozen=True):
    """The error resource. TAXII 2.1, section 3.6.1."""

    title: str
    description: str
    error_code: str
    http_status: str
    error_id: str | UnsetType = UNSET
    details: dict[str, str] | UnsetType = UNSET


def status_of(problem: Problem) -> HTTPStatus:
    """The HTTP status that says this problem."""
    kinds = (kind for kind in type(problem).__mro__ if kind in STATUS)
    return STATUS[next(kinds, problems.Malformed)]


def headers_of(problem: Problem) -> dict[str, str]:
    """The headers that HTTP wants beside the status."""
    match problem:
        case problems.NotSignedIn():
            return {"WWW-Authenticate": CHALLENGE}
        case machines.MethodNotAllowed():
            return {"Allow": problem.allowed}
        case problems.StorageFull():
            return {"Retry-After": RETRY_AFTER_SECONDS}
    return {}


def resource_of(problem: Problem) -> Error:
    """The error resource for this problem.

    It carries no error_id: what is forbidden and what does not exist must give the same bytes.
    """
    status = status_of(problem)
    says = problem.message
    if status is HTTPStatus.UNPROCESSABLE_ENTITY:
        says = f"{UNPROCESSABLE}. {says}"
    return Error(
        title=TITLE,
        description=says,
        error_code=problem.code,
        http_status=str(status.value),
        details={"field": problem.field} if problem.field else UNSET,
    )


def broken(request_id: str) -> Error:
    """The error resource for what should not have happened. The log says more under the id."""
    return Error(
        title=TITLE,
        description="Something broke in the hub; nothing was half stored. Tell the hub the id.",
        error_code="broken",
        http_status=str(HTTPStatus.INTERNAL_SERVER_ERROR.value),
        error_id=request_id,
    )
