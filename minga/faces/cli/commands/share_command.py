"""`minga share`."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from minga.core import observables
from minga.core.observables import Observable
from minga.core.policy import Audience, Pap, Reader, Tlp
from minga.core.problems import Invalid
from minga.faces.cli import acting
from minga.faces.cli.console import Console
from minga.faces.cli.console import command as minga_command
from minga.features.exchange import queries, services
from minga.features.exchange.services import Draft
from minga.features.membership import queries as membership
from minga.store.objects.models import Contribution

KINDS = {kind.label: kind for kind in Contribution.Kind}
TO = "everyone, hub, public, circle:SLUG, org:SLUG or person:ADDRESS"


@minga_command("share")
@click.argument("title")
@acting.as_option
@click.option("--kind", type=click.Choice(list(KINDS)), default="alert", show_default=True)
@click.option(
    "--tlp",
    default="AMBER",
    show_default=True,
    help="How far it may go: RED, AMBER+STRICT, AMBER, GREEN or CLEAR.",
)
@click.option(
    "--to", "addressees", multiple=True, default=["everyone"], show_default=True,
    help=f"Who may read it: {TO}; may be repeated.",
)  # fmt: skip
@click.option("--text", default="", help="What happened; - reads it from a pipe.")
@click.option(
    "--observable", "typed", multiple=True, help="An address, domain, hash …; may be repeated."
)
@click.option("--find", is_flag=True, help="Also take the observables that stand in the text.")
@click.option(
    "--pap",
    default="CLEAR",
    show_default=True,
    help="What a reader may do with it: RED, AMBER, GREEN or CLEAR.",
)
@click.option(
    "--code",
    "codes",
    multiple=True,
    metavar="SCHEME:CODE",
    help="A number it has elsewhere, such as aviso:AVC26-00262; may be repeated.",
)
@click.option("--confidence", type=click.IntRange(0, 100), help="How sure you are, in percent.")
@click.option(
    "--request-key",
    default="",
    help="Makes trying again safe: the same key is the same contribution.",
)
def command(
    console: Console,
    title: str,
    slug: str | None,
    kind: str,
    tlp: str,
    addressees: tuple[str, ...],
    text: str,
    typed: tuple[str, ...],
    find: bool,
    pap: str,
    codes: tuple[str, ...],
    confidence: int | None,
    request_key: str,
) -> None:
    """Share one contribution and say who can read it."""
    by, words = acting.acting_for(slug), _words(text)
    draft = Draft(
        title=title,
        text=words,
        kind=KINDS[kind],
        audience=_audience(Tlp.read(tlp), addressees, reader=by.reader),
        pap=Pap.read(pap),
        observables=_observables(typed, words if find else ""),
        codes=tuple(_code(each) for each in codes),
        confidence=confidence,
        request_key=request_key,
    )
    shared = services.share(draft, by=by, door=Contribution.Door.CONSOLE)
    _report(console, shared, observables=len(draft.observables), reader=by.reader)


def _report(console: Console, shared: Contribution, *, observables: int, reader: Reader) -> None:
    readership = queries.readership_of(shared, reader=reader)
    console.done(
        f"Shared: {shared.title}",
        {
            "id": str(shared.uuid),
            "tlp": Tlp(shared.audience.tlp).label,
            "observables": observables,
            "organisations_that_read_it": readership.organisations,
            "people_that_read_it": readership.people,
        },
    )


def _words(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _audience(tlp: Tlp, addressees: tuple[str, ...], *, reader: Reader) -> Audience:
    audience = Audience(tlp)
    for addressee in addressees:
        audience = _with(audience, addressee, reader=reader)
    return audience


def _with(audience: Audience, addressee: str, *, reader: Reader) -> Audience:
    """The audience, with one more addressee."""
    match addressee:
        case "everyone":
            return replace(audience, everyone=True)
        case "hub":
            return replace(audience, hub=True)
        case "public":
            return replace(audience, public=True)
    kind, _, name = addressee.partition(":")
    if kind == "circle":
        circle = membership.circle(name, reader=reader)
        return replace(audience, circles=audience.circles | {circle.pk})
    if kind == "org":
        organisation = membership.organisation(name, reader=reader)
        return replace(audience, organisations=audience.organisations | {organisation.pk})
    if kind == "person":
        person = membership.person(name, reader=acting.reader())
        return replace(audience, people=audience.people | {person.pk})
    raise Invalid(f"--to is {addressee!r}; expected {TO}.", field="to")


def _observables(typed: tuple[str, ...], text: str) -> tuple[Observable, ...]:
    found = [_recognised(each) for each in typed]
    found += [find.observable for find in observables.extract(text)]
    return tuple(dict.fromkeys(found))


def _recognised(text: str) -> Observable:
    observable = observables.recognise(text)
    if observable is None:
        raise Invalid(
            f"--observable is {text!r}; expected an address, a domain, a URL, a hash or the like."
        )
    return observable


def _code(text: str) -> tuple[str, str]:
    scheme, colon, code = text.partition(":")
    if not (scheme and colon and code):
        raise Invalid(f"--code is {text!r}; expected SCHEME:CODE, such as anci:8FFR20.")
    return scheme, code
