"""Who belongs: the directory, one member, and what our organisation says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.core.problems import Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import ClassForm, ContactsForm, OrganisationForm, ProfileForm
from minga.features.membership.pages.people import show_link
from minga.features.membership.queries import Filter
from minga.features.membership.services import NewOrganisation, NewPerson, Profile
from minga.store.people.actors import Power
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell
from minga.web.redirects import see
from minga.web.requests import ActorRequest

ROWS = 100
FIRST_ROLES = ("counterpart", "director")
FIRST_PERSON = ("name", "email", "role", "language")


@dataclass(frozen=True, slots=True)
class View:
    """A link to a view of the directory, and whether it is the one shown."""

    words: str | Promise
    query: str
    is_on: bool


@open_to(Entrance.MEMBERS)
@require_safe
def members(request: ActorRequest) -> HttpResponse:
    """GET /members/: who belongs, filtered by what the address says."""
    reader = request.actor.reader
    wanted = Filter(
        sector=request.GET.get("sector", "")[:40],
        region=request.GET.get("region", "")[:2],
        shares_circle=request.GET.get("circle") == "shared",
    )
    page = Paginator(queries.matching_members(wanted, reader=reader), ROWS).get_page(
        request.GET.get("page")
    )
    sectors, regions = queries.places(reader=reader)
    context = {
        "page": page,
        "lines": queries.described(page.object_list, reader=reader),
        "wanted": wanted,
        "is_narrowed": wanted != Filter(),
        "sectors": sectors,
        "regions": regions,
        "views": _views(request.GET, shares_circle=wanted.shares_circle),
    }
    return render(request, "membership/members.html", context)


@open_to(Entrance.HUB, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: ActorRequest) -> HttpResponse:
    """GET, POST /members/new: a new member organisation, and the link of its first person."""
    actor = request.actor
    actor.require(Power.ADMINISTER_HUB)
    form = OrganisationForm(request.POST or None, roles=FIRST_ROLES)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        first = NewPerson(**{name: said.pop(name) for name in FIRST_PERSON})
        draft = NewOrganisation(said.pop("organisation"), **said)
        try:
            made, person, token = services.invite_organisation(draft, first, by=actor)
        except Problem as problem:
            tell(problem, form)
        else:
            back = reverse("member", args=[made.slug])
            return show_link(request, person, token, back=back)
    status = 422 if form.errors else 200
    return render(request, "membership/member_new.html", {"form": form}, status=status)


@open_to(Entrance.MEMBERS)
@require_safe
def member(request: ActorRequest, slug: str) -> HttpResponse:
    """GET /members/<slug>/: one member, as far as it lets the reader see."""
    actor = request.actor
    found = queries.member(slug, reader=actor.reader)
    runs_hub = Power.ADMINISTER_HUB in actor.powers
    initial = {"is_essential": found.is_essential, "is_vital": found.is_vital}
    context = {
        "found": found,
        "runs_hub": runs_hub,
        "pgp_keys": queries.pgp_keys_of(slug, reader=actor.reader),
        "people": queries.people_of(found.organisation, reader=actor.reader),
        "closed": queries.closed_out_of(found.organisation, reader=actor.reader)
        if runs_hub
        else [],
        "form": ClassForm(initial=initial) if runs_hub else None,
    }
    return render(request, "membership/member.html", context)


@open_to(Entrance.MEMBERS)
@require_POST
def classify(request: ActorRequest, slug: str) -> HttpResponse:
    """POST /members/<slug>/class: the hub says how essential and vital an organisation is."""
    found = queries.member(slug, reader=request.actor.reader)
    form = ClassForm(request.POST)
    form.is_valid()
    services.classify_organisation(
        found.slug,
        by=request.actor,
        is_essential=form.cleaned_data["is_essential"],
        is_vital=form.cleaned_data["is_vital"],
    )
    messages.success(request, _("Saved."))
    return see(reverse("member", args=[found.slug]), request=request)


@open_to(Entrance.MEMBERS, fresh_to_change=True)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: ActorRequest) -> HttpResponse:
    """GET, POST /organisation/: what ours says of itself, and to whom."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    form = ProfileForm(request.POST or None, organisation=actor.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            services.describe_organisation(
                actor.organisation.slug, Profile(**form.cleaned_data), by=actor
            )
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("Saved. Others see it so from now on."))
            return see(reverse("organisation"), request=request)
    context = {
        "form": form,
        "found": queries.member(actor.organisation.slug, reader=actor.reader),
        "naming": queries.naming_clause(reader=actor.reader),
    }
    status = 422 if form.errors else 200
    return render(request, "membership/organisation.html", context, status=status)


@open_to(Entrance.MEMBERS)
@require_POST
def logo(request: ActorRequest) -> HttpResponse:
    """POST /organisation/logo: whether the hub may show our logo in public."""
    allowed = request.POST.get("allowed") == "yes"
    services.allow_logo(by=request.actor, allowed=allowed)
    messages.success(
        request, _("The hub may show your logo.") if allowed else _("The permission is taken back.")
    )
    return see(reverse("organisation"), request=request)


@open_to(Entrance.MEMBERS, fresh_to_change=True)
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: ActorRequest) -> HttpResponse:
    """GET, POST /organisation/contacts: our counterpart and deputy, reached at any hour."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    ours = queries.organisation(actor.organisation.slug, reader=actor.reader)
    people = list(queries.people_of(ours, reader=actor.reader))
    form = ContactsForm(request.POST or None, organisation=ours, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_contacts(ours.slug, form.contacts, by=actor)
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("Saved and confirmed."))
            return see(reverse("member", args=[ours.slug]), request=request)
    status = 422 if form.errors else 200
    return render(request, "membership/contacts.html", {"form": form}, status=status)


@open_to(Entrance.MEMBERS)
@require_POST
def confirm(request: ActorRequest) -> HttpResponse:
    """POST /organisation/contacts/confirm: our contacts still hold."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    slug = actor.organisation.slug
    try:
        services.confirm_contacts(slug, by=actor)
    except Problem as problem:
        if problem.field != "counterpart":
            raise
        return see(reverse("contacts"), request=request)
    messages.success(request, _("Confirmed for another quarter."))
    return see(reverse("member", args=[slug]), request=request)


def _views(asked: QueryDict, *, shares_circle: bool) -> list[View]:
    return [
        View(gettext_lazy("Everybody"), _with(asked, circle=None, page=None), not shares_circle),
        View(
            gettext_lazy("Share a circle with us"),
            _with(asked, circle="shared", page=None),
            shares_circle,
        ),
    ]


def _with(asked: QueryDict, **changes: str | None) -> str:
    """The address of this list with some of what it says changed, or taken away by None."""
    kept = {name: asked.get(name) for name in ("sector", "region", "circle")}
    said = {name: value for name, value in (kept | changes).items() if value}
    return f"?{urlencode(said)}" if said else reverse("members")
