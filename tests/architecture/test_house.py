"""What the import linter cannot see: relations, templates, file names, addresses that must not be there."""

import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey

ROOT = Path(__file__).parents[2]
ORDER = [
    "base",
    "atlas",
    "community",
    "dialogue",
    "knowledge",
    "matching",
    "partnerships",
    "projects",
    "challenges",
    "web",
]
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no list of tracked files")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_a_foreign_key_into_another_app_adds_no_name_there() -> None:
    named = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("twincitylab.")
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model._meta.app_label != model._meta.app_label
        and field.remote_field.related_name != "+"
    ]
    assert named == []


def test_templates_include_only_their_own_or_lower_apps() -> None:
    wrong = []
    for path in tracked("src/twincitylab/*/templates/*.html"):
        app = path.relative_to(ROOT / "src/twincitylab").parts[0]
        # The frame around every page is the web's: whoever has pages stands in it.
        text = path.read_text().replace('{% extends "web/base.html" %}', "")
        used = re.findall(r"{%\s*(?:include|extends)\s+\"([a-z]+)/", text)
        higher = [name for name in used if name in ORDER and ORDER.index(name) > ORDER.index(app)]
        wrong += [f"{path.name} uses {name}" for name in higher]
    assert wrong == []


def test_no_file_is_a_junk_drawer() -> None:
    assert [path for path in tracked("*.py") if path.stem in JUNK_DRAWERS] == []


def test_no_python_file_is_longer_than_600_lines() -> None:
    written = [path for path in tracked("*.py") if "migrations" not in path.parts]
    assert {str(path): n for path in written if (n := path.read_text().count("\n")) > 600} == {}


def test_every_python_file_says_what_belongs_there() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if (text := path.read_text().strip())
        and "migrations" not in path.parts
        and not text.startswith(('"""', 'r"""'))
    ]
    assert silent == []


def test_no_tracked_file_names_a_registry_host_or_a_path_of_a_machine() -> None:
    forbidden = re.compile(
        r"registry\.npmjs|files\.pythonhosted|pypi\.org/simple|/home/[a-z]+/|/Users/[a-z]+/|(?<![\w.])/work/"
    )
    found = []
    for path in tracked():
        if path.suffix in {".png", ".mo", ".npz"} or path == Path(__file__):
            continue
        if forbidden.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_nothing_built_or_fetched_is_tracked() -> None:
    assert tracked("*.min.js", "*.min.css", "node_modules", "src/twincitylab/web/static/web/dist") == []
