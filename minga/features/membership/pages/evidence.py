"""The papers: the act of each signature, and the certificate of the hub's seal."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minga.features.membership import queries
from minga.features.membership.pages.faults import why
from minga.web.doors import Entrance, open_to
from minga.web.requests import ActorRequest, PageRequest

ROWS = 50
PDF, PEM = "application/pdf", "application/x-pem-file"


@open_to(Entrance.MEMBERS)
@require_safe
def acts(request: ActorRequest) -> HttpResponse:
    """GET /agreement/acts/: every signature and its act; for the hub, everybody's."""
    signatures = queries.signed_by(reader=request.actor.reader)
    page = Paginator(signatures, ROWS).get_page(request.GET.get("page"))
    aside = queries.kept_aside(reader=request.actor.reader)[:ROWS]
    context = {
        "page": page,
        "fingerprint": queries.seal_of_hub().fingerprint,
        "aside": [(each, why(each.fault)) for each in aside],
    }
    return render(request, "membership/acts.html", context)


@open_to(Entrance.MEMBERS)
@require_safe
def act(request: ActorRequest, document: UUID) -> HttpResponse:
    """GET /agreement/acts/<document>.pdf: the act as it was sealed."""
    found = queries.act(document, reader=request.actor.reader)
    return download(bytes(found.content), name=f"act-{document}.pdf", media_type=PDF)


@open_to(Entrance.ANYONE)
@require_safe
def seal_certificate(_request: PageRequest) -> HttpResponse:
    """GET /agreement/seal.pem: the certificate that the hub's seals are verified by."""
    return download(queries.seal_of_hub().certificate_pem, name="seal.pem", media_type=PEM)


def download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """A file to be kept, not shown."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
