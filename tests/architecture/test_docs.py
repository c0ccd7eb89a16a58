"""The documents stay true: links lead somewhere, the README stays short."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text())
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (document.parent / target).exists()] == []


def test_the_readme_is_shorter_than_120_lines() -> None:
    assert (ROOT / "README.md").read_text().count("\n") < 120


def test_every_document_is_reachable_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    unlisted = [
        str(path.relative_to(ROOT / "docs"))
        for path in DOCUMENTS
        if path.is_relative_to(ROOT / "docs")
        and path.name != "README.md"
        and f"({path.relative_to(ROOT / 'docs')})" not in index
    ]
    assert unlisted == []
