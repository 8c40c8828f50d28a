"""Pages and protocols are two views of one thing: which contributions a bundle is.

Each report, grouping and incident is one contribution with what it refers to, and with the
relationships and sightings between these; the objects that belong to none are one together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from minga.core import policy
from minga.core.stix import Document
from minga.features.exchange.services.incoming import Incoming
from minga.store.objects.models import Contribution

Kind = Contribution.Kind
ROOTS = {"report": Kind.REPORT, "grouping": Kind.INDICATORS, "incident": Kind.INCIDENT}
LINKS = {"relationship", "sighting"}
ENDS = {"source_ref", "target_ref", "sighting_of_ref"}
KIND_LABEL = "minga:kind="
_BY_LABEL = {kind.label: kind for kind in Kind}
_REPORT_TYPES = {
    "threat-report": Kind.THREAT, "campaign": Kind.THREAT, "threat-actor": Kind.THREAT,
    "intrusion-set": Kind.THREAT, "malware": Kind.THREAT, "indicator": Kind.INDICATORS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A contribution in the making. `root` is None for loose objects."""

    root: Incoming | None
    kind: Contribution.Kind
    rule: policy.Audience
    title: str
    text: str
    members: tuple[Incoming, ...]
    refers_to: tuple[str, ...] = ()


def group(incoming: Sequence[Incoming]) -> list[Group]:
    """The contributions these objects are, in the order of their roots, the loose ones last."""
    by_id: dict[str, list[Incoming]] = defaultdict(list)
    linked: dict[str, list[Incoming]] = defaultdict(list)
    for each in incoming:
        by_id[each.document.id].append(each)
        if each.document.type in LINKS:
            for _, target in each.document.references():
                linked[target].append(each)
    groups: list[Group] = []
    taken: set[int] = set()
    for each in incoming:
        if each.document.type in ROOTS:
            made = _around(each, by_id, linked)
            groups.append(made)
            taken.update(id(member) for member in made.members)
    groups = _with_links(groups, [e for e in incoming if e.document.type in LINKS], taken)
    loose: dict[policy.Audience, list[Incoming]] = defaultdict(list)
    for each in incoming:
        if id(each) not in taken:
            loose[each.rule].append(each)
    return groups + [_loose(rule, members) for rule, members in loose.items()]


def kind_of(document: Document) -> Contribution.Kind:
    """The kind its author gave it here, else what the words of STIX come closest to."""
    for label in document.labels:
        name = label.removeprefix(KIND_LABEL)
        if label.startswith(KIND_LABEL) and name in _BY_LABEL:
            return _BY_LABEL[name]
    for report_type in getattr(document.object, "report_types", None) or ():
        if report_type in _REPORT_TYPES:
            return _REPORT_TYPES[report_type]
    return ROOTS[document.type]


def _around(
    root: Incoming, by_id: dict[str, list[Incoming]], linked: dict[str, list[Incoming]]
) -> Group:
    """What a root refers to. An incident has no list of objects: relationships lead to them."""
    document = root.document
    refers_to = [target for path, target in document.references() if path == "object_refs"]
    links = linked[document.id] if document.type == "incident" else []
    for link in links:
        refers_to += [target for _, target in link.document.references()]
    members = {id(root): root} | {id(link): link for link in links}
    for target in refers_to:
        members |= {id(each): each for each in by_id.get(target, ()) if each is not root}
    return Group(
        root=root,
        kind=kind_of(document),
        rule=root.rule,
        title=document.name or document.id,
        text=getattr(document.object, "description", None) or "",
        members=tuple(members.values()),
        refers_to=tuple(dict.fromkeys(refers_to)),
    )


def _with_links(groups: Sequence[Group], links: Iterable[Incoming], taken: set[int]) -> list[Group]:
    """Each link that is not taken goes to the first group that both its ends are in."""
    homes: dict[str, dict[int, None]] = defaultdict(dict)
    for number, one in enumerate(groups):
        for target in (*one.refers_to, *(member.document.id for member in one.members)):
            homes[target][number] = None
    found: dict[int, list[Incoming]] = defaultdict(list)
    for link in links:
        ends = {target for path, target in link.document.references() if path in ENDS}
        fewest, *others = sorted((homes.get(end, {}) for end in ends), key=len)
        home = next((n for n in fewest if all(n in other for other in others)), None)
        if id(link) not in taken and home is not None:
            found[home].append(link)
            taken.add(id(link))
    return [
        replace(one, members=(*one.members, *found.get(number, ())))
        for number, one in enumerate(groups)
    ]


def _loose(rule: policy.Audience, members: Sequence[Incoming]) -> Group:
    """Loose objects, named after the commonest of their types."""
    types = Counter(each.document.type for each in members)
    title = ", ".join(f"{count} {name}" for name, count in types.most_common(3))
    return Group(None, Kind.INDICATORS, rule, title, "", tuple(members))
