"""Contributions as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from minga.core.policy import Reader, Tlp
from minga.core.problems import NotFound
from minga.features.exchange.models import Submission
from minga.features.exchange.queries import parameters
from minga.store.objects import queries
from minga.store.objects.models import Contribution, Version
from minga.store.objects.words import searchable
from minga.store.people.models import Organisation

SEARCH_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What a list is narrowed to. `text` is words that must all occur, in any order."""

    kind: Contribution.Kind | None = None
    tlp: Tlp | None = None
    text: str = ""
    own: bool = False


def contributions(filters: ListFilters | None = None, *, reader: Reader) -> QuerySet[Contribution]:
    """The contributions this reader may see, newest first; in no order of relevance.

    A ranking would tell of words in contributions that he may not see.
    """
    filters = filters or ListFilters()
    found = queries.contributions(reader=reader)
    if filters.kind is not None:
        found = found.filter(kind=filters.kind)
    if filters.tlp is not None:
        found = found.filter(audience__tlp=filters.tlp)
    if filters.own:
        found = found.filter(producer=reader.organisation)
    for word in searchable(filters.text[:SEARCH_LENGTH]).split():
        found = found.filter(found_by__contains=word)
    return found


def contribution(uuid: str, *, reader: Reader) -> Contribution:
    """One contribution. Raises NotFound when there is none or it is out of sight."""
    return queries.contribution(uuid, reader=reader)


def speaker(contribution: Contribution, *, reader: Reader) -> Organisation:
    """Whose name stands above it: its producer's, or the hub's when the hub vouches for it.

    The producer himself sees his own name.
    """
    vouched = contribution.attribution == Contribution.Attribution.HUB
    if vouched and reader.organisation != contribution.producer_id:
        return Organisation.objects.get(role=Organisation.Role.HUB)
    return contribution.producer


def objects_in(contribution: Contribution, *, reader: Reader) -> QuerySet[Version]:
    """The newest readable version of each object it carries, as they came."""
    carried = queries.carried_by(contribution, reader=reader)
    later: dict[str, tuple[int, int]] = {}
    for version in carried.only("pk", "stix_id", "modified_us"):
        if version.modified_us >= later.get(version.stix_id, (-1, 0))[0]:
            later[version.stix_id] = (version.modified_us, version.pk)
    return carried.filter(pk__in=parameters.rows([pk for _, pk in later.values()]))


def versions_of(stix_id: str, *, reader: Reader) -> QuerySet[Version]:
    """All versions of an object that this reader may see, newest first."""
    newest = queries.newest(stix_id, reader=reader)
    return (
        queries.readable(reader=reader)
        .filter(stix_id=stix_id, lineage=newest.lineage)
        .order_by("-modified_us")
    )


def object_version(stix_id: str, *, reader: Reader) -> Version:
    """The newest version of an object. Raises NotFound when it is out of sight."""
    return queries.newest(stix_id, reader=reader)


def submission(uuid: str, *, reader: Reader) -> Submission:
    """What became of a bundle. Raises NotFound for everybody but who submitted it."""
    found = Submission.objects.filter(uuid=uuid, organisation=reader.organisation).first()
    if found is None:
        raise NotFound(f"No status {uuid} is visible to you.")
    return found
