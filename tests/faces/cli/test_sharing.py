"""`minga share` and `minga lookup`."""

import pytest

from minga.core.policy import Pap, Tlp
from minga.store.objects.models import Contribution


@pytest.fixture(autouse=True)
def _hub(hub, minga):
    """A hub and two members."""
    minga("org", "add", "Banco", "--signed", "acta")
    minga("org", "add", "Otro", "--signed", "acta")


def test_what_is_shared_is_found_by_those_who_may_read_it_only(minga):
    shared = minga("share", "Phishing", "--as", "banco", "--to", "hub", "--find",
                   "--text", "ver hxxps://login[.]banco[.]example y 198.51.100[.]7")  # fmt: skip
    assert shared.code == 0

    asked = ("lookup", "198.51.100[.]7", "192.0.2.1", "no es nada", "--json")
    hub = [answer["verdict"] for answer in minga(*asked).json]
    other = [answer["verdict"] for answer in minga(*asked, "--as", "otro").json]

    assert hub == ["known", "unknown", "unreadable"]
    assert other == ["unknown", "unknown", "unreadable"]


def test_it_says_who_reads_it(minga):
    ended = minga(
        "share", "Phishing", "--as", "banco", "--to", "org:otro", "--tlp", "RED", "--json"
    )

    assert ended.json["tlp"] == "TLP:RED"
    assert ended.json["organisations_that_read_it"] == 2


def test_the_same_request_key_is_the_same_contribution(minga):
    one = minga("share", "Phishing", "--request-key", "k1", "--json").json
    two = minga("share", "Phishing", "--request-key", "k1", "--json").json

    assert one["id"] == two["id"]
    assert Contribution.objects.count() == 1


def test_the_text_may_come_by_a_pipe_and_everything_else_is_kept(minga):
    labels = ("--kind", "report", "--tlp", "green", "--pap", "amber", "--code", "anci:8FFR20")
    minga("share", "Aviso", "--text", "-", *labels, pipe="señal 192.0.2.1".encode())

    shared = Contribution.objects.get()
    assert (shared.text, shared.codes) == ("señal 192.0.2.1", [["anci", "8FFR20"]])
    assert (shared.kind, shared.audience.tlp) == (Contribution.Kind.REPORT, Tlp.GREEN)
    assert shared.pap == Pap.AMBER


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--to", "somebody"], 4, "--to is 'somebody'"),
        (["--to", "org:nobody"], 3, "No organisation 'nobody'"),
        (["--to", "circle:nothing"], 3, "No circle 'nothing'"),
        (["--tlp", "purple"], 4, "expected one of TLP:CLEAR"),
        (["--tlp", "red"], 4, "TLP:RED reaches only"),
        (["--observable", "¿?"], 4, "--observable is"),
        (["--code", "8FFR20"], 4, "expected SCHEME:CODE"),
    ],
)
def test_what_cannot_be_shared_is_refused_with_what_could(minga, options, code, words):
    ended = minga("share", "Aviso", *options)

    assert ended.code == code
    assert words in ended.err
    assert not Contribution.objects.exists()


def test_a_lookup_shows_why_something_is_known(minga):
    minga("share", "Phishing", "--observable", "login.banco.example")

    out = minga("lookup", "login.banco.example", "a.login.banco.example").out

    assert "known" in out
    assert "TLP:AMBER  Phishing" in out
    assert "known parent login.banco.example" in out


def test_a_lookup_takes_a_pipe_and_may_leave_out_what_is_unknown(minga):
    minga("share", "Phishing", "--observable", "198.51.100.7")

    answers = minga("lookup", "-", "--known", "--json", pipe=b"192.0.2.1\n\n198.51.100.7\n").json

    assert [answer["value"] for answer in answers] == ["198.51.100.7"]


def test_an_empty_pipe_asks_nothing(minga):
    assert minga("lookup", "-", pipe=b"\n").code == 4
