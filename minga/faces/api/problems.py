"""What can go wrong at this door, as problem details (RFC 9457), with the status of each."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from django.http import HttpResponse

from minga.core import problems
from minga.core.problems import Problem
from minga.web import machines

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "300"
CHALLENGE = 'Bearer realm="Minga", Basic realm="Minga", charset="UTF-8"'


STATUS: dict[str, HTTPStatus] = {
    problems.Malformed.code: HTTPStatus.BAD_REQUEST,
    problems.NotSignedIn.code: HTTPStatus.UNAUTHORIZED,
    problems.Forbidden.code: HTTPStatus.FORBIDDEN,
    problems.NotFound.code: HTTPStatus.NOT_FOUND,
    machines.MethodNotAllowed.code: HTTPStatus.METHOD_NOT_ALLOWED,
    problems.Conflict.code: HTTPStatus.CONFLICT,
    problems.TooLarge.code: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    machines.UnsupportedMediaType.code: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    problems.Invalid.code: HTTPStatus.UNPROCESSABLE_ENTITY,
    problems.StorageFull.code: HTTPStatus.INSUFFICIENT_STORAGE,
}


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong: what was found, what was expected and what to do."""

    type: str
    title: str
    status: int
    detail: str
    field: str = ""
    instance: str = ""


def response_of(problem: Problem) -> HttpResponse:
    """The answer that tells this problem.

    It says nothing of the request but what the message does, so what is forbidden and what does
    not exist are the same bytes.
    """
    status = STATUS.get(problem.code, HTTPStatus.BAD_REQUEST)
    details = ProblemDetails(
        type=f"urn:minga:problem:{problem.code}",
        title=status.phrase,
        status=status.value,
        detail=problem.message,
        field=problem.field,
    )
    response = HttpResponse(
        msgspec.json.encode(details), status=status.value, content_type=MEDIA_TYPE
    )
    if status is HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = CHALLENGE
    if isinstance(problem, machines.MethodNotAllowed):
        response["Allow"] = problem.allowed
    if status is HTTPStatus.INSUFFICIENT_STORAGE:
        response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def broken(request_id: str) -> HttpResponse:
    """The answer to what should not have happened. The log says more under the id."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    details = ProblemDetails(
        type="urn:minga:problem:broken",
        title=status.phrase,
        status=status.value,
        detail="Something broke in the hub; nothing was half stored. Tell the hub the instance.",
        instance=f"urn:minga:request:{request_id}",
    )
    return HttpResponse(msgspec.json.encode(details), status=status.value, content_type=MEDIA_TYPE)
