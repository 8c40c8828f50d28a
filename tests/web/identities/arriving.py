"""A browser at an organisation's own provider, and back."""

from django.urls import reverse

from tests.openid import asked_of


def come_back(client, elsewhere, provider, *, anew=False, **changes):
    """A browser goes to the provider and returns with its answer, or a changed one."""
    said = {"anew": "yes"} if anew else {}
    asked = client.post(reverse("sign-in-with", args=[provider.uuid]), said)
    back = asked_of(elsewhere.way_back(asked_of(asked["Location"]))) | changes
    return client.get(reverse("sign-in-answered"), back)


def is_signed_in(client):
    return client.get(reverse("account")).status_code == 200
