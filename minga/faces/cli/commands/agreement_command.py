"""`minga agreement`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID

import click
from django.conf import settings

from minga.core.agreement import Clause
from minga.core.agreement.prose import in_groups
from minga.faces.cli import acting
from minga.faces.cli.console import Console, Group
from minga.faces.cli.exits import Exit
from minga.features.membership import queries, services


@click.group("agreement", cls=Group)
def command() -> None:
    """The agreement: versions, who signed on paper, and the acts of signatures."""


@command.command("load")
@click.argument("source", metavar="NAME|FILE")
@click.option("--in-force", is_flag=True, help="Put it in force at once.")
def load(console: Console, source: str, in_force: bool) -> None:
    """Propose a version: one that comes with Minga (`model`), or a TOML file.

    `chile-2020` brings the model into force and invites, by name only, the organisations that
    signed with the Ministry of the Interior on 12 June 2020, with an open ceremony for them.
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
        {
            "version": str(prepared.version.version),
            "hub": prepared.hub,
            "ceremony": str(prepared.ceremony.uuid),
            "invited": slugs,
        },
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


@command.command("acts")
def acts(console: Console) -> None:
    """List the acts of signatures, the newest first."""
    rows = [
        {
            "act": str(each.act.uuid) if each.act else "being prepared",
            "organisation": each.organisation.slug,
            "version": str(each.agreement.version),
            "level": each.level,
            "signed": f"{each.signed_at:%Y-%m-%d %H:%M} UTC",
            "sha256": bytes(each.act.digest).hex() if each.act else "",
        }
        for each in queries.signed_by(reader=acting.reader())
    ]
    console.rows(rows, empty="Nobody has signed yet.")


@command.command("act")
@click.argument("act", type=click.UUID)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def act(console: Console, act: UUID, file: Path) -> None:
    """Write the act of a signature to a file, as it was sealed."""
    found = queries.act(act, reader=acting.reader())
    file.write_bytes(bytes(found.content))
    console.done(f"Written to {file}.", {"sha256": bytes(found.digest).hex()})


@command.command("aside")
def aside(console: Console) -> None:
    """List what came back as a signed act and is none: it was kept aside and grants nothing."""
    rows = [
        {
            "received": f"{each.received_at:%Y-%m-%d %H:%M} UTC",
            "organisation": each.issued.organisation.slug,
            "fault": each.fault,
            "certificate": each.subject,
            "sha256": bytes(each.document.digest).hex(),
        }
        for each in queries.kept_aside(reader=acting.reader())
    ]
    console.rows(rows, empty="Nothing was kept aside.")


@command.command("seal")
def seal(console: Console) -> None:
    """Print the certificate of the hub's seal, for those who verify acts."""
    its = queries.seal_of_hub()
    if console.as_json:
        console.answer({"certificate": its.certificate_pem.decode(), "sha256": its.fingerprint})
        return
    click.echo(its.certificate_pem.decode(), nl=False)
    console.say(f"SHA-256: {in_groups(its.fingerprint)}")


@command.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(console: Console, file: Path) -> int:
    """Look whether a file is an act of this hub, to the last byte.

    Ends with code 10 when it is not: something in it was changed, or it was made elsewhere.
    """
    digest = hashlib.sha256(file.read_bytes())
    found = queries.kept_as(digest.digest(), reader=acting.reader())
    if found is None:
        console.complain(
            "altered",
            f"{file} is no act of this hub, or not as it was made (SHA-256 {digest.hexdigest()}). "
            "`minga agreement acts` lists the acts with theirs.",
        )
        return Exit.ALTERED
    console.done(
        f"{file} is the act of {found.organisation}, byte for byte.",
        {
            "organisation": found.organisation.slug,
            "version": str(found.agreement.version),
            "signed": f"{found.signed_at:%Y-%m-%d %H:%M:%S} UTC",
            "sha256": digest.hexdigest(),
        },
    )
    return Exit.DONE


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
