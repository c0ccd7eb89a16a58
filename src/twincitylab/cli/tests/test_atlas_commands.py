"""The commands that bring the atlas in and take it out: what they print and answer to the shell."""

from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner, Result

from twincitylab.atlas.models import City, Twinning
from twincitylab.cli import app

pytestmark = pytest.mark.django_db
BERLIN, MUNICH = 2950159, 2867714


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def sample_atlas() -> None:
    from twincitylab.atlas.tests.sample import load_sample_atlas

    load_sample_atlas()
    Twinning.objects.all().delete()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(f"geonameid_a,geonameid_b\n{BERLIN},{MUNICH}\n", encoding="utf-8")
    return path


def test_setup_loads_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from twincitylab.atlas.tests.sample import CITIES, sample_facts

    monkeypatch.setattr("twincitylab.atlas.operations.load.read_atlas", lambda level, say: sample_facts())
    first, second = run("setup"), run("setup", "--level", "15000")
    assert (first.exit_code, second.exit_code, City.objects.count()) == (0, 0, len(CITIES))
    assert first.output.strip().endswith(f"The atlas is ready: {len(CITIES)} cities, level 15000.")
    assert second.output.strip().endswith(f"The atlas is up to date: {len(CITIES)} cities, level 15000.")


@pytest.mark.parametrize("level", ["7", "-1", "many", "1e99", "99999999999999999999"])
def test_setup_refuses_other_levels(level: str) -> None:
    result = run("setup", "--level", level)
    assert (result.exit_code, City.objects.count()) == (2, 0)


@pytest.mark.usefixtures("sample_atlas")
def test_import_answers_0_when_every_line_was_taken(file: Path) -> None:
    result = run("import", "twinnings", file)
    assert (result.exit_code, result.stdout) == (0, "Twinnings: 1 added, 0 updated, 0 unchanged.\n")


@pytest.mark.usefixtures("sample_atlas")
def test_import_answers_1_and_names_the_lines_when_some_were_not(file: Path) -> None:
    file.write_text(f"geonameid_a,geonameid_b\n{BERLIN},99\n{BERLIN},{MUNICH}\n", encoding="utf-8")
    result = run("import", "twinnings", file)
    assert (result.exit_code, result.stderr.strip().splitlines()[-1]) == (1, "line 2: city 99 is unknown")
    assert (Twinning.objects.count(), "1 line was not taken." in result.stdout) == (1, True)


@pytest.mark.usefixtures("sample_atlas")
def test_import_refuses_what_is_no_file(tmp_path: Path) -> None:
    folder, absent = run("import", "twinnings", tmp_path), run("import", "twinnings", tmp_path / "none.csv")
    assert (folder.exit_code, folder.stderr) == (1, f"{tmp_path} is a folder. Name a CSV file.\n")
    assert (absent.exit_code, absent.stderr) == (1, f"There is no file {tmp_path / 'none.csv'}.\n")


@pytest.mark.usefixtures("sample_atlas")
def test_import_refuses_an_empty_file(file: Path) -> None:
    file.write_bytes(b"")
    result = run("import", "twinnings", file)
    assert (result.exit_code, "The file is empty." in result.stderr) == (1, True)


@pytest.mark.usefixtures("sample_atlas")
@pytest.mark.parametrize("form", ["csv", "geojson", "parquet"])
def test_export_writes_a_file_or_standard_output(tmp_path: Path, form: str) -> None:
    out = tmp_path / f"cities.{form}"
    assert run("export", "cities", "--format", form, "--out", out).exit_code == 0
    assert out.read_bytes() == run("export", "cities", "--format", form).stdout_bytes
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.usefixtures("sample_atlas")
def test_export_refuses_a_folder_and_leaves_nothing_behind(tmp_path: Path) -> None:
    result = run("export", "twinnings", "--out", tmp_path / "no" / "such" / "folder.csv")
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert run("export", "twinnings", "--out", tmp_path).exit_code == 1
    assert run("export", "twinnings", "--format", "xlsx").exit_code == 2


@pytest.mark.parametrize("words", [("export", "cities"), ("export", "twinnings")])
def test_export_without_an_atlas_says_what_to_do(words: tuple[str, str]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "There is no atlas yet. Run `twincitylab setup` to load it.\n"


def test_import_without_an_atlas_says_what_to_do(file: Path) -> None:
    result = run("import", "twinnings", file)
    assert (result.exit_code, connection.in_atomic_block) == (3, True)
    assert result.stderr.strip().endswith("Run `twincitylab setup` to load it.")


@pytest.mark.usefixtures("sample_atlas")
def test_export_keeps_to_a_country() -> None:
    result = run("export", "cities", "--country", "fj")
    assert (result.exit_code, [line.split(",")[1] for line in result.stdout.splitlines()]) == (
        0,
        ["name", "Suva"],
    )
    unknown = run("export", "twinnings", "--country", "Atlantis")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert unknown.stderr.startswith("There is no country “Atlantis”.")
