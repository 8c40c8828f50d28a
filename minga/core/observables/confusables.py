"""How a domain name looks to an eye, for a warning beside it. Never to merge two names."""

from __future__ import annotations

import unicodedata

# Letters of other alphabets, and of ours, that fonts draw like plain ones. Accents fall by
# decomposition, so only what does not decompose is here.
_LOOKALIKES = {
    "a": "аɑα", "b": "ƅьβ", "c": "сϲ", "d": "ԁđɗ", "e": "еєε", "f": "ƒ", "g": "ɡցɢ",
    "h": "һհħ", "i": "іıɩι", "j": "јϳ", "k": "кκ", "l": "ӏłɭ1|", "m": "м", "n": "ոпηռ",
    "o": "оοօøσ0", "p": "рρ", "q": "ԛզ", "r": "гɾ", "s": "ѕʂ", "t": "тτ", "u": "սυʋ",
    "v": "ѵνᴠ", "w": "ԝωաѡ", "x": "хχ", "y": "уγү", "z": "ᴢʐ", "3": "зӡ", "ae": "æӕ", "oe": "œ",
}  # fmt: skip
_PLAIN = str.maketrans({odd: plain for plain, odds in _LOOKALIKES.items() for odd in odds})
_RUNS = (("rn", "m"), ("vv", "w"))


def skeleton(domain: str) -> str:
    """A domain name reduced to what an eye takes in: equal skeletons, likely confusion.

    A-labels are read as the letters they show, accents and foreign lookalikes become plain
    letters, `0` becomes `o`, `1` `l`, `rn` `m`, `vv` `w`. The result is for comparing with the
    skeleton of another name only; it is not a name. After UTS 39, section 4, with a table of our
    own that covers Latin, Greek, Cyrillic and Armenian.

        >>> skeleton("xn--ggle-55da.example") == skeleton("google.example")  # Cyrillic o, twice
        True
    """
    shown = ".".join(map(_shown, domain.lower().split(".")))
    marked = unicodedata.normalize("NFKD", shown.translate(_PLAIN))
    plain = "".join(c for c in marked if not unicodedata.combining(c)).translate(_PLAIN)
    for run, letter in _RUNS:
        plain = plain.replace(run, letter)
    return plain


def _shown(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").lower()
    except UnicodeError:
        return label
