"""Documents of the house: words stay words, and the seal notices every change."""

import stat
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from minga.features.membership.documents import present_seal, seal, typeset
from tests import factories
from tests.features.membership.documents.reading import pdfsig, verdict, words_of

pytestmark = pytest.mark.django_db
HOSTILE = '#panic("no") $x$ *bold* `raw` #read("/etc/passwd") \\u{41} @ref <label> // no'


def values(**words):
    return {
        "title": "Acta", "hub": "CSIRT", "language": "es", "foot": "Acta 1", "facts": [],
        "sections": [],
    } | words  # fmt: skip


@pytest.fixture
def sealed(db):
    factories.hub()
    return seal(typeset("plain", values(facts=[["Firma", "Ana Soto"]])))


def test_what_somebody_typed_is_never_read_as_markup(tmp_path):
    pdf = typeset("plain", values(title=HOSTILE, facts=[[HOSTILE, HOSTILE]]))

    assert words_of(pdf, tmp_path).count(HOSTILE) == 3


@given(text=st.text(max_size=60))
@hypothesis_settings(max_examples=25, deadline=None)
def test_any_text_makes_a_document(text):
    assert typeset("plain", values(title=text or "-", facts=[[text, text]])).startswith(b"%PDF-")


def test_a_document_is_made_to_last_when_the_houses_letters_suffice():
    assert b"pdfaid" in typeset("plain", values())
    assert b"pdfaid" not in typeset("plain", values(title="日本"))


def test_the_seal_is_verified_by_poppler_and_by_pyhanko(sealed, tmp_path):
    said = pdfsig(sealed, tmp_path)

    assert "Signature is Valid" in said
    assert "Total document signed" in said
    status = verdict(sealed)
    assert (status.bottom_line, status.coverage.name) == (True, "ENTIRE_FILE")


def test_what_was_there_stays_under_the_seal():
    bare = typeset("plain", values())

    assert seal(bare).startswith(bare)


def test_the_sealing_key_is_made_once_for_the_hubs_user_alone(sealed):
    path = Path(settings.HOME) / "seal.pem"
    before = path.read_bytes()

    present_seal()

    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"PRIVATE" not in present_seal().public.certificate_pem


def holds(pdf: bytes) -> bool:
    try:
        status = verdict(pdf)
    except Exception:  # noqa: BLE001 - a byte may break anything that a reader builds on
        return False
    return bool(status.bottom_line)


@given(data=st.data())
@hypothesis_settings(max_examples=60, deadline=None)
def test_one_flipped_byte_outside_the_signature_itself_breaks_the_seal(sealed_once, data):
    """Within it, such as in the case of a hexadecimal digit, nothing is said of the document."""
    start = sealed_once.index(b"/Contents <") + len(b"/Contents <")
    end = sealed_once.index(b">", start)
    outside = st.integers(0, start - 1) | st.integers(end, len(sealed_once) - 1)
    place = data.draw(outside)
    bit = data.draw(st.sampled_from([1 << n for n in range(8)]))
    changed = bytearray(sealed_once)
    changed[place] ^= bit

    assert not holds(bytes(changed)), f"byte {place} of {len(changed)}, bit {bit:#x}"


@pytest.fixture(scope="module")
def sealed_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return seal(typeset("plain", values(facts=[["Firma", "Ana Soto"]])))
