"""Which names with a dot are files and not domains."""

from __future__ import annotations

import re

from minga.core.observables.names import is_known_top, is_public_suffix

_PROGRAMS = (
    "apk app appx asp aspx bat bin bpl chm class cmd com cpl dex dll dmg dylib elf exe hta "
    "ipa jar js jse jsp jspx lnk lua msc msi msix msp mst ocx php pif pkg pl ps1 psd1 psm1 py "
    "pyc pyd rb reg rpm scr sct sh so swf sys vb vba vbe vbs vxd war wsc wsf wsh xll"
)
_DOCUMENTS = (
    "bak bmp cfg conf config csv dat db doc docm docx dot dotm eml gif htm html ico ics img "
    "ini jpeg jpg json key lock log md mdb mht mov mp3 mp4 msg odp ods odt one pdf pem png "
    "pot potm pps ppsm ppt pptm pptx pub rtf sldm sql sqlite svg tmp txt url vcf vhd vhdx "
    "webp xla xlam xls xlsb xlsm xlsx xlt xltm xml yaml yml"
)
_ARCHIVES = "7z ace arj bz2 cab daa gz iso jnlp lz lzh rar tar tgz udf uue wim xz z zip zst"
_EXTENSIONS = frozenset(f"{_PROGRAMS} {_DOCUMENTS} {_ARCHIVES}".split())

# Some of these are top-level domains too. For the first ones the domain wins: hosts under them are
# everywhere. The others, such as .zip, .sh and .py, name files far more often than hosts, unless
# the rest of the name speaks for a host.
_HOSTS_FIRST = frozenset({"app", "com", "dot", "one", "pl", "pub"})
_FILES_FIRST = _EXTENSIONS - _HOSTS_FIRST
_NAME = re.compile(r'[^/\\:*?"<>|\x00-\x1f\x7f\ud800-\udfff]{1,250}')


def is_file_name(name: str) -> bool:
    """Whether a value such as `factura.pdf.exe` or `config.php` names a file, not a host.

    Where the ending could be either, it is a host when it begins with `www.`, stands under a public
    suffix of two labels (`banco.com.py`), or has three labels none of which is an extension or a
    number (`mail.example.sh`).
    """
    stem, dot, last = name.lower().rpartition(".")
    if not (stem and dot and last in _FILES_FIRST and _NAME.fullmatch(name)):
        return False
    return not (is_known_top(last) and _speaks_for_a_host(stem.split("."), last))


def _speaks_for_a_host(before: list[str], last: str) -> bool:
    if before[0] == "www" or is_public_suffix(f"{before[-1]}.{last}"):
        return True
    return len(before) > 1 and not any(label in _EXTENSIONS or label.isdigit() for label in before)
