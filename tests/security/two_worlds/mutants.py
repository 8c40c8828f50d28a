"""Planted leaks: each makes the hub tell something of what is out of sight, in one place.

The two-world test has to find every one of them; a test that does not cannot be trusted.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Plant:
    """A leak, and the addresses through which it shows: a pattern over the table's patterns."""

    act: Callable[[], None]
    where: str


PLANTS: dict[str, Plant] = {}


SWAPPED: dict[str, Callable[[], None]] = {}
"""Leaks of who sent, which only the swap of two senders shows."""


def plant(name: str) -> None:
    """Put this leak into the running program."""
    (SWAPPED.get(name) or PLANTS[name].act)()


def swapped(act: Callable[[], None]) -> None:
    """Note a leak of who sent."""
    SWAPPED[act.__name__] = act


def mutant(*, where: str) -> Callable[[Callable[[], None]], None]:
    def note(act: Callable[[], None]) -> None:
        PLANTS[act.__name__] = Plant(act, where)

    return note


@mutant(where=r"collection>.*(objects|manifest)")
def a_hidden_copy_hides_a_visible_one() -> None:
    """The first copy of a version wins, whoever may read it."""
    from minga.store.objects import reading

    def unless(_self: Any, alias: str, *conditions: str) -> str:
        return (
            f"NOT EXISTS (SELECT 1 FROM objects_publication {alias}"
            f" WHERE {alias}.stix_id = p.stix_id AND {' AND '.join(conditions)})"
        )

    reading._Query._unless = unless
    reading._statement.cache_clear()


@mutant(where=r"collection>.*(objects|manifest)")
def the_feed_is_paged_before_it_is_filtered() -> None:
    """A page holds up to `limit` of everybody's versions, and then those that one may see."""
    from minga.store.objects import reading

    whole = reading.read_page

    def paged_first(selection: Any, *, reader: Any, limit: int, with_bytes: bool = True) -> Any:
        from minga.store.objects.models import Publication

        stamps = Publication.objects.filter(added_at__gt=selection.after).order_by("added_at")
        window = list(stamps.values_list("added_at", flat=True)[:limit])
        page = whole(selection, reader=reader, limit=limit, with_bytes=with_bytes)
        rows = [row for row in page.rows if row.added_at in set(window)]
        return reading.Page(rows, more=page.more and bool(rows))

    reading.read_page = paged_first
    from minga.features.exchange.queries import feed

    feed.read_page = paged_first


@mutant(where=r"taxii2")
def an_id_is_taken_though_out_of_sight() -> None:
    """Ids are unique in the whole hub, so a refusal tells that somebody has one."""
    from minga.features.exchange.services import claims
    from minga.store.objects.models import Publication

    claims.queries = _changed(claims.queries, publications=lambda **_: Publication.objects.all())


@mutant(where=r"taxii2")
def a_reference_to_the_hidden_is_refused() -> None:
    """Parts are looked for among everybody's objects."""
    from minga.features.exchange.services import parts
    from minga.store.audiences.models import Audience

    parts.queries = _changed(parts.queries, audiences=lambda **_: Audience.objects.all())


@mutant(where=r"uuid>$|uuid>/$")
def forbidden_differs_from_unknown() -> None:
    """A contribution that exists is forbidden, one that does not is not found."""
    from minga.core.problems import Forbidden
    from minga.store.objects import queries
    from minga.store.objects.models import Contribution

    whole = queries.contribution

    def told(uuid: str, *, reader: Any) -> Any:
        hidden = Contribution.objects.filter(uuid=uuid).exclude(
            audience__in=queries.audiences(reader=reader)
        )
        if hidden.exists():
            raise Forbidden("This is addressed to others.")
        return whole(uuid, reader=reader)

    queries.contribution = told


@mutant(where=r"collections/\\?|v1/collections")
def collections_of_other_circles_are_listed() -> None:
    """Who asks for the collections sees that a circle exists."""
    from minga.features.exchange.queries import feed
    from minga.store.audiences.models import Circle

    feed._circles = lambda reader: Circle.objects.all()


@mutant(where=r"collection>.*(objects|manifest)")
def the_newest_version_may_be_a_hidden_one() -> None:
    """`last` looks at versions that one may not see."""
    from minga.store.objects import reading

    version = reading._Query._version

    def of_all(self: Any, which: str, number: int) -> str:
        if which != "last":
            return version(self, which, number)
        return (
            "NOT EXISTS (SELECT 1 FROM objects_publication n WHERE n.stix_id = p.stix_id"
            " AND n.modified_us > p.modified_us)"
        )

    reading._Query._version = of_all
    reading._statement.cache_clear()


@mutant(where=r"lookup|observables")
def lookup_knows_what_is_hidden() -> None:
    """A value is known as soon as anybody spoke of it."""
    from minga.features.exchange.queries.answers import evidence
    from minga.store.objects.models import Publication, Version

    evidence.queries = _changed(
        evidence.queries,
        readable=lambda **_: Version.objects.all(),
        publications=lambda **_: Publication.objects.all(),
    )


@mutant(where=r"^alerts/$|contributions$|search")
def lists_count_everybodys() -> None:
    """The list of contributions shows what everybody shared."""
    from minga.store.objects import queries
    from minga.store.objects.models import Contribution

    queries.contributions = lambda **_: Contribution.objects.select_related(
        "producer", "audience"
    ).order_by("-updated_at", "-uuid")


@mutant(where=r"collection>.*objects")
def a_row_number_leaves_the_hub() -> None:
    """An answer carries the number of a row, which counts everybody's rows."""
    from minga.store.objects import reading

    whole = reading.read_page

    def numbered(*arguments: Any, **options: Any) -> Any:
        from minga.store.objects.models import Version

        last = Version.objects.order_by("-pk").values_list("pk", flat=True).first()
        page = whole(*arguments, **options)
        mark = b'"x_row":%d,"type"' % (last or 0)
        rows = [row._replace(raw=row.raw.replace(b'"type"', mark, 1)) for row in page.rows]
        return reading.Page(rows, more=page.more)

    reading.read_page = numbered
    from minga.features.exchange.queries import feed

    feed.read_page = numbered


@mutant(where=r"collection>.*manifest")
def stamps_count_everybodys_work() -> None:
    """The date of an addition is moved by how much was ever added."""
    from minga.store import world
    from minga.store.objects import stamps
    from minga.store.objects.models import Publication

    whole = world.now_us
    stamps.world = _changed(
        stamps.world, now_us=lambda: whole() + 1_000 * Publication.objects.count()
    )


@mutant(where=r"status")
def what_became_of_anothers_bundle_is_told() -> None:
    """The status of a submission is shown to whoever knows its number."""
    from minga.core.problems import NotFound
    from minga.features.exchange import queries
    from minga.features.exchange.models import Submission

    def submission(uuid: str, **_: Any) -> Submission:
        found = Submission.objects.filter(uuid=uuid).first()
        if found is None:
            raise NotFound(f"No status {uuid} is visible to you.")
        return found

    queries.submission = submission


@mutant(where=r"stix_id>$|stix_id>/versions|revise|alerts/<")
def an_object_is_found_by_its_id_alone() -> None:
    """Whoever knows an id gets the object."""
    from minga.store.objects import queries
    from minga.store.objects.models import Version

    queries.readable = lambda **_: Version.objects.all()
    whole = queries.newest

    def newest(stix_id: str, *, reader: Any) -> Any:
        found = Version.objects.filter(stix_id=stix_id).order_by("-modified_us").first()
        return found or whole(stix_id, reader=reader)

    queries.newest = newest


class _Changed:
    def __init__(self, module: Any, changes: dict[str, Any]) -> None:
        self._module, self._changes = module, changes

    def __getattr__(self, name: str) -> Any:
        if name in self._changes:
            return self._changes[name]
        return getattr(self._module, name)


def _changed(module: Any, **changes: Any) -> Any:
    """A module as one user sees it, with some names changed for him alone."""
    return _Changed(module, changes)


@mutant(where=r"^journal")
def the_journal_tells_what_others_did() -> None:
    """Everybody reads every line."""
    from minga.features.membership.queries import journal
    from minga.store.journal.models import Entry

    entries = Entry.objects.select_related("organisation", "person", "key")
    journal._readable = lambda _filters, _reader: [entries.order_by("-at", "-pk")]


@mutant(where=r"^journal\.")
def a_line_of_the_journal_is_counted_among_everybodys() -> None:
    """A download carries the number of the line in the chain."""
    from minga.features.membership.queries import journal
    from minga.store.journal.models import Link

    whole = journal._told

    def numbered(entry: Any, reader: Any) -> Any:
        line = whole(entry, reader)
        line.values["details"] = {"sequence": Link.objects.get(entry=entry).sequence}
        return line

    journal._told = numbered


@mutant(where=r"^members/<slug:slug>/$")
def a_contact_for_the_hub_is_shown_to_members() -> None:
    """Whoever knows an organisation is shown how its security is reached."""
    from minga.features.membership.queries import directory

    whole = directory._as_known

    def open_handed(each: Any, *rest: Any, reader: Any) -> Any:
        each.shows_contact = "members"
        return whole(each, *rest, reader=reader)

    directory._as_known = open_handed


@mutant(where=r"^members/<slug:slug>/$")
def what_only_the_hub_may_know_of_a_member_is_told() -> None:
    """The directory tells every reader what it tells the hub."""
    from dataclasses import replace

    from minga.features.membership.queries import directory

    whole = directory._as_known
    directory._as_known = lambda *all_, reader: whole(*all_, reader=replace(reader, is_hub=True))


@mutant(where=r"^(members|circles)/")
def the_circles_of_others_stand_beside_their_names() -> None:
    """The directory names every circle that an organisation sits in."""
    from minga.features.membership.queries import directory
    from minga.store.audiences.models import Circle

    directory.circles = lambda **_reader: Circle.objects.all()


@mutant(where=r"^agreement/acts")
def the_acts_of_others_are_told() -> None:
    """Whoever is signed in may have every act."""
    from dataclasses import replace

    from minga.features.membership import queries
    from minga.features.membership.queries import acts

    whole = acts.signed_by
    acts.signed_by = lambda *, reader: whole(reader=replace(reader, is_hub=True))
    queries.signed_by = acts.signed_by


@mutant(where=r"^ceremonies/")
def the_ceremonies_of_others_are_told() -> None:
    """Whoever is signed in may look on at every ceremony."""
    from dataclasses import replace

    from minga.features.membership import queries

    module = importlib.import_module("minga.features.membership.queries.ceremonies")
    whole = module.ceremonies
    module.ceremonies = lambda *, reader: whole(reader=replace(reader, is_hub=True))
    queries.ceremonies = module.ceremonies
