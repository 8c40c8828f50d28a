"""Pages and protocols are two views of one thing: which contributions a bundle is.

Each report, grouping and incident is one contribution with what it refers to, and with the
relationships and sightings between these; the objects that belong to none are one together.

The work grows with the bundle and no faster, whatever it repeats: the versions of a root are one
group, and no more than VERSIONS_NAMED_AGAIN of what it names are carried once more.
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
SILENT = LINKS | {"identity", "marking-definition"}
KIND_LABEL = "minga:kind="
VERSIONS_NAMED_AGAIN = 10
"""How many versions of an object, the newest, every further group that names it carries."""
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
    targets = _Targets(by_id)
    roots: dict[tuple[str, policy.Audience], list[Incoming]] = defaultdict(list)
    for each in incoming:
        if each.document.type in ROOTS:
            roots[each.document.id, each.rule].append(each)
    groups = [_around(versions, targets, linked) for versions in roots.values()]
    taken = {id(member) for one in groups for member in one.members}
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


class _Targets:
    """The objects of a bundle by id, for the groups that name them."""

    def __init__(self, by_id: dict[str, list[Incoming]]) -> None:
        self.newest = {
            stix_id: sorted(versions, key=lambda each: each.document.modified_us)[
                -VERSIONS_NAMED_AGAIN:
            ]
            for stix_id, versions in by_id.items()
        }
        self.untold = dict(by_id)

    def named(self, stix_id: str) -> Sequence[Incoming]:
        """Every version to who asks first, the newest ones to the others."""
        return self.untold.pop(stix_id, []) or self.newest.get(stix_id, ())


def _around(
    versions: Sequence[Incoming], targets: _Targets, linked: dict[str, list[Incoming]]
) -> Group:
    """What the versions of a root refer to; the newest of them speaks for the group.

    An incident has no list of objects: relationships lead to them.
    """
    root = max(versions, key=lambda each: each.document.modified_us)
    document = root.document
    links = linked[document.id] if document.type == "incident" else []
    refers_to = dict.fromkeys(
        [t for each in versions for at, t in each.document.references() if at == "object_refs"]
        + [target for link in links for _, target in link.document.references()]
    )
    members = {id(each): each for each in (root, *versions, *links)}
    for target in refers_to:
        if target != document.id:
            members |= {id(each): each for each in targets.named(target)}
    return Group(
        root=root,
        kind=kind_of(document),
        rule=root.rule,
        title=_name(document) or document.id,
        text=getattr(document.object, "description", None) or "",
        members=tuple(members.values()),
        refers_to=tuple(refers_to),
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


def _name(document: Document) -> str:
    return (document.name or "").strip()


def _loose(rule: policy.Audience, members: Sequence[Incoming]) -> Group:
    """Loose objects, named as the only one that has a say, or else after their types."""
    said = [each.document for each in members if each.document.type not in SILENT]
    only = _name(said[0]) if len(said) == 1 else ""
    title = only or counted(Counter(each.document.type for each in members).most_common(3))
    return Group(None, Kind.INDICATORS, rule, title, "", tuple(members))


def counted(types: Iterable[tuple[str, int]]) -> str:
    """Types and how many there are of each, the same in every language: `indicator × 6`."""
    return ", ".join(f"{name} × {count}" for name, count in types)
