"""What a new version changes, clause by clause."""

from pathlib import Path

import minga
from minga.core import agreement as core
from minga.core.agreement.changes import Mark, changes

SOURCE = (
    Path(minga.__file__).parent / "features" / "membership" / "agreements" / "model.toml"
).read_text("utf-8")
MODEL = core.read(SOURCE)


def revised(*swaps):
    text = SOURCE
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    return core.read(text)


def test_the_same_text_changes_nothing():
    assert changes(MODEL, MODEL) == []


def test_words_are_compared_paragraph_by_paragraph():
    (change,) = changes(MODEL, revised(("Toda colaboración es voluntaria.", "Colaborar es libre.")))

    assert change.number == 2
    told = change.words("es")
    assert [mark for mark, _ in told].count(Mark.GONE) == 1
    assert (
        told[2][0], told[2][1][: len("Colaborar es libre. Cada parte decide")],
    ) == ("ins", "Colaborar es libre. Cada parte decide")  # fmt: skip
    assert all(mark is Mark.SAME for mark, _ in change.words("en"))
    assert change.effects == []


def test_effects_are_compared_by_name():
    (change,) = changes(MODEL, revised(("notice_days = 30", "notice_days = 60")))

    (effect,) = change.effects
    assert (effect.name, effect.before, effect.after) == ("notice_days", 30, 60)


def test_what_becomes_optional_is_told():
    (change,) = changes(
        MODEL, revised(("number = 2\noptional = false", "number = 2\noptional = true"))
    )

    (effect,) = change.effects
    assert (effect.name, effect.before, effect.after) == ("optional", False, True)


def test_a_clause_that_is_new_and_one_that_is_gone():
    shorter = core.Agreement(
        MODEL.slug, 2, MODEL.title, MODEL.preamble, MODEL.clauses[:-1], MODEL.annexes
    )
    (gone,) = changes(MODEL, shorter)
    (new,) = changes(shorter, MODEL)

    assert (gone.after, new.before) == (None, None)
    assert {mark for mark, _ in gone.words("es")} == {Mark.GONE}
    assert {mark for mark, _ in new.words("es")} == {Mark.NEW}
    assert gone.clause == new.clause == MODEL.clauses[-1]
