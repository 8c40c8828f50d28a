"""That somebody is invited is told to nobody but himself and the hub, until he signs."""

import pytest
from django.test import Client

from minga.core import policy
from minga.core.policy import Tlp
from tests import factories
from tests.features.exchange.browsing import share, signed_in

pytestmark = pytest.mark.django_db
SECRET = "Banco Secreto"


@pytest.fixture
def member():
    """A member that shared something public while somebody was invited."""
    factories.hub()
    factories.organisation(SECRET, slug="secreto", granted="", reads_up_to=policy.NOTHING)
    return factories.member()


@pytest.mark.parametrize(
    "path", ["organisations", "organisations.csv", "contributions/{uuid}/readers"]
)
def test_a_machine_is_not_told_of_who_is_invited(member, path):
    made = share(member, audience=policy.Audience(Tlp.CLEAR, public=True, everyone=True))
    _, secret = factories.key_of(member.organisation)

    answer = Client().get(
        f"/api/v1/{path.format(uuid=made.uuid)}", headers={"authorization": f"Bearer {secret}"}
    )

    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("path", ["/share", "/members/", "/circles/"])
def test_a_page_does_not_tell_of_who_is_invited(member, path):
    answer = signed_in(member).get(path)

    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()


def test_a_draft_for_who_is_invited_is_refused_like_one_for_nobody(member):
    _, secret = factories.key_of(member.organisation)
    said = []
    for slug in ("secreto", "nadie-aqui"):
        draft = {"title": "Aviso", "kind": "alert",
                 "audience": {"tlp": "TLP:AMBER+STRICT", "organisations": [slug]}}  # fmt: skip
        answer = Client().post(
            "/api/v1/contributions", draft, content_type="application/json",
            headers={"authorization": f"Bearer {secret}"},
        )  # fmt: skip
        said.append((answer.status_code, answer.content.decode().replace(slug, "")))

    assert said[0] == said[1]
    assert said[0][0] == 422
