"""The request as pages see it once `middleware.Doors` has let it in."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from minga.store.people.actors import Actor
from minga.web.sessions import Arrival


class PageRequest(HttpRequest):
    """A request for a page, by anybody."""

    id: str
    htmx: HtmxDetails


class ActorRequest(PageRequest):
    """A request of somebody who is signed in."""

    actor: Actor


class ArrivalRequest(PageRequest):
    """A request of somebody who showed a first factor and owes the second."""

    arrival: Arrival
