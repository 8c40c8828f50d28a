from __future__ import annotations

import json
import random
import time
import unicodedata
from pathlib import Path

import pytest

from minga.core.stix.patterns import PatternProblem, observables, read, verdict
from tests.core.stix_patterns import peer
from tests.core.stix_patterns.peer import SIGNS, WORDS, Patterns

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "stix"

VALID = [
    "[file:size = 1280]",
    "[a:b='x']AND[c:d=2]OR([e:f=3])FOLLOWEDBY[g:h=4]",
    "(((([a:b = 1]))))",
    "[((a:b = 1 OR c:d = 2) AND e:f = 3)]",
    "[a:b NOT = 1 AND c:d NOT IN ('x', 2, true) AND EXISTS e:f AND NOT EXISTS g:h]",
    "[a:b == 1 AND c:d <> 2 AND e:f != 3]",
    "[a:'quoted key'.'and-more'[*].c[0].d = 'x']",
    "[a-b:c LIKE 'x%' AND a-b:c MATCHES '^x$']",
    "[ipv4-addr:value ISSUBSET '198.51.100.0/24' OR ipv4-addr:value NOT ISSUPERSET '198.51.100.1']",
    "[a:b IN ()]",
    "[a:b = h'' AND c:d = h'ffEE' AND e:f = b'YWJj' AND g:h = t'2026-02-30T23:59:60.123Z']",
    "[a:b > -1.5 AND a:b < +.5 AND a:b >= 'x' AND a:b <= h'ff']",
    (
        "[a:b = 1] WITHIN 0.5 SECONDS REPEATS 3 TIMES "
        "START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00Z'"
    ),
    "([a:b = 1] REPEATS 2 TIMES) REPEATS 2 TIMES REPEATS 2 TIMES",
    "[a:b = 'line\nbreak and \u2028 and \U0001f600']",
    "\u3000( [ // a comment\n a:b /* another */ = 1 ]\t) ",
    "[file:hashes.MD5 != 'D41D8CD98F00B204E9800998ECF8427E']",
    "[file:hashes[*] = 'anything' AND file:hashes.unknown = 'anything']",
    "[trueish:falsehood = 1 AND LIKELY:NOTHING = 2]",
]
INVALID = [
    ("", "does not begin"),
    ("file:size = 1280", "does not begin"),
    ("/* first */ [a:b = 1]", "does not begin"),
    ("[file:size = ]", r"Found '\]' at character 14; expected a value"),
    ("[file:hashes.MD5 = cead3f77f6cda6ec00f57d76c9a6879f]", "Found 'cead3f77"),
    ("[file.size = 1280]", "Found '.' at character 6; expected :"),
    ("[a:b = 1] WITHIN 5 HOURS", "Found 'HOURS' at character 20; expected SECONDS"),
    ("[a:b = 1] WITHIN -5 SECONDS", "without minus"),
    ("[a:b = 1] within 5 SECONDS", "Found 'within'"),
    ("[a:b = 1] WITHIN 5 SECONDS WITHIN 6 SECONDS", "each qualifier once"),
    ("[a:b = 't", 'Found "\'" at character 8; expected a text that ends'),
    ('[a:b = "x"]', "single quotation marks"),
    ("[a:b = 'a\\b']", "written"),
    ("[a:b = 007]", "Found '0' at character 8"),
    ("[a:b = t'2026-13-01T00:00:00Z']", "Found 't'"),
    ("[a:b-c = 1]", "quote it if it has a hyphen"),
    ("[a:b = true AND NOT c:d = 1]", "expected EXISTS"),
    ("[a:b > true]", "Found 'true'"),
    ("[a:b IN 'x']", "expected \\("),
    ("[a:b IN ('x',)]", "expected a value"),
    ("([a:b = 1]", "Found the end"),
    ("[a:b = 1])", "expected the end of the pattern"),
    ("[a:b = 1] [c:d = 2]", "expected the end of the pattern"),
    ("[file:hashes.'SHA-256' = 'f00']", "no SHA-256 hash"),
    (f"[file:hashes.MD5 IN ('{'a' * 32}')]", "no MD5 hash"),
    ("[file:hashes.MD5 LIKE 'a%']", "no MD5 hash"),
]


@pytest.mark.parametrize("pattern", VALID)
def test_what_the_grammar_allows_is_valid(pattern):
    assert verdict(pattern) is None
    assert peer.verdict(pattern) == "valid"


@pytest.mark.parametrize(("pattern", "message"), INVALID)
def test_what_it_does_not_allow_is_refused_with_the_place_and_what_was_expected(pattern, message):
    with pytest.raises(PatternProblem, match=message) as caught:
        observables(pattern)
    assert read(pattern) == (verdict(pattern), ()) == (caught.value.message, ())
    assert peer.verdict(pattern) != "valid"


def disagreements(patterns, version="2.1"):
    """Patterns on which the peer has a verdict and ours is another."""
    ours = (("valid" if verdict(p, version=version) is None else "invalid", p) for p in patterns)
    judged = ((mine, peer.verdict(p, version), p) for mine, p in ours)
    return [found for found in judged if found[1] in ("valid", "invalid") and found[0] != found[1]]


@pytest.mark.parametrize("seed", range(4))
def test_the_verdict_equals_that_of_stix2_patterns_on_drawn_and_on_damaged_patterns(seed):
    draw = Patterns(seed)
    drawn = [draw.valid(depth=2 + number % 2) for number in range(150)]
    damaged = [draw.damaged(pattern) for pattern in drawn for _ in range(2)]
    assert disagreements(drawn + damaged) == []


def test_the_verdict_equals_that_of_stix2_patterns_with_any_sign_put_in_any_place():
    bases = [
        "[a:b=1]",
        "[a:b.c[*]='x']",
        "([a:b IN (1,'y')])",
        "[EXISTS a:b]",
        "[a:b=h'ff']WITHIN 5 SECONDS",
    ]
    signs = (
        [chr(code) for code in range(128)] + SIGNS + WORDS + ["/**/", "//", "\ud800", "ſ", "\u200b"]
    )
    pick = random.Random(3)
    put = []
    for _ in range(900):
        base, sign = pick.choice(bases), pick.choice(signs)
        at = pick.randrange(len(base) + 1)
        put.append(base[:at] + sign + base[at + pick.randrange(2) :])
    assert disagreements(put) == []


def test_the_verdict_equals_that_of_stix2_patterns_on_every_blank_and_control():
    blanks = [chr(code) for code in range(0x3100) if unicodedata.category(chr(code))[0] in "CZ"]
    blanks = [blank for blank in blanks if unicodedata.category(blank) != "Cn"]
    assert (
        disagreements(f"{blank}[a:b{blank}= 1]" for blank in [*blanks, "\ufeff", "\U000e0020"])
        == []
    )


EDGES = [
    *(f"t'2026-{month}-28T00:00:00Z'" for month in ("00", "01", "09", "10", "12", "13", "1")),
    *(f"t'2026-01-{day}T00:00:00Z'" for day in ("00", "01", "29", "30", "31", "32", "1")),
    *(f"t'2026-01-01T{hour}:00:00Z'" for hour in ("00", "09", "19", "20", "23", "24", "1")),
    *(f"t'2026-01-01T00:{minute}:00Z'" for minute in ("00", "59", "60")),
    *(f"t'2026-01-01T00:00:{second}Z'" for second in ("00", "59", "60", "61", "0.", "00.", "00.0")),
    *("t'20260-01-01T00:00:00Z'", "t'2026-01-01t00:00:00Z'", "t'2026-01-01T00:00:00z'"),
    *(
        "b'A'",
        "b'AB'",
        "b'ABC'",
        "b'ABCD'",
        "b'AB=='",
        "b'ABC='",
        "b'A==='",
        "b'ABCDE==='",
        "b'AB-_'",
    ),
    *("h'0'", "h'0g'", "h'00'", "H'00'", "h '00'", "T'x'", "TRUE", "True", "null"),
    *("1", "01", "1e5", "1.e5", "+-1", "--1", "+ 1", "1.", ".1", "00.10", "-0", "-00", "1_0", "٣"),
]
NAMES = (
    "MD5 MD6 RIPEMD-160 SHA-1 SHA-224 SHA-256 SHA-384 SHA-512 SHA3-256 SSDEEP WHIRLPOOL TLSH ſha1"
)


def test_the_verdict_equals_that_of_stix2_patterns_on_edges_of_literals():
    operators = ("=", "<", "IN (", "LIKE ")
    patterns = (f"[a:b {op}{edge}{')' * ('(' in op)}]" for op in operators for edge in EDGES)
    assert disagreements(patterns) == []


def test_the_verdict_equals_that_of_stix2_patterns_on_hashes_of_any_length():
    lengths = (0, 1, 31, 32, 33, 40, 41, 56, 64, 96, 127, 128, 129)
    values = ["a" * n for n in lengths] + ["A" * 64, "g" * 40, "3:a/+:b.", "\n    " + "a" * 64]
    patterns = [
        f"[file:hashes.'{name}' = '{value}{end}']"
        for name in NAMES.split()
        for value in values
        for end in ("", "\n")
    ]
    assert disagreements(patterns) == []


def test_the_verdict_equals_that_of_stix2_patterns_in_the_grammar_of_2_0():
    draw = Patterns(20)
    drawn = [draw.valid() for _ in range(150)]
    twice = "[a:b = 1] WITHIN 5 SECONDS WITHIN 6 SECONDS"
    special = ["[EXISTS a:b]", "[EXISTS:b = 1]", "[a:EXISTS = 1]", twice]
    assert disagreements([*drawn, *map(draw.damaged, drawn), *special], "2.0") == []
    assert verdict(twice, version="2.0") is None
    assert verdict("[EXISTS a:b]", version="2.0") is not None


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared data is not at {DATA}")
def test_the_verdict_equals_that_of_stix2_patterns_on_every_published_pattern():
    documents = [json.loads(path.read_bytes()) for path in sorted(DATA.glob("*.json"))]
    objects = [o for document in documents for o in document.get("objects", [document])]
    published = [o["pattern"] for o in objects if o.get("type") == "indicator"]
    assert len(published) > 1000
    assert disagreements(published[::3]) == []


@pytest.mark.parametrize(
    "pattern",
    ["", "[a:b[-1] = 1]", "[file:hashes[0] = 'x']", f"[a:b[{'9' * 4301}] = 1]"],
    ids=["empty", "negative index", "index in hashes", "endless index"],
)
def test_what_stix2_patterns_breaks_down_on_is_refused(pattern):
    assert peer.verdict(pattern) == "broken down"
    assert verdict(pattern) is not None


def test_many_terms_and_deep_brackets_are_judged_though_stix2_patterns_cannot():
    many = "[" + " OR ".join(f"a:b = {number}" for number in range(3000)) + "]"
    deep = "(" * 3000 + "[" + "(" * 3000 + "a:b = 1" + ")" * 3000 + "]" + ")" * 3000
    assert peer.verdict(many) == peer.verdict(deep) == "too deep"
    assert verdict(many) is None
    assert verdict(deep) is None
    assert verdict(deep[:-1]) is not None


def test_a_pattern_over_the_limit_is_refused_and_one_at_it_is_judged():
    full = "[a:b = '" + "x" * (65_536 - 10) + "']"
    assert verdict(full) is None
    assert verdict(full[:9] + "x" + full[9:]) == (
        "The pattern has 65,537 characters; expected 65,536 at most. "
        "Split it into several indicators."
    )


@pytest.mark.parametrize("pattern_type", ["yara", "sigma", "snort", "suricata", "pcre", "spl"])
def test_patterns_of_other_languages_are_not_judged(pattern_type):
    assert verdict("rule a { condition: true }", pattern_type=pattern_type) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "[" + "(" * 65_000,
        "[a:b=" + "0" * 65_000,
        "[a:b=b'" + "A" * 65_000,
        "[a:b=1/*" + "*" * 65_000,
        "[a:b" + ".c" * 32_000 + "='x']",
        "[a:b='" + "\\'" * 32_000 + "']",
        "[a:b='" + "\\'" * 32_000,
        " " * 65_000 + "[",
        "[a:b='x'" + " " * 65_000,
        "[" + " OR ".join(["a:b='x'"] * 5_400) + " AND]",
        "[" * 65_000,
        "'" * 65_000,
    ],
    ids=range(12),
)
def test_hostile_patterns_take_no_longer_than_their_length_allows(pattern):
    began = time.process_time()
    read(pattern)
    assert time.process_time() - began < 2
