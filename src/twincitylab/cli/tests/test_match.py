"""``twincitylab match`` and ``pair``: what they print, and how they refuse."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from twincitylab.atlas.models import AtlasLoad
from twincitylab.cli import app

pytestmark = pytest.mark.usefixtures("atlas")
run = CliRunner()


def ask(*words: str) -> Any:
    return run.invoke(app, list(words))


def test_match_tells_partners_and_reasons() -> None:
    answer = ask("match", "Karlsruhe", "--top", "1")
    lines = [line.strip() for line in answer.stdout.splitlines() if line.strip()]
    assert (answer.exit_code, lines[0]) == (0, "Partners for Karlsruhe, Germany (283,799 people): Balanced")
    assert lines[2].startswith("1. ")
    assert 2 <= len(lines) - 3 <= 3


@pytest.mark.parametrize(
    "words", [["2892794"], ["karlsruhe-de"], ["Karlsruhe", "--country", "DE"], ["karlsruhe"]]
)
def test_match_by_id_slug_or_name_is_the_same(words: list[str]) -> None:
    found = json.loads(ask("match", *words, "--json").stdout)
    assert (found["city"]["geonameid"], found["preset"]["key"]) == (2892794, "balanced")


def test_match_options_reach_the_engine() -> None:
    words = [
        "match",
        "Karlsruhe",
        "--preset",
        "far",
        "--continent",
        "AS",
        "--max-people",
        "1200000",
        "--json",
    ]
    found = json.loads(ask(*words).stdout)
    assert [match["city"]["name"] for match in found["matches"]] == ["Hiroshima"]


def test_match_with_own_weights() -> None:
    found = json.loads(ask("match", "Karlsruhe", "--weight", "size=3", "--weight", "sea=1", "--json").stdout)
    assert found["weights"] == {"size": 0.75, "sea": 0.25}


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        (["match"], "Name one city"),
        (["match", "Karlsruhe", "--ids", "x"], "Name one city"),
        (["match", "Karlsruhe", "--top", "0"], "--top: A list may have 1 to 1,000 cities."),
        (["match", "Karlsruhe", "--top", "-1"], "--top: A list may have 1 to 1,000 cities."),
        (["match", "Karlsruhe", "--top", "1000000000"], "--top: A list may have 1 to 1,000 cities."),
        (["match", "Karlsruhe", "--top", "NaN"], "--top"),
        (["match", "Karlsruhe", "--preset", "best"], "--preset: There is no preset “best”."),
        (["match", "Karlsruhe", "--weight", "size"], "--weight: write it as size=3"),
        (["match", "Karlsruhe", "--weight", "size=nan"], "--weight: The weight of size"),
        (["match", "Karlsruhe", "--max-km", "nan"], "--max-km: This must be a number"),
        (["match", "Karlsruhe", "--partner-country", "ZZ"], "--partner-country: No city"),
        (["match", "--ids", "/nowhere/at/all"], "/nowhere/at/all cannot be read"),
        (["match", "--ids", "x", "--json"], "--json goes with one city, not with --ids."),
        (["match", "--ids", "x", "--country", "DE"], "--country goes with one city, not with --ids."),
        (["match", "--ids", "x", "--weight", "size=1"], "--weight goes with one city, not with --ids."),
        (["match", "Karlsruhe", "--country", "ZZ"], "--country: There is no country “ZZ”."),
        (["match", "Karlsruhe", "--country", "Germany"], "--country: write the code of two letters"),
        (["match", "Karlsruhe", "--country", "FR"], "France: no city is called “Karlsruhe”."),
        (["match", "--ids", "/dev/zero"], "/dev/zero holds too much: at most 1,000,000 lines and 20 MB"),
        (["match", "Karlsruhe", "--max-km", "20039"], "--max-km: This must be at most 20,038."),
        (["pair", "Karlsruhe", "Karlsruhe"], "CITY: A city cannot be compared with itself."),
    ],
)
def test_bad_question_is_refused(words: list[str], trouble: str) -> None:
    answer = ask(*words)
    assert (answer.exit_code, trouble in answer.stderr, answer.stdout) == (2, True, "")


def test_unknown_city_offers_the_nearest_names() -> None:
    answer = ask("match", "Karlsru")
    assert (answer.exit_code, "karlsruhe-de" in answer.stderr) == (2, True)


def test_ambiguous_city_offers_a_choice() -> None:
    answer = ask("match", "Springfield")
    assert (answer.exit_code, answer.stderr.count("springfield-")) == (2, 3)
    assert "its short name (second column)" in answer.stderr


@pytest.mark.parametrize("words", [["match", "Karlsruhe"], ["pair", "Karlsruhe", "Nancy"], ["status"]])
def test_without_atlas_says_setup(words: list[str]) -> None:
    AtlasLoad.objects.all().delete()
    answer = ask(*words)
    assert (answer.exit_code, "twincitylab setup" in answer.stderr) == (3, True)


def test_impossible_filter_says_what_to_relax() -> None:
    answer = ask("match", "Karlsruhe", "--partner-country", "JP", "--max-people", "100000")
    assert answer.stdout.splitlines()[-1] == (
        "No city fits. Without the filter “People, at most” there would be 2 cities."
    )


def test_match_many_prints_one_json_line_per_city(tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_bytes("\ufeffgeonameid\n2892794\n\n 2990999 \n".encode())
    answer = ask("match", "--ids", str(ids), "--preset", "established", "--top", "100", "--jsonl")
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert (answer.exit_code, answer.stderr, [line["geonameid"] for line in lines]) == (
        0,
        "",
        [2892794, 2990999],
    )
    assert set(lines[0]) == {"geonameid", "matches"}
    assert all(
        list(match) == ["geonameid", "name", "country", "score", "reasons"] for match in lines[0]["matches"]
    )
    assert {2990999, 2641170} & {match["geonameid"] for match in lines[0]["matches"]} == set()


def test_match_many_reports_lines_and_goes_on(tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text(f"1\n2892794\nMunich\n{10**40}\n-5\n2990999\n")
    answer = ask("match", "--ids", str(ids), "--jsonl", "--top", "1")
    assert [json.loads(line)["geonameid"] for line in answer.stdout.splitlines()] == [2892794, 2990999]
    assert [line.split(":")[0] for line in answer.stderr.splitlines()] == [
        "line 1", "line 3", "line 4", "line 5",
    ]  # fmt: skip
    assert answer.exit_code == 1


@pytest.mark.parametrize(("content", "lines"), [("", 1), ("geonameid\n", 1), ("1\nx\n", 3)])
def test_match_many_of_no_city_says_so(tmp_path: Path, content: str, lines: int) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text(content)
    answer = ask("match", "--ids", str(ids), "--jsonl")
    told = answer.stderr.splitlines()
    assert (answer.exit_code, answer.stdout, len(told), told[-1]) == (
        1, "", lines, f"{ids} names no city of the atlas.",
    )  # fmt: skip


def test_match_many_takes_no_endless_list(tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_bytes(b"\n" * 1_000_001)
    answer = ask("match", "--ids", str(ids), "--jsonl")
    assert (answer.exit_code, answer.stdout, "holds too much" in answer.stderr) == (2, "", True)


def test_match_many_answers_a_city_once(tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("2892794\n2990999\n2892794\n")
    answer = ask("match", "--ids", str(ids), "--jsonl", "--top", "1")
    assert (answer.exit_code, [json.loads(line)["geonameid"] for line in answer.stdout.splitlines()]) == (
        0, [2892794, 2990999],
    )  # fmt: skip


def test_match_asks_for_communities() -> None:
    answer = ask("match", "Karlsruhe", "--has-communities")
    assert answer.stdout.splitlines()[-1].startswith(
        "No city fits. Without the filter “Have communities here”"
    )


def test_match_many_reads_standard_input() -> None:
    answer = run.invoke(app, ["match", "--ids", "-", "--jsonl", "--top", "1"], input="2892794\n")
    assert json.loads(answer.stdout)["geonameid"] == 2892794


def test_pair_tells_the_analysis() -> None:
    answer = ask("pair", "Karlsruhe", "Nancy")
    lines = answer.stdout.splitlines()
    assert (answer.exit_code, lines[0]) == (0, "Karlsruhe, Germany – Nancy, France")
    assert "  partnership, unknown, since 1955 (GeoNames)" in lines


def test_pair_as_json() -> None:
    found = json.loads(ask("pair", "2892794", "nancy-fr", "--json").stdout)
    assert (found["a"]["name"], found["b"]["name"], found["twinning"]["since"]) == (
        "Karlsruhe",
        "Nancy",
        1955,
    )


def test_status_as_json() -> None:
    found = json.loads(ask("status", "--json").stdout)
    assert (found["city_count"], found["twinning_count"], len(found["fair_lists"])) == (23, 5, 6)


def test_commands_speak_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_AT.UTF-8")
    with override("en"):
        assert (
            "Partner für Karlsruhe, Deutschland (Einwohnerzahl: 283.799)" in ask("match", "Karlsruhe").stdout
        )


def test_a_language_nobody_translated_is_answered_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX")
    with override("en"):
        assert "Partners for Karlsruhe" in ask("match", "Karlsruhe").stdout
