"""What the tests of the exchange's pages share: signing in, sharing, reading what a page says."""

import html
import re

from django.test import Client

from minga.core import policy
from minga.core.observables import extract
from minga.core.policy import Tlp
from minga.features.exchange import services
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor
from tests import factories
from tests.signing_in import enter

REPORT = (
    "Hoy llegó un SMS con enlace a hxxps://acceso-clientes[.]example/ingreso.\n"
    "El sitio resuelve a 198.51.100[.]23 y descarga pago.apk."
)


def signed_in(actor, language="es", **options):
    """A browser in which this actor's person has signed in."""
    client = Client(**options)
    client.cookies["language"] = language
    return enter(client, actor.person)


def member(name="", **fields):
    """An analyst of a member with this name."""
    who = factories.person(factories.organisation(name), **fields)
    return Actor(organisation=who.organisation, person=who)


def share(by, *, title="SMS que imita el portal", text=REPORT, audience=None, **options):
    draft = services.Draft(
        title=title,
        text=text,
        kind=options.pop("kind", Contribution.Kind.ALERT),
        audience=audience or everyone(),
        observables=tuple(find.observable for find in extract(text)),
        **options,
    )
    return services.share(draft, by=by, door=Contribution.Door.PAGE)


def everyone(tlp=Tlp.AMBER):
    return policy.Audience(tlp, everyone=True)


def only(*actors, tlp=Tlp.AMBER_STRICT):
    return policy.Audience(tlp, organisations=frozenset(a.organisation.pk for a in actors))


def page(contribution):
    return f"/alerts/{contribution.uuid}/"


def words(answer):
    """What a reader sees: the page without its tags, blanks as one."""
    source = re.sub(r'<span class="d">(.*?)</span>', r"\1", answer.content.decode())
    text = re.sub(r"<(script|svg)\b.*?</\1>|<[^>]+>", " ", source, flags=re.S)
    return " ".join(html.unescape(text).split())


def fields(answer, name):
    """The values of the inputs of this name, as the page offers them."""
    source = answer.content.decode()
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"[^>]*>', source)
    return [html.unescape(value) for value in found]


def ticked(answer, name="include"):
    """The values of the ticked boxes of this name."""
    source = answer.content.decode()
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"[^>]*\bchecked', source)
    return [html.unescape(value) for value in found]
