"""`minga agreement`."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from minga.core.agreement import Clause
from minga.faces.cli import acting
from minga.faces.cli.console import Console, Group
from minga.features.membership import queries, services


@click.group("agreement", cls=Group)
def command() -> None:
    """The agreement: load a version, put it in force, record who signed on paper."""


@command.command("load")
@click.argument("source", metavar="NAME|FILE")
@click.option("--in-force", is_flag=True, help="Put it in force at once.")
def load(console: Console, source: str, in_force: bool) -> None:
    """Propose a version: one that comes with Minga (`model`), or a TOML file.

    `chile-2020` brings the model into force and invites, by name only, the organisations that
    signed with the Ministry of the Interior on 12 June 2020.
    """
    by = acting.hub()
    if source in services.COMMUNITIES:
        _report(console, services.prepare_community(source, by=by))
        return
    path = Path(source)
    if path.is_file():
        version = services.load_agreement(path.read_text("utf-8"), by=by)
    else:
        version = services.load_shipped_agreement(source, by=by)
    if in_force:
        version = services.put_in_force(version.version, by=by)
    console.done(
        f"Version {version.version} is {version.state}.",
        {"version": str(version.version), "state": version.state},
    )


def _report(console: Console, prepared: services.Prepared) -> None:
    slugs = ", ".join(each.slug for each in prepared.invited)
    console.done(
        f"Version {prepared.version.version} is {prepared.version.state}; "
        f"{len(prepared.invited)} organisations are invited. Nobody has signed yet.",
        {"version": str(prepared.version.version), "hub": prepared.hub, "invited": slugs},
    )


@command.command("enforce")
@click.argument("version", type=int)
def enforce(console: Console, version: int) -> None:
    """Put a proposed version in force; the one before ends after the objection period."""
    services.put_in_force(version, by=acting.hub())
    console.done(f"Version {version} is in force.", {"version": str(version)})


@command.command("list")
def list_(console: Console) -> None:
    """List the versions."""
    rows = [
        {
            "version": str(each.version),
            "state": each.state,
            "title": each.agreement.title.in_(settings.LANGUAGE_CODE),
            "in_force": f"{each.in_force_at:%Y-%m-%d}" if each.in_force_at else "",
            "ends": f"{each.ends_at:%Y-%m-%d}" if each.ends_at else "",
        }
        for each in queries.versions(reader=acting.reader())
    ]
    console.rows(rows, empty="There is no agreement yet; `minga agreement load model` brings one.")


@command.command("show")
def show(console: Console) -> None:
    """Show the clauses of the version in force and what each grants."""
    _, agreement = queries.agreement_in_force(reader=acting.reader())
    rows = [
        {
            "clause": str(each.number),
            "title": each.title.in_(settings.LANGUAGE_CODE),
            "optional": "yes" if each.optional else "",
            "effects": ", ".join(_effects(each)),
        }
        for each in agreement.clauses
    ]
    console.rows(rows, empty="")


@command.command("sign")
@click.argument("slug", metavar="ORG")
@click.option("--paper", required=True, metavar="PAPER", help="Where the signed paper is.")
@click.option("--clauses", default="", metavar="1,2,3", help="Those signed (default: all).")
def sign(console: Console, slug: str, paper: str, clauses: str) -> None:
    """Record that a member signed the version in force on paper."""
    numbers = _numbers(clauses) if clauses else None
    signature = services.record_paper(
        acting.organisation(slug), numbers, by=acting.hub(), reference=paper
    )
    signed = ", ".join(str(number) for number in signature.clauses)
    console.done(f"{slug} has signed clauses {signed}.", {"slug": slug, "clauses": signed})


@command.command("signatures")
def signatures(console: Console) -> None:
    """List who has signed what."""
    rows = [
        {
            "organisation": each.organisation.slug,
            "version": str(each.agreement.version),
            "clauses": ", ".join(str(number) for number in each.clauses),
            "level": each.level,
            "signer": each.signer,
            "signed": f"{each.signed_at:%Y-%m-%d}",
        }
        for each in queries.signatories(reader=acting.reader())
    ]
    console.rows(rows, empty="Nobody has signed yet.")


def _numbers(text: str) -> set[int]:
    try:
        return {int(each) for each in text.split(",")}
    except ValueError:
        raise click.BadParameter(f"{text!r}; expected numbers with commas.") from None


def _effects(clause: Clause) -> list[str]:
    effects = clause.effects
    shown = [f"{power.value}" for power in effects.powers]
    for name in effects.__struct_fields__:
        value = getattr(effects, name)
        if name != "powers" and value is not None:
            listed = ", ".join(value) if isinstance(value, tuple) else value
            shown.append(f"{name}: {listed}")
    return shown
