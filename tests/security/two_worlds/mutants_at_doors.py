"""More planted leaks: in answers themselves, and in what tells of people, keys and acts."""

from __future__ import annotations

import importlib
from typing import Any

from tests.security.two_worlds.mutants import PLANTS, SWAPPED, mutant, plant, swapped

__all__ = ["PLANTS", "SWAPPED", "plant"]  # with those of this file among them


def _everything() -> int:
    """How much there is, seen or not."""
    from minga.store.objects.models import Contribution, Version

    return Version.objects.count() + Contribution.objects.count()


@mutant(where=r"^api/v1/(organisations|circles)$")
def a_tag_follows_from_everybodys() -> None:
    """The tag of an answer changes whenever anything does."""
    from minga.faces.api import answering

    whole = answering.unless_known

    def tagged(request: Any, response: Any) -> Any:
        answer = whole(request, response)
        answer["ETag"] = f'"{_everything()}"'
        return answer

    answering.unless_known = tagged


@mutant(where=r"collections")
def a_header_says_how_much_there_is() -> None:
    """TAXII's answers carry the total."""
    from minga.faces.taxii import views

    whole = views.answer

    def counted(body: bytes, **options: Any) -> Any:
        answer = whole(body, **options)
        answer["X-Total"] = str(_everything())
        return answer

    views.answer = counted


@mutant(where=r"collection>.*(objects|manifest)")
def the_last_date_is_everybodys() -> None:
    """A poller is told when anything was last added."""
    from minga.faces.taxii import times, views
    from minga.store.objects.models import Publication

    whole = views._listing

    def dated(page: Any, body: bytes) -> Any:
        answer = whole(page, body)
        last = Publication.objects.order_by("-added_at").values_list("added_at", flat=True)[0]
        answer["X-TAXII-Date-Added-Last"] = times.text_of(last)
        return answer

    views._listing = dated


@mutant(where=r"^api/v1/whoami$")
def who_i_am_tells_how_many_there_are() -> None:
    """The caller's own card counts what everybody shared."""
    from minga.faces.api import translation

    whole = translation.who_am_i

    def told(actor: Any, *, hub: str) -> Any:
        return whole(actor, hub=f"{hub} {_everything()}")

    translation.who_am_i = told


@mutant(where=r"api/v1/objects/<stix_id>$|api/v1/contributions/<uuidstr:uuid>$")
def what_is_not_found_is_counted() -> None:
    """The words of a refusal say among how many was looked."""
    from minga.faces.api import problems

    whole = problems.response_of

    def counted(problem: Any) -> Any:
        answer = whole(problem)
        answer["X-Looked-Through"] = str(_everything())
        return answer

    problems.response_of = counted


@mutant(where=r"^circles/$|api/v1/circles")
def circles_of_others_are_listed() -> None:
    """Every circle is known to everybody."""
    from minga.features.membership import queries
    from minga.store.audiences.models import Circle

    members = importlib.import_module("minga.features.membership.queries.members")

    def circles(*, reader: Any) -> Any:
        return Circle.objects.select_related("steward").order_by("name", "pk")

    members.circles = queries.circles = circles


@mutant(where=r"^people/<uuid:person>/$")
def a_person_is_found_by_his_id_alone() -> None:
    """Whoever knows an id is shown the person."""
    from minga.store.people.models import Person

    members = importlib.import_module("minga.features.membership.queries.members")
    members.people = lambda *, reader: Person.objects.select_related("organisation")


@mutant(where=r"^people/$")
def a_house_lists_everybodys_people() -> None:
    """The list of one's own people holds those of others."""
    from minga.features.membership import queries
    from minga.store.people.models import Person

    queries.people_of = lambda _organisation, *, reader: Person.objects.select_related(
        "organisation"
    ).order_by("name", "pk")


@mutant(where=r"^keys/$|^agreement/$")
def a_house_lists_everybodys_keys() -> None:
    """The list of one's own keys holds those of others."""
    from minga.features.membership import queries
    from minga.store.people.models import Key

    queries.keys_of = lambda _organisation, *, reader: Key.objects.select_related(
        "organisation", "created_by"
    ).order_by("name", "pk")


@mutant(where=r"^agreement/acts/<uuid")
def an_act_is_found_by_its_id_alone() -> None:
    """Whoever knows the id of an act reads it."""
    from dataclasses import replace

    from minga.features.membership import queries

    acts = importlib.import_module("minga.features.membership.queries.acts")
    whole = acts.act
    acts.act = queries.act = lambda uuid, *, reader: whole(
        uuid, reader=replace(reader, is_hub=True)
    )


@mutant(where=r"^sign-in/$")
def the_door_counts_failures_of_others() -> None:
    """Whoever comes to the door is told how often somebody failed."""
    from minga.store.journal.models import Entry
    from minga.web.middleware import Doors

    whole = Doors.__call__

    def counted(self: Any, request: Any) -> Any:
        answer = whole(self, request)
        answer["X-Tries"] = str(Entry.objects.count())
        return answer

    Doors.__call__ = counted


@mutant(where=r"^alerts/$")
def a_page_is_as_young_as_anything() -> None:
    """A list says when anything was last changed."""
    from django.utils.http import http_date

    from minga.store.objects.models import Contribution
    from minga.web.middleware import Doors

    whole = Doors.__call__

    def dated(self: Any, request: Any) -> Any:
        answer = whole(self, request)
        last = Contribution.objects.order_by("-updated_at").first()
        answer["Last-Modified"] = http_date(last.updated_at.timestamp()) if last else "never"
        return answer

    Doors.__call__ = dated


@mutant(where=r"^(members|api/v1/organisations)")
def who_was_invited_is_told() -> None:
    """The directory names who has signed nothing yet."""
    from dataclasses import replace

    from minga.features.membership.queries import directory

    whole = directory.belonging
    directory.belonging = lambda *, reader: whole(reader=replace(reader, is_hub=True))
    from minga.features.membership import queries

    queries.belonging = directory.belonging


@mutant(where=r"^people/")
def an_address_in_use_is_refused_to_who_invites() -> None:
    """Whoever invites learns that somebody has an account elsewhere."""
    from minga.features.membership.services import people
    from minga.store.people.actors import Power

    class Mighty:
        powers = frozenset({Power.ADMINISTER_HUB})

    whole = people._refuse_used
    people._refuse_used = lambda person, *, by: whole(person, by=Mighty())


@swapped
def the_hub_vouches_for_nobody() -> None:
    """What the hub should vouch for goes out in its sender's own name."""
    from dataclasses import replace

    from minga.features.exchange import services

    whole = services.share

    def named(draft: Any, **options: Any) -> Any:
        return whole(replace(draft, attribution="own"), **options)

    services.share = named
