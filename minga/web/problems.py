"""From a problem to the page that says it: the one place that knows status codes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.core import problems
from minga.core.problems import Problem
from minga.store import outbound, turns
from minga.web.doors import broken_of
from minga.web.proofs import Standing
from minga.web.redirects import see
from minga.web.sessions import actor_of, arrival_of

STATUS: dict[str, int] = {
    problems.NotFound.code: 404,
    problems.Invalid.code: 400,
    problems.Malformed.code: 400,
    problems.NotSignedIn.code: 403,
    problems.Forbidden.code: 403,
    problems.Conflict.code: 409,
    problems.TooLarge.code: 413,
    turns.Busy.code: 429,
    outbound.Unreachable.code: 502,
    problems.StorageFull.code: 507,
}

WAITS_AT = {Standing.SECOND: "sign-in-second", Standing.ENROL: "enrol"}
"""The page where each kind of half session goes on."""

_TITLES: dict[int, Promise] = {
    400: _("We could not read that"),
    403: _("That is not open to you"),
    404: _("We could not find this page"),
    409: _("That was already said with other words"),
    413: _("That is too large"),
    429: _("The hub is busy with the same"),
    500: _("Something broke on our side"),
    502: _("Another server did not answer"),
    507: _("The hub's disk is full"),
}
_WORDS: dict[int, Promise] = {
    400: _("Go back, check what you sent and try again."),
    403: _("Your role does not allow it. Ask the counterpart of your organisation."),
    404: _("It may not exist, or it may not be shared with your organisation."),
    409: _("What was there stays as it was. Reload the page to see it."),
    413: _("Send it in parts, or ask the hub how."),
    429: _("Nothing was stored. Try again in a minute."),
    500: _("Nothing of what you sent was half stored. Try again; if it stays, tell the hub."),
    502: _("Try again in a while; if it stays, tell who runs that server."),
    507: _("Nothing was stored and nothing was lost. Tell the hub, and try again later."),
}


def page_of(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The page that tells this problem.

    What does not exist and what is out of sight are one page: of a `NotFound` nothing is shown
    but that. Whoever is not signed in is asked to do so first.
    """
    status = STATUS.get(problem.code, 400)
    return page(status, request, details=None if status == 404 else problem)


def page(status: int, request: HttpRequest, *, details: Problem | None = None) -> HttpResponse:
    """The page for a status, with the problem in the words we have for it."""
    layout = "web/frame.html" if actor_of(request) else "web/door.html"
    context = _context(status, layout)
    if details is not None and words_of(details) != str(context["words"]):
        is_ours = (details.code, details.field) in _SAID
        context |= {"details": words_of(details), "details_language": "" if is_ours else "en"}
    return render(request, "web/problem.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - named by Django
    """Django's handler400."""
    return page(400, request)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - named by Django
    """Django's handler403."""
    return page(403, request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - named by Django
    """Django's handler404: the very page that hides what the reader may not see."""
    return page(404, request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500. It asks neither database nor session: either may be what broke.

    Doors of machines say it in their own protocol.
    """
    request_id = getattr(request, "id", "")
    match = request.resolver_match
    if match is not None and (broken := broken_of(match.func)) is not None:
        return broken(request_id)
    context = _context(500, "web/door.html") | {"request_id": request_id}
    return HttpResponse(render_to_string("web/problem.html", context), status=500)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send somebody who is not signed in to the door, and back here afterwards.

    Who is arriving goes on with that.
    """
    arrival = arrival_of(request)
    if arrival is not None:
        return see(reverse(WAITS_AT[arrival.standing]), request=request)
    door = reverse("sign-in")
    if request.method in {"GET", "HEAD"} and request.path != "/":
        door += "?" + urlencode({"next": request.get_full_path()})
    return see(door, request=request)


def _context(status: int, layout: str) -> dict[str, Any]:
    return {
        "layout": layout,
        "title": _TITLES.get(status, _TITLES[400]),
        "words": _WORDS.get(status, _WORDS[400]),
        "status": status,
    }


def tell(problem: Problem, form: Form, *, instead: dict[str, str] | None = None) -> None:
    """Put a problem where it belongs in a form, in the reader's language where we have the words.

    `instead` names the form's field for a field that it calls otherwise.
    """
    field = (instead or {}).get(problem.field, problem.field)
    form.add_error(field if field in form.fields else None, words_of(problem))


def words_of(problem: Problem) -> str:
    """What to say of a problem: our translation by its code and field, else its own message."""
    said = _SAID.get((problem.code, problem.field))
    return str(said) if said else problem.message


_SAID: dict[tuple[str, str], Promise] = {
    ("forbidden", ""): _("Your role does not allow it. Ask the counterpart of your organisation."),
    ("storage-full", ""): _("The hub's disk is full. Nothing was stored and nothing was lost."),
    ("invalid", "audience"): _("That audience cannot be. Look at the label and at whom you chose."),
    ("invalid", "title"): _("Write a title of at most 300 characters."),
    ("invalid", "observables"): _("There are too many observables. Send them as a bundle."),
    ("invalid", "kind"): _("The kind cannot change so much. Share it anew."),
    ("invalid", "revoked"): _("It was withdrawn, for good. Share it anew."),
    ("invalid", "note"): _("The note is too long. Keep it under 2,000 characters."),
    ("invalid", "count"): _("Write how many times: 1 or more."),
    ("invalid", "role"): _("Give somebody else the power to administer first."),
    ("invalid", "factor"): _("It is the last one. Set up another first."),
    ("forbidden", "role"): _("That role has powers that you lack."),
    ("conflict", "email"): _("The address is in use. Choose another."),
    ("invalid", "security_phone"): _("Write it with the country first, such as +56 2 2345 6789."),
    ("invalid", "security_email"): _("Write an e-mail address, such as csirt@example.cl."),
    ("invalid", "security_web"): _("Write a web address, such as https://example.cl/security."),
    ("busy", "pdf"): _("The hub looks at other signed files now. Try again in 60 seconds."),
    ("not-found", ""): _("It may not exist, or it may not be shared with your organisation."),
}
