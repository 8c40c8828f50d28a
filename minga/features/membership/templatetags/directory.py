"""How sectors, regions, sizes and roles are called: `{% load directory %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from minga.core import sectors
from minga.core.rut import written_rut
from minga.store.people.models import Organisation

register = template.Library()

SIZES = {
    Organisation.Size.MICRO: _("Micro enterprise"),
    Organisation.Size.SMALL: _("Small enterprise"),
    Organisation.Size.MEDIUM: _("Medium enterprise"),
    Organisation.Size.LARGE: _("Large enterprise"),
}


@register.filter
def sector_name(code: str) -> str:
    """What a sector is called in the reader's language."""
    return sectors.sector_name(code, language=get_language() or "")


@register.filter
def region_name(code: str) -> str:
    """What a region is called."""
    return sectors.region_name(code)


register.filter("rut", written_rut)


@register.filter
def size_name(band: str) -> str:
    """What a size band is called."""
    return str(SIZES[Organisation.Size(band)]) if band in SIZES else band
