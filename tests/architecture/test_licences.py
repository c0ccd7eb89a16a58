"""Every library the product installs may be distributed beside Apache-2.0 code."""

import re
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import cast

import pytest

LOCK = Path(__file__).parents[2] / "requirements" / "run.txt"
COMPATIBLE = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|Python Software Foundation|PSF|ISC|Zlib|HPND|MPL|Mozilla Public|LGPL"
    r"|Lesser General|CC0|Unlicense)\b",
    re.I,
)
COPYLEFT = re.compile(r"(?<!Lesser )(?<!L)\b(GPL|GNU General Public|AGPL|Affero|SSPL|BUSL)\b")


def installed_names() -> list[str]:
    return [
        re.split(r"[=\[ ]", line)[0] for line in LOCK.read_text().splitlines() if re.match(r"^[a-z0-9]", line)
    ]


def licence_of(package: Distribution) -> str:
    meta = cast("Message", package.metadata)
    declared = [meta.get("License-Expression", ""), (meta.get("License") or "").split("\n")[0]]
    declared += [
        c.rsplit(" :: ", 1)[-1] for c in meta.get_all("Classifier", []) if c.startswith("License ::")
    ]
    if not any(declared):
        texts = [f for f in package.files or [] if "LICENSE" in f.name.upper()]
        declared = [Path(str(package.locate_file(texts[0]))).read_text()[:200]] if texts else []
    return "; ".join(text for text in declared if text)


@pytest.mark.parametrize("name", installed_names())
def test_licence_is_compatible(name: str) -> None:
    try:
        package = distribution(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed on this platform or Python version")
    licence = licence_of(package)
    assert COMPATIBLE.search(licence), f"{name}: {licence!r}"
    assert not COPYLEFT.search(licence), f"{name}: {licence!r}"
