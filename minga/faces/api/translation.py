"""From what the features say to what this door answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from minga.core.agreement import Agreement, Clause
from minga.core.policy import Pap, Reader, Tlp
from minga.faces.api import resources as r
from minga.features.exchange import queries
from minga.features.membership.queries import Adherence, Signature
from minga.store import world
from minga.store.audiences.models import Circle
from minga.store.objects.models import Contribution, Sighting, Version
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation


@lru_cache(maxsize=4096)
def instant(us: int | None) -> str | None:
    """Microseconds since 1970 as a timestamp.

    What was shared together has its times in common, so most are asked for again at once.
    """
    return None if us is None else world.stix_time(world.from_us(us))


def party(organisation: Organisation) -> r.Party:
    """An organisation as every member knows it."""
    return r.Party(str(organisation.uuid), organisation.slug, organisation.name, organisation.role)


def who_am_i(actor: Actor, *, hub: str) -> r.WhoAmI:
    """The caller as he is known here."""
    person = actor.person
    return r.WhoAmI(
        hub=hub,
        organisation=party(actor.organisation),
        person=r.PersonResource(str(person.uuid), person.name, person.email, person.role)
        if person
        else None,
        key=actor.key.name if actor.key else None,
        powers=tuple(sorted(actor.powers)),
    )


def agreement(text: Agreement, held: Adherence, language: str) -> r.AgreementResource:
    """The agreement in force, with what an organisation signed of the version that binds it."""
    is_same = held.version is not None and held.version.version == text.version
    ceiling = held.terms.reads_up_to
    return r.AgreementResource(
        version=text.version,
        title=text.title.in_(language),
        signed_version=held.version.version if held.version else None,
        powers=tuple(sorted(held.terms.powers)),
        reads_up_to=None if ceiling is None else ceiling.label,
        clauses=tuple(
            _clause(each, held.signed.get(each.number) if is_same else None, language)
            for each in text.clauses
        ),
    )


def _clause(clause: Clause, signature: Signature | None, language: str) -> r.ClauseResource:
    return r.ClauseResource(
        number=clause.number,
        title=clause.title.in_(language),
        text=clause.text.in_(language).strip(),
        optional=clause.optional,
        powers=tuple(sorted(clause.effects.powers)),
        reads_up_to=clause.effects.reads_up_to,
        signature=_signature(signature) if signature else None,
    )


def _signature(signature: Signature) -> r.SignatureResource:
    return r.SignatureResource(
        version=signature.agreement.version,
        signed_at=world.stix_time(signature.signed_at),
        level=signature.level,
        signer=signature.signer,
    )


def circle(circle: Circle, *, reader: Reader) -> r.CircleResource:
    """A circle that this reader may know of."""
    return r.CircleResource(
        str(circle.uuid), circle.slug, circle.name, circle.purpose, circle.pk in reader.circles
    )


def collection(of: queries.Collection) -> r.CollectionResource:
    """A collection as this reader may use it."""
    return r.CollectionResource(
        of.id, of.alias, of.title, of.description, of.can_read, of.can_write
    )


def items(contributions: Iterable[Contribution], *, reader: Reader) -> list[r.ContributionItem]:
    """Contributions as a list shows them."""
    speakers: dict[tuple[int, str], r.Party] = {}
    made = []
    for each in contributions:
        who = (each.producer_id, each.attribution)
        if who not in speakers:
            speakers[who] = party(queries.speaker(each, reader=reader))
        made.append(r.ContributionItem(*_common(each, speakers[who], reader)))
    return made


def contribution(of: Contribution, *, reader: Reader) -> r.ContributionResource:
    """A contribution in full."""
    return r.ContributionResource(
        *_common(of, party(queries.speaker(of, reader=reader)), reader),
        text=of.text,
        codes=tuple(r.CodeResource(scheme, code) for scheme, code in of.codes),
        object_id=of.root_id or None,
    )


def _common(
    of: Contribution, speaker: r.Party, reader: Reader
) -> tuple[str, str, str, str, str, r.Party, bool, bool, str, str]:
    return (
        str(of.uuid),
        Contribution.Kind(of.kind).label,
        of.title,
        Tlp(of.audience.tlp).label,
        Pap(of.pap).label,
        speaker,
        of.attribution == Contribution.Attribution.HUB,
        of.producer_id == reader.organisation,
        world.stix_time(of.created_at),
        world.stix_time(of.updated_at),
    )


def readers(of: queries.Readership) -> r.Readers:
    """Who may read."""
    return r.Readers(
        organisations=of.organisations,
        people=of.people,
        everyone=of.everyone,
        public=of.public,
        hub=of.hub,
        circles=of.circles,
        names=of.names,
        reason=of.decision.reason,
    )


def version(of: Version) -> r.VersionResource:
    """One version of an object."""
    return r.VersionResource(
        of.stix_id, of.type, of.name, of.version, of.revoked, Tlp(of.tlp).label
    )


def sightings(of: queries.SightingSummary) -> r.Sightings:
    """Sightings as counts."""
    return r.Sightings(
        events=of.events,
        organisations=of.organisations,
        first_seen_at=instant(of.first_seen_us or None),
        last_seen_at=instant(of.last_seen_us or None),
        named=of.named,
        own=of.own,
    )


def sighting(of: Sighting) -> r.SightingResource:
    """A sighting, to who reported it."""
    return r.SightingResource(
        id=of.version.stix_id,
        object_id=of.stix_id,
        count=of.count,
        first_seen_at=instant(of.first_seen_us) or "",
        last_seen_at=instant(of.last_seen_us) or "",
    )


def feedback(of: queries.FeedbackSummary) -> r.FeedbackResource:
    """What came back."""
    return r.FeedbackResource(
        counts=of.counts,
        own=of.own,
        told=tuple(
            r.FeedbackNote(each.said_by.name, each.verdict, each.note, world.stix_time(each.at))
            for each in of.told
        ),
    )


def hit(of: queries.Hit) -> r.HitResource:
    """An object that speaks of an observable."""
    return r.HitResource(
        id=of.stix_id,
        type=of.type,
        name=of.name,
        tlp=of.tlp.label,
        confidence=of.confidence,
        valid_from=instant(of.valid_from_us),
        valid_until=instant(of.valid_until_us),
        revoked=of.revoked,
        added_at=instant(of.added_us) or "",
        contributions=tuple(r.SourceResource(s.uuid, s.title) for s in of.contributions),
    )


def nearby(of: queries.Nearby) -> r.NearbyResource:
    """Something known beside."""
    return r.NearbyResource(
        of.relation, of.observable.kind, of.observable.value, of.verdict, _hits(of.hits)
    )


def answer(of: queries.Answer) -> r.AnswerResource:
    """What is known of one value; most of ten thousand are unknown, which has to be quick."""
    seen = of.observable
    if seen is None:
        return r.AnswerResource(of.asked, of.verdict)
    if not of.hits and not of.nearby:
        return r.AnswerResource(of.asked, of.verdict, seen.kind, seen.value)
    return r.AnswerResource(
        of.asked,
        of.verdict,
        seen.kind,
        seen.value,
        hits=_hits(of.hits),
        sightings=sightings(of.sightings) if of.sightings.events else None,
        nearby=tuple(nearby(each) for each in of.nearby),
    )


def dossier(of: queries.Dossier) -> r.DossierResource:
    """One observable with its days."""
    days = (r.DayResource(d.on.isoformat(), d.events, d.organisations) for d in of.days)
    return r.DossierResource(answer(of.answer), tuple(days))


def receipt(of: queries.Submission) -> r.Receipt:
    """What became of a bundle."""
    return r.Receipt(
        id=str(of.uuid),
        state=of.state,
        received_at=world.stix_time(of.received_at),
        total=of.total,
        successes=tuple(r.OutcomeResource(*outcome) for outcome in of.successes),
        failures=tuple(r.OutcomeResource(*outcome) for outcome in of.failures),
    )


def _hits(hits: Sequence[queries.Hit]) -> tuple[r.HitResource, ...]:
    return tuple(hit(each) for each in hits)
