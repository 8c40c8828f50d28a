"""`minga agreement`."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minga.features.membership.models import Signature
from minga.store.people.models import Key, Organisation, Person
from minga.store.work.loop import work_off

MODEL = "version = 2"


@pytest.fixture(autouse=True)
def _hub(hub):
    """Each of them needs a hub."""


def test_the_model_is_loaded_shown_and_signed_on_paper(minga):
    minga("org", "add", "Banco")
    listed = minga("agreement", "list", "--json").json
    assert [(each["version"], each["state"]) for each in listed] == [("1", "in-force")]
    shown = minga("agreement", "show", "--json").json
    assert [each["clause"] for each in shown] == [str(number) for number in range(1, 17)]
    assert "reads_up_to: TLP:RED" in shown[3]["effects"]

    signed = minga("agreement", "sign", "banco", "--paper", "Acta 1", "--json")

    assert signed.json["clauses"].startswith("1, 2, 3")
    (line,) = minga("agreement", "signatures", "--json").json
    assert (line["organisation"], line["level"]) == ("banco", "paper")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["load", "nothing"], 3, "No agreement 'nothing' comes with Minga; expected model"),
        (["enforce", "7"], 3, "There is no version 7"),
        (["sign", "banco", "--paper", "x", "--clauses", "1,2"], 4, "Clause 3"),
        (["sign", "banco", "--paper", "x", "--clauses", "one"], 2, "expected numbers with commas"),
        (["sign", "banco", "--paper", " "], 4, "Say where the paper is"),
    ],
)
def test_what_cannot_be_says_why(minga, arguments, code, words):
    minga("org", "add", "Banco")

    ended = minga("agreement", *arguments)

    assert (ended.code, words in ended.err) == (code, True), ended.err


def test_a_file_that_is_no_agreement_says_where(minga, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('slug = "own"\nversion = 2\n')

    ended = minga("agreement", "load", str(file))

    assert ended.code == 4
    assert "missing required field `title`" in ended.err


def test_the_founders_of_2020_are_invited_by_name_and_nothing_is_made_up(minga):
    prepared = minga("agreement", "load", "chile-2020", "--json").json

    assert len(prepared["invited"].split(", ")) == 16
    founders = Organisation.objects.filter(role="member")
    assert founders.get(slug="redbanc").name == "RedBanc"
    assert {(o.rut, o.legal_name, o.sector, o.region, o.granted) for o in founders} == {("",) * 5}
    assert not Person.objects.filter(organisation__in=founders).exists()
    assert not Key.objects.exists()
    assert not Signature.objects.exists()
    assert minga("agreement", "load", "chile-2020", "--json").json["invited"] == ""


@pytest.fixture
def act(minga, tmp_path):
    """The file of the one act there is."""
    minga("org", "add", "Banco")
    minga("agreement", "sign", "banco", "--paper", "Acta 1")
    (waiting,) = minga("agreement", "acts", "--json").json
    assert (waiting["act"], waiting["sha256"]) == ("being prepared", "")
    work_off()
    (line,) = minga("agreement", "acts", "--json").json
    file = tmp_path / "acta.pdf"
    written = minga("agreement", "act", line["act"], str(file), "--json").json
    assert written["sha256"] == line["sha256"]
    return file


def test_an_act_is_written_as_it_was_sealed(minga, act):
    verified = minga("agreement", "verify", str(act))

    assert verified.code == 0
    assert "is the act of Banco, byte for byte" in verified.out


@given(place=st.integers(min_value=0), bit=st.sampled_from([1 << n for n in range(8)]))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_one_flipped_byte_anywhere_in_an_act_is_noticed(minga, act, place, bit):
    changed = bytearray(act.read_bytes())
    changed[place % len(changed)] ^= bit
    other = act.with_name("changed.pdf")
    other.write_bytes(changed)

    verified = minga("agreement", "verify", str(other))

    assert verified.code == 10
    assert "is no act of this hub, or not as it was made" in verified.err


def test_the_certificate_of_the_seal_is_printed_for_others(minga):
    printed = minga("agreement", "seal")

    assert printed.out.startswith("-----BEGIN CERTIFICATE-----")
    assert "PRIVATE" not in printed.out
    assert "SHA-256: " in printed.err


def test_an_act_that_is_not_there_is_not_found(minga, tmp_path):
    asked = minga("agreement", "act", "00000000-0000-4000-8000-00000000dead", str(tmp_path / "a"))

    assert asked.code == 3
    assert not (tmp_path / "a").exists()
