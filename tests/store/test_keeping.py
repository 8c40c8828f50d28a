"""Putting versions away: once, byte for byte, each producer apart from the others."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minga.core.observables import Kind, Observable
from minga.core.policy import Tlp
from minga.store import bulk
from minga.store.objects import models
from minga.store.objects.keeping import LONGEST_KEY, Fate, NewVersion, SeenAtWork, keep, match_key
from tests import factories

pytestmark = pytest.mark.django_db


def version(raw: bytes = b"{}", *, stix_id: str = "indicator--a", modified_us: int = 1, **fields):
    return NewVersion(
        stix_id=stix_id, modified_us=modified_us, version=str(modified_us),
        type=stix_id.partition("--")[0], raw=raw,
        digest=hashlib.blake2b(raw, digest_size=16).digest(), lineage=1, tlp=Tlp.AMBER, **fields,
    )  # fmt: skip


things = st.builds(
    version,
    st.sampled_from([b"{}", b"{ }", b'{"a":1}', b"\xff\x00"]),
    stix_id=st.sampled_from(["indicator--a", "indicator--b", "url--c"]),
    modified_us=st.integers(0, 2),
)


@contextlib.contextmanager
def undone():
    """A transaction that leaves nothing behind, so that examples do not add up."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(
    batches=st.lists(
        st.tuples(st.integers(0, 1), st.lists(things, max_size=6)), min_size=1, max_size=5
    )
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_first_bytes_of_a_triple_stay_and_others_are_told_apart(db, batches):
    with undone():
        producers = [factories.organisation(), factories.organisation()]
        first: dict[tuple, tuple[int, bytes]] = {}
        for who, batch in batches:
            kept = keep(batch, producer=producers[who])

            for each, told in zip(batch, kept, strict=True):
                triple = (who, *each.triple)
                if triple not in first:
                    assert told.fate is Fate.NEW
                    first[triple] = (told.pk, each.raw)
                pk, raw = first[triple]
                assert told.pk == pk
                assert (told.fate is Fate.CONFLICT) == (raw != each.raw)
        stored = models.Version.objects.all()
        assert {row.pk: bytes(row.raw) for row in stored} == dict(first.values())


def test_every_column_is_as_it_was_given():
    producer = factories.organisation()
    given_ = version(
        b'{"x": 1}', modified_us=5, created_by_ref="identity--x", name="Nombre", revoked=True,
        confidence=70, valid_from_us=3, valid_until_us=9,
    )  # fmt: skip

    (kept,) = keep([given_], producer=producer)

    row = models.Version.objects.get(pk=kept.pk)
    for name in ("stix_id", "modified_us", "version", "type", "raw", "digest", "lineage",
                 "created_by_ref", "name", "revoked", "confidence", "valid_from_us",
                 "valid_until_us", "tlp"):  # fmt: skip
        stored = getattr(row, name)
        stored = bytes(stored) if isinstance(stored, memoryview) else stored
        assert stored == getattr(given_, name), name
    assert row.producer == producer


def test_two_producers_keep_the_same_triple_apart():
    one, other = factories.organisation(), factories.organisation()
    (first,) = keep([version(b"1")], producer=one)
    (second,) = keep([version(b"2")], producer=other)
    assert (first.fate, second.fate) == (Fate.NEW, Fate.NEW)
    assert first.pk != second.pk


def test_a_batch_of_thousands_is_known_again():
    producer = factories.organisation()
    batch = [version(stix_id=f"indicator--{n}") for n in range(1_200)]
    keep(batch, producer=producer)
    again = keep(batch[::-1], producer=producer)
    assert {kept.fate for kept in again} == {Fate.ALREADY}
    assert [kept.pk for kept in again] == sorted((k.pk for k in again), reverse=True)


def test_observables_are_one_row_each_and_lead_to_every_version_that_names_them():
    producer = factories.organisation()
    domain, address = Observable(Kind.DOMAIN, "a.example"), Observable(Kind.IPV4, "198.51.100.3")
    mentions = [(domain, address, domain), (domain,)]
    batch = [version(stix_id=f"indicator--{n}", mentions=named) for n, named in enumerate(mentions)]

    kept = keep(batch, producer=producer)

    assert models.Observable.objects.count() == 2
    named = models.Mention.objects.values_list("observable__value", "version_id")
    assert set(named) == {
        ("a.example", kept[0].pk), ("a.example", kept[1].pk), ("198.51.100.3", kept[0].pk),
    }  # fmt: skip


def test_a_value_too_long_for_an_index_is_matched_by_its_hash():
    long = Observable(Kind.URL, "https://a.example/" + "x" * 70_000)
    kind, key = match_key(long)
    assert (kind, len(key) < LONGEST_KEY) == (Kind.URL.value, True)
    keep([version(mentions=(long,))], producer=factories.organisation())
    assert models.Observable.objects.get().value == key


def test_a_sighting_is_counted_once_however_often_it_is_sent():
    producer = factories.organisation()
    seen = SeenAtWork("indicator--a", count=3, first_seen_us=1, last_seen_us=2)
    for _ in range(2):
        keep([version(stix_id="sighting--a", sighting=seen)], producer=producer)
    row = models.Sighting.objects.get()
    assert (row.stix_id, row.count, row.seen_by) == ("indicator--a", 3, producer)


def test_the_database_itself_refuses_a_second_row_of_a_triple():
    producer = factories.organisation()
    (kept,) = keep([version()], producer=producer)
    twin = models.Version.objects.get(pk=kept.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_reserved_keys_are_free_rising_and_not_given_again():
    keep([version()], producer=factories.organisation())
    taken = list(bulk.reserve(models.Version, 3))
    assert taken == sorted(set(taken))
    assert not models.Version.objects.filter(pk__in=taken).exists()
    assert list(bulk.reserve(models.Version, 0)) == []


def test_a_bulk_insert_is_parameters_all_the_way():
    """What a row holds is never part of a statement."""
    evil = "x'); DROP TABLE objects_observable; --%s"
    bulk.insert(models.Observable, ("kind", "value"), [("url", evil)])
    bulk.insert(models.Observable, ("kind", "value"), [("url", evil)], on_conflict="DO NOTHING")
    assert models.Observable.objects.get().value == evil


def test_what_was_deleted_leaves_no_number_to_be_given_again():
    """A poller or a job may still hold a row's number: on SQLite AUTOINCREMENT keeps it used."""
    producer = factories.organisation()
    (first,) = keep([version()], producer=producer)
    models.Version.objects.all().delete()
    (second,) = keep([version(stix_id="indicator--b")], producer=producer)
    assert second.pk > first.pk
