"""The letters of the pages, brought at set-up: pinned npm packages, checked, never committed.

`python -m minga.web.fonts` fetches them with npm, from wherever npm is set up to fetch. Without
npm, or without a network, pages use the system's fonts and lose nothing but looks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "fonts.json"
FOLDER = HERE / "static" / "minga" / "fonts"
STYLES = FOLDER / "fonts.css"
TIMEOUT_SECONDS = 60
# Which letters stand in which file: Latin, and what other Latin alphabets add (CSS Fonts 4, 4.5).
RANGES = {
    "latin": (
        "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,"
        "U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
    ),
    "latin-ext": (
        "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,"
        "U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,"
        "U+A720-A7FF"
    ),
}


class FontsUnavailable(Exception):
    """The fonts could not be brought; the message says why. Pages work without them."""


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package: `sha512` is of the archive, in base64 as npm writes it."""

    name: str
    version: str
    sha512: str
    family: str
    files: dict[str, str]


def pinned() -> list[Package]:
    """The packages of the committed manifest."""
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    return [Package(**entry) for entry in manifest["packages"]]


def are_there() -> bool:
    """Whether set-up brought the fonts."""
    return STYLES.exists()


def fetch(folder: Path = FOLDER) -> None:
    """Bring every pinned font into the folder, with the style sheet that names them.

    Does nothing when they are there already. Nothing is written unless every archive matches its
    SHA-512. Raises FontsUnavailable.
    """
    packages = pinned()
    styles = folder / STYLES.name
    if styles.exists() and styles.read_text("utf-8") == _styles(packages):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise FontsUnavailable("npm is not installed; pages use the system's fonts.")
    with tempfile.TemporaryDirectory(prefix="minga-fonts-") as scratch:
        archives = [_packed(package, npm, Path(scratch)) for package in packages]
        contents = {
            name: data
            for package, archive in zip(packages, archives, strict=True)
            for name, data in _unpacked(package, archive).items()
        }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    styles.write_text(_styles(packages), "utf-8")


def _packed(package: Package, npm: str, scratch: Path) -> Path:
    """The package's archive as npm fetches it, once its SHA-512 is the pinned one."""
    wanted = f"{package.name}@{package.version}"
    folder = Path(tempfile.mkdtemp(dir=scratch))
    try:
        subprocess.run(  # noqa: S603 - npm by its full path, and names from our own manifest
            [npm, "pack", wanted, "--silent", "--ignore-scripts", "--pack-destination", folder],
            cwd=scratch, check=True, capture_output=True, timeout=TIMEOUT_SECONDS,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        raise FontsUnavailable(f"npm could not fetch {wanted}; pages use system fonts.") from error
    archives = list(folder.glob("*.tgz"))
    if len(archives) != 1:
        raise FontsUnavailable(f"npm brought {len(archives)} archives for {wanted}; expected one.")
    found = base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
    if found != package.sha512:
        raise FontsUnavailable(
            f"{wanted} has SHA-512 {found[:16]}…; expected {package.sha512[:16]}…. Not used."
        )
    return archives[0]


def _unpacked(package: Package, archive: Path) -> dict[str, bytes]:
    """The files that the manifest names; no path of the archive is ever written to."""
    contents = {}
    with tarfile.open(archive) as tar:
        for name, inside in package.files.items():
            member = tar.extractfile(f"package/{inside}")
            if member is None:
                raise FontsUnavailable(f"{package.name} has no file {inside}.")
            contents[name] = member.read()
    return contents


def _styles(packages: list[Package]) -> str:
    """The style sheet; its first line says which packages it was made of."""
    made_of = ", ".join(f"{package.name} {package.version}" for package in packages)
    faces = [
        f'@font-face{{font-family:"{package.family}";src:url("{name}") format("woff2");'
        f"font-weight:200 800;font-display:swap;"
        f"unicode-range:{RANGES['latin-ext' if 'latin-ext' in name else 'latin']}}}"
        for package in packages
        for name in package.files
    ]
    return "\n".join([f"/* {made_of}, OFL-1.1 */", *faces]) + "\n"


def main() -> int:
    """Fetch, and say in one line what came of it. Missing fonts are no failure."""
    try:
        fetch()
    except FontsUnavailable as unavailable:
        print(f"Fonts: {unavailable}", file=sys.stderr)  # noqa: T201 - the answer of a command
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
