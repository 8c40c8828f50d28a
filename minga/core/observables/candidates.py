"""Where in a text an observable may stand: one expression, linear whatever it is given.

Every repetition is bounded or possessive, and a candidate starts only where a word does. So a
stretch that turns out to be nothing is looked at a fixed number of times, however long it is.
"""

from __future__ import annotations

import re

_HEX = "[0-9A-Fa-f]"
_PAIR = f"{_HEX}{{2}}"
# A start: no word before, not even one joined by a hyphen, dot or @, no escape of URL or JSON.
_START = r"(?<![\w%\\])(?<!\w[-.@])"
_HOST = r"[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,126}+"
# A list of URLs may be joined by commas without blanks: a comma belongs to a URL unless another
# one begins after it.
_URL_REST = r"""(?:[^\s<>"`“”«»|^\\,;]++|[,;](?![A-Za-z]{2,6}://))"""
_SCHEMES = (
    "[hH][tT][tT][pP][sS]?|[sS]?[fF][tT][pP][sS]?|[wW][sS][sS]?|[lL][dD][aA][pP][sS]?|[rR][mM][iI]"
    "|[tT][cC][pP]|[uU][dD][pP]|[sS][mM][bB]|[sS][sS][hH]|[tT][eE][lL][nN][eE][tT]|[rR][tT][sS][pP]"
    "|[sS][oO][cC][kK][sS][45]?"
)
# A folder's name may hold blanks, as prose does: its further words begin with a capital or a digit
# or are `(x86)`, save a joining one, and what looks like `a.exe` ends a path.
_IN_NAME = r"""[^\s\\/:*?"<>|“”«»]"""
_PLAIN_WORD = r"""[^\s.,;\\/:*?"<>|“”«»]{1,64}+"""
_NEXT_WORD = (
    r" (?:\([A-Za-z0-9]{1,12}\)"
    rf"|(?:(?:and|y|de|del) )?(?=[A-Z0-9])(?!HK|Global\\|Local\\){_PLAIN_WORD})"
)
_FOLDER = rf"(?:{_PLAIN_WORD}(?:{_NEXT_WORD}){{1,4}}+|{_IN_NAME}{{1,128}}+)\\"
_LAST = rf"{_IN_NAME}{{1,255}}+"
_ROOTS = (
    "Applications|Library|System|Users|Volumes|bin|boot|data|dev|etc|home|lib|lib32|lib64|media|mnt"
    "|opt|private|proc|root|run|sbin|srv|sys|tmp|usr|var"
)

_FORMS = {
    "url": rf"(?:{_SCHEMES})://{_URL_REST}++",
    "registry_key": (
        rf"(?:HKEY_[A-Z_]{{4,24}}|HK(?:LM|CU|CR|CC|U)):?\\(?:{_FOLDER}){{0,32}}+(?:{_LAST})?"
    ),
    "mutex": r"(?:Global|Local)\\[\w{}.!-]{3,200}+",
    "windows_path": (
        rf"(?:[A-Za-z]:|%[A-Za-z_]{{2,40}}%|\\\\[\w.-]{{1,63}}+)\\(?:{_FOLDER}){{0,32}}+{_LAST}"
    ),
    "user_agent": (
        r"Mozilla/\d\.\d(?: \([^()\r\n\"]{0,300}+\)| like Gecko| Mobile(?:/\w{1,20}+)?"
        r"| [A-Za-z][\w.!-]{0,40}+/\d[\w.+-]{0,40}+){1,12}+"
    ),
    "unix_path": rf"(?<![\w/.:~)\]-])/(?:{_ROOTS})(?:/[\w.@+~%=,-]{{1,255}}+){{1,32}}+",
    "email": rf"\w[\w.+%-]{{0,63}}+@{_HOST}",
    "ipv4": r"[0-9]{1,3}+(?:\.[0-9]{1,3}+){3}(?!\w|\.[0-9a-z_])",
    "mac": rf"{_PAIR}(?:(?::{_PAIR}){{5}}(?![\w:])|(?:-{_PAIR}){{5}}(?![\w-]))",
    "fingerprint": rf"{_PAIR}(?::{_PAIR}){{15,63}}+(?![\w:])",
    "ssdeep": (  # one signature is long: not a time, not groups of an address
        r"[0-9]{1,12}+:(?:[A-Za-z0-9/+]{13,64}+:[A-Za-z0-9/+]{3,64}+"
        r"|[A-Za-z0-9/+]{3,64}+:[A-Za-z0-9/+]{13,64}+)"
    ),
    "ipv6": (
        rf"(?:(?<!::){_HEX}{{1,4}}+:|:(?=:))[0-9A-Fa-f:]{{1,39}}+"
        r"(?:(?:\.[0-9]{1,3}+){3})?(?:/[0-9]{1,3}+)?(?!\w)"
    ),
    "digest": rf"{_HEX}{{32,128}}+(?!\w)",
    "bitcoin": r"[13][1-9A-HJ-NP-Za-km-z]{25,34}+(?!\w)|(?:bc1|BC1)[A-Za-z0-9]{11,87}+(?!\w)",
    "cve": r"[cC][vV][eE][-‐‑‒–—−][0-9]{4}[-‐‑‒–—−][0-9]{4,19}+(?!\w)",
    "technique": r"T(?:0[78]|1(?!000)[0-7])[0-9]{2}(?:\.[0-9]{3})?(?!\w)",
    "asn": r"AS(?:N ?)?[0-9]{1,10}+(?!\w|\.[0-9])",
    "host": _HOST,
}

CANDIDATE = re.compile(_START + "(?:" + "|".join(f"(?P<{n}>{f})" for n, f in _FORMS.items()) + ")")

# What may follow an address or a host.
PREFIX_LENGTH = re.compile(r"/[0-9]{1,2}+(?![\w/]|[.-]\w)")
FIRST_SEGMENT = re.compile(r"(?::[0-9]{1,5}+)?/([\w.-]{0,253}+)")
PORT_AND_PATH = re.compile(rf"(?::[0-9]{{1,5}}+)?/{_URL_REST}*+")
