"""PGP keys: ours to show and take away, and another's to take along."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.core.problems import NotFound
from minga.features.membership import queries, services
from minga.features.membership.forms import PgpForm
from minga.features.membership.services.pgp import (
    LEAST_RSA_BITS,
    LONGEST_USER_ID,
    MOST_KEYS,
    MOST_USER_IDS,
    Unfit,
    UnfitKey,
)
from minga.store.people.actors import Power
from minga.web.doors import Entrance, open_to
from minga.web.redirects import see
from minga.web.requests import ActorRequest

UNFIT: dict[Unfit, Promise] = {
    Unfit.LONG: gettext_lazy("It is too long for a key."),
    Unfit.NO_KEY: gettext_lazy("It is no PGP key. Paste all of it, BEGIN and END lines included."),
    Unfit.SECRET: gettext_lazy(
        "It is a secret key. Nothing of it was kept; take it for known, and paste the public one."
    ),
    Unfit.SEVERAL: gettext_lazy("There is not one key but none or several. Paste one."),
    Unfit.WEAK: gettext_lazy("It is too weak. Expected RSA of %(bits)s bits, or a curve."),
    Unfit.MANY: gettext_lazy("There are %(keys)s keys already. Take one away first."),
    Unfit.UNBOUND: gettext_lazy(
        "Its own signatures do not hold. Make it anew, or renew it with a current program."
    ),
    Unfit.REVOKED: gettext_lazy("It is revoked. Paste one that holds."),
    Unfit.EXPIRED: gettext_lazy("It has expired. Renew it and paste it again."),
    Unfit.NAMELESS: gettext_lazy("It names nobody. Add a user id to it."),
    Unfit.NAMES: gettext_lazy(
        "Its user ids cannot be shown. Expected %(names)s at most, each of up to %(length)s "
        "visible characters."
    ),
}
_LIMITS = {
    "bits": LEAST_RSA_BITS, "keys": MOST_KEYS, "names": MOST_USER_IDS, "length": LONGEST_USER_ID,
}  # fmt: skip


def why(unfit: Unfit) -> str:
    """Why a key is not shown, in the reader's language."""
    return str(UNFIT[unfit]) % _LIMITS


@open_to(Entrance.MEMBERS, fresh_to_change=True)
@require_http_methods(["GET", "HEAD", "POST"])
def pgp(request: ActorRequest) -> HttpResponse:
    """GET, POST /organisation/pgp: our PGP keys; another one to show."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    slug = actor.organisation.slug
    form = PgpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_pgp_key(slug, form.cleaned_data["key"], by=actor)
        except UnfitKey as problem:
            form.add_error("key", why(problem.unfit))
        else:
            messages.success(request, _("Shown to whom sees your contact."))
            return see(reverse("pgp"), request=request)
    context = {"form": form, "keys": queries.pgp_keys_of(slug, reader=actor.reader)}
    status = 422 if form.errors else 200
    return render(request, "membership/pgp.html", context, status=status)


@open_to(Entrance.MEMBERS, fresh=True)
@require_POST
def remove(request: ActorRequest, fingerprint: str) -> HttpResponse:
    """POST /organisation/pgp/<fingerprint>/remove: show a key of ours no more."""
    services.remove_pgp_key(request.actor.organisation.slug, fingerprint, by=request.actor)
    messages.success(request, _("Taken away."))
    return see(reverse("pgp"), request=request)


@open_to(Entrance.MEMBERS)
@require_safe
def download(request: ActorRequest, slug: str, fingerprint: str) -> HttpResponse:
    """GET /members/<slug>/pgp/<fingerprint>.asc: a key, for whom sees the contact."""
    keys = queries.pgp_keys_of(slug, reader=request.actor.reader)
    found = keys.filter(fingerprint=fingerprint[:64]).first()
    if found is None:
        raise NotFound(_("No such key is shown to you."))
    answer = HttpResponse(found.armoured, content_type="application/pgp-keys")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.asc"'
    return answer
