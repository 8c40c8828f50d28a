"""A page holds what its reader may meet, whoever shared what: the query beside plain Python."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from minga.core.policy import Reader, Tlp
from minga.store.audiences.models import Audience, Seat
from minga.store.objects import reading
from minga.store.objects.models import Publication, Version
from minga.store.objects.reading import Selection, read_page
from tests import factories
from tests.store import plain_feed
from tests.store.plain_feed import Seated, Shown

STEP = 10
MOST = 14
EVERY_STRATEGY = pytest.mark.parametrize("few", [0, reading.FEW], ids=["in order", "by seats"])
moderately = settings(
    max_examples=100,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Publishing:
    """One publication; who, what and to whom are places in the cast."""

    thing: str
    modified_us: int
    author: int
    audience: int
    kind: int


@dataclass(frozen=True)
class History:
    """What was published, and since when the reader's seats are taken; None is no seat."""

    published: tuple[Publishing, ...]
    own_seats: tuple[int | None, ...]
    persons_seats: tuple[int | None, ...]
    others_seats: tuple[int | None, ...] = field(default=(0, 0, 0))


@pytest.fixture
def cast(db):
    """A reader, two producers, three audiences, and a circle that two of these name."""
    producer, other = factories.organisation(), factories.organisation()
    circle = factories.circle()
    labels = (Tlp.GREEN, Tlp.AMBER, Tlp.GREEN)
    audiences = [
        Audience.objects.create(digest=bytes([n]) * 16, tlp=tlp) for n, tlp in enumerate(labels)
    ]
    for audience in audiences[:2]:
        audience.circles.add(circle)
    person = factories.person()
    return SimpleNamespace(
        producer=producer, other=other, circle=circle, audiences=audiences, person=person,
        reader=Reader(organisation=person.organisation_id, person=person.pk),
    )  # fmt: skip


instants = st.integers(0, MOST + 1).map(lambda n: n * STEP)
# Mostly seated from the beginning: who sees nothing meets no surprise.
seats = st.tuples(*[st.sampled_from([0, 0, 0, None]) | instants] * 3)


@st.composite
def publishings(draw):
    thing = draw(st.sampled_from(["indicator--a", "indicator--a", "malware--b", "url--c"]))
    return Publishing(
        thing,
        modified_us=0 if thing.startswith("url") else draw(st.sampled_from([1_000, 2_000, 3_000])),
        author=draw(st.integers(0, 1)),
        audience=draw(st.integers(0, 2)),
        kind=draw(st.sampled_from([1, 1, 2])),
    )


histories = st.builds(
    History,
    published=st.lists(publishings(), min_size=3, max_size=MOST).map(tuple),
    own_seats=seats,
    persons_seats=seats,
)


def mostly(usual, unusual):
    return st.sampled_from([usual] * 3) | unusual


selections = st.builds(
    lambda added_after, after, **rest: Selection(
        added_after=added_after, after=max(after, added_after), **rest
    ),
    added_after=mostly(-1, instants),
    after=mostly(-1, instants),
    kind=mostly(None, st.integers(1, 2)),
    ids=mostly((), st.lists(st.sampled_from(["indicator--a", "url--none"]), min_size=1).map(tuple)),
    types=mostly((), st.sampled_from([("indicator",), ("url", "malware")])),
    versions=st.lists(st.sampled_from(["first", "last", 2_000, 4 * STEP]), max_size=2).map(tuple),
)
ceilings = st.sampled_from([Tlp.RED, Tlp.RED, Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR])
ALL_AT_ONCE = (Selection(), False, MOST)
requests = st.lists(
    st.tuples(selections, st.booleans(), st.integers(1, 4)), min_size=4, max_size=8
).map(lambda drawn: [ALL_AT_ONCE, *drawn])


def happen(cast, history: History) -> tuple[list[Shown], list[Seated]]:
    """Put a history into the tables, and say it in the words of the plain feed."""
    shown = []
    for number, each in enumerate(history.published):
        producer = (cast.producer, cast.other)[each.author]
        version, _ = Version.objects.get_or_create(
            producer=producer,
            stix_id=each.thing,
            modified_us=each.modified_us,
            defaults={
                "version": str(each.modified_us), "type": each.thing.partition("--")[0],
                "raw": f"{each}".encode(), "digest": bytes(16), "lineage": each.author,
                "tlp": Tlp.AMBER, "received_us": 0,
            },
        )  # fmt: skip
        audience = cast.audiences[each.audience]
        one = Shown(
            (number + 1) * STEP, audience.pk, each.kind, each.thing, each.modified_us, each.author,
            frozenset({cast.circle.pk}) if each.audience < 2 else frozenset(),
            audience.tlp,
        )  # fmt: skip
        Publication.objects.create(
            added_at=one.added_at, version=version, audience=audience, kind=one.kind,
            stix_id=one.stix_id, modified_us=one.modified_us, lineage=one.lineage, type=one.type,
        )  # fmt: skip
        shown.append(one)
    return shown, list(take_seats(cast, history))


def take_seats(cast, history: History):
    """The reader's seats, his own as a person, and those of somebody else."""
    own, person = cast.person.organisation_id, cast.person.pk
    for organisation, who, sinces in (
        (own, 0, history.own_seats),
        (own, person, history.persons_seats),
        (cast.other.pk, 0, history.others_seats),
    ):
        for audience, since in zip(cast.audiences, sinces, strict=True):
            if since is not None:
                Seat.objects.create(
                    organisation_id=organisation, audience=audience, person=who, since=since
                )
                yield Seated(organisation, audience.pk, who, since)


@contextlib.contextmanager
def undone():
    """A transaction that leaves nothing behind, so that examples do not add up."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@EVERY_STRATEGY
@given(history=histories, asked=requests, by_key=st.booleans(), ceiling=ceilings)
@moderately
def test_a_page_is_what_plain_python_finds(cast, monkeypatch, few, history, asked, by_key, ceiling):
    monkeypatch.setattr(reading, "FEW", few)
    reader = replace(cast.reader, person=None if by_key else cast.reader.person, ceiling=ceiling)
    with undone():
        shown, seated = happen(cast, history)
        for selection, in_circle, limit in asked:
            wanted = replace(selection, circle=cast.circle.pk if in_circle else None)

            found = read_page(wanted, reader=reader, limit=limit)

            expected, more = plain_feed.page(shown, seated, reader, wanted, limit)
            assert [(r.added_at, r.stix_id, r.modified_us) for r in found.rows] == [
                (e.added_at, e.stix_id, e.modified_us) for e in expected
            ]
            assert found.more == more


def test_what_another_publishes_under_a_known_id_neither_shows_nor_silences_its_author(cast):
    author, other = (Publishing("indicator--a", 1_000, who, 0, 1) for who in (0, 1))
    later = [replace(each, modified_us=2_000) for each in (other, author)]
    happen(cast, History((author, other, *later), own_seats=(0, 0, 0), persons_seats=(None,) * 3))

    met = read_page(Selection(), reader=cast.reader, limit=10).rows

    assert [(row.added_at, row.modified_us) for row in met] == [(STEP, 1_000), (4 * STEP, 2_000)]


def steps_of(page) -> int:
    """How many instructions SQLite's machine ran for it."""
    steps = 0

    def one_more():
        nonlocal steps
        steps += 1

    connection.ensure_connection()
    connection.connection.set_progress_handler(one_more, 1)
    try:
        page()
    finally:
        connection.connection.set_progress_handler(None, 1)
    return steps


def test_what_a_reader_of_few_things_may_not_see_costs_him_nothing(cast):
    """No scan past the things of others: neither slow, nor a way to feel how many there are."""
    if connection.vendor != "sqlite":
        pytest.skip("counts the instructions of SQLite's machine")
    seats_ = History((), own_seats=(0, None, None), persons_seats=(None,) * 3)
    own = Publishing("indicator--a", 1_000, author=0, audience=0, kind=1)
    hidden = [Publishing(f"malware--{n}", 1_000, author=1, audience=2, kind=1) for n in range(60)]

    def steps_among(*published):
        with undone():
            happen(cast, replace(seats_, published=(own, *published)))
            return steps_of(lambda: read_page(Selection(), reader=cast.reader, limit=10))

    assert steps_among(*hidden) == steps_among(hidden[0])


def put(cast, *sizes):
    """One publication for each size in bytes, and what the reader should find in each."""
    contents = []
    for number, size in enumerate(sizes):
        stix_id, raw = f"report--{number}", bytes([number % 256]) * size
        version = Version.objects.create(
            producer=cast.producer, stix_id=stix_id, modified_us=1_000, version="v",
            type="report", raw=raw, digest=bytes(16), lineage=1, tlp=Tlp.AMBER, received_us=0,
        )  # fmt: skip
        Publication.objects.create(
            added_at=(number + 1) * STEP, version=version, audience=cast.audiences[0], kind=1,
            stix_id=stix_id, modified_us=1_000, lineage=1, type="report",
        )  # fmt: skip
        contents.append(raw)
    Seat.objects.create(organisation_id=cast.reader.organisation, audience=cast.audiences[0])
    return contents


def pages_of(reader, *, limit):
    """What each page holds, from the first to the last."""
    after, more = -1, True
    while more:
        page = read_page(Selection(after=after), reader=reader, limit=limit)
        yield [row.raw for row in page.rows]
        after, more = page.rows[-1].added_at, page.more


@EVERY_STRATEGY
@pytest.mark.parametrize(
    ("sizes", "lengths"),
    [
        ((400, 600, 1, 999, 1_000), [2, 2, 1]),
        ((5_000, 10, 10, 5_000), [1, 2, 1]),
        ((10,) * 7, [3, 3, 1]),
        ((999,) * 3, [1, 1, 1]),
    ],
)
def test_a_page_ends_before_its_objects_weigh_too_much(cast, monkeypatch, few, sizes, lengths):
    monkeypatch.setattr(reading, "FEW", few)
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000)
    contents = put(cast, *sizes)

    pages = list(pages_of(cast.reader, limit=3))

    assert [len(page) for page in pages] == lengths
    assert [raw for page in pages for raw in page] == contents


def test_a_page_without_bytes_is_as_long_as_asked(cast, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000)
    put(cast, 900, 900, 900)

    page = read_page(Selection(), reader=cast.reader, limit=2, with_bytes=False)

    assert [row.raw for row in page.rows] == [b"", b""]
    assert page.more
