"""Cities, countries and twinnings as the pages ask for them."""

import csv
import io
import json

import pytest
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from twincitylab.atlas.models import Twinning
from twincitylab.atlas.operations import import_twinnings
from twincitylab.atlas.queries import (
    ExportFormat,
    UnknownCity,
    UnknownCountry,
    city_by_slug,
    countries,
    country_by_code,
    country_twinning_counts,
    export_cities,
    export_twinnings,
    languages_of,
    largest_cities,
    sources,
    twinning_between,
    twinning_pairs,
    twinnings_fingerprint,
    twinnings_of,
    twinnings_of_country,
)
from twincitylab.atlas.queries.words import language_name
from twincitylab.atlas.tests.sample import CITIES, NOW

pytestmark = pytest.mark.usefixtures("twinned")

SUVA, HONOLULU, BERLIN, PARIS, MUNICH = 2198148, 5856195, 2950159, 2988507, 2867714


@pytest.fixture
def twinned(sample_atlas: None) -> None:
    Twinning.objects.all().delete()
    rows = f'{BERLIN},{PARIS},1987,\n{BERLIN},{MUNICH},,=HYPERLINK\n{SUVA},{HONOLULU},,"two, ""words"""'
    content = f"geonameid_a,geonameid_b,since,reason\n{rows}".encode()
    assert import_twinnings(content, file_name="t.csv", licence="CC0", now=NOW, by="tester").added == 3


def test_twinnings_of_a_city_are_seen_from_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    berlin = city_by_slug("berlin-de")
    with django_assert_num_queries(1):
        seen = [(t.city.name, t.country_name, t.since, t.source.licence) for t in twinnings_of(berlin)]
    assert seen == [("Munich", "Germany", None, "CC0"), ("Paris", "France", 1987, "CC0")]


def test_twinning_between_two_cities_has_no_direction() -> None:
    berlin, paris = city_by_slug("berlin-de"), city_by_slug("paris-fr")
    found = twinning_between(paris, berlin)
    assert found is not None
    assert found == twinning_between(berlin, paris)
    assert found.since == 1987
    assert twinning_between(berlin, berlin) is None


def test_twinnings_of_a_country_lead_abroad_and_stay_at_home() -> None:
    assert [(row.iso2, row.count) for row in country_twinning_counts("DE")] == [("FR", 1), ("DE", 1)]
    assert twinnings_of_country("DE").count() == 2


def test_countries_are_counted_once_for_each_atlas(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    countries()
    with django_assert_num_queries(2):
        rows = {row.iso2: row for row in countries()}
    assert (rows["DE"].city_count, rows["DE"].twinning_count, rows["FJ"].twinning_count) == (6, 2, 1)
    assert "AQ" not in rows


def test_largest_cities_of_a_country_come_first() -> None:
    assert [city.slug for city in largest_cities("DE", limit=2)] == ["berlin-de", "hamburg-de"]


def test_languages_are_named_and_ordered_by_share() -> None:
    assert [(row.name, row.is_official) for row in languages_of("DE")][:2] == [
        ("German", True),
        ("English", False),
    ]


@pytest.mark.parametrize("slug", ["", "nowhere-xx", "\x00", "x" * 10_000, "berlin-de/../"])
def test_city_by_slug_refuses_what_is_none(slug: str) -> None:
    with pytest.raises(UnknownCity):
        city_by_slug(slug)


@pytest.mark.parametrize("code", ["", "D", "DEU", "12", "\x00\x00", "ÄÖ"])
def test_country_by_code_refuses_what_is_none(code: str) -> None:
    with pytest.raises(UnknownCountry):
        country_by_code(code)


def test_country_by_code_takes_small_letters() -> None:
    assert country_by_code("de").name == "Germany"


def test_pairs_come_in_order_and_the_fingerprint_follows_them() -> None:
    pairs, before = twinning_pairs(), twinnings_fingerprint()
    assert pairs.tolist() == [[SUVA, HONOLULU], [MUNICH, BERLIN], [BERLIN, PARIS]]
    Twinning.objects.filter(a_id=SUVA).delete()
    assert twinnings_fingerprint() != before


def test_sources_are_named_with_their_licence() -> None:
    licences = {source.key: source.licence for source in sources()}
    assert (licences["geonames"], licences["import-t-csv"]) == ("CC BY 4.0", "CC0")


def test_export_csv_can_be_imported_again() -> None:
    content = b"".join(export_twinnings(ExportFormat.CSV))
    before = list(
        Twinning.objects.order_by("a_id").values("a_id", "b_id", "since", "reason", "source__title")
    )
    assert import_twinnings(content, file_name="again.csv", now=NOW, by="tester").unchanged == 3
    Twinning.objects.all().delete()
    assert import_twinnings(content, file_name="again.csv", now=NOW, by="tester").added == 3
    after = list(Twinning.objects.order_by("a_id").values("a_id", "b_id", "since", "reason", "source__title"))
    assert after == before


def test_export_csv_holds_no_formula() -> None:
    rows = csv.DictReader(io.StringIO(b"".join(export_twinnings(ExportFormat.CSV)).decode()))
    assert [row["reason"] for row in rows] == ['two, "words"', "'=HYPERLINK", ""]
    places = csv.DictReader(io.StringIO(b"".join(export_cities(ExportFormat.CSV)).decode()))
    assert [row["longitude"] for row in places if row["name"] == "Honolulu"] == ["-157.85833"]


def test_export_csv_of_a_country_holds_its_rows_only() -> None:
    text = b"".join(export_twinnings(ExportFormat.CSV, country="FR")).decode()
    assert [(row["name_a"], row["name_b"], row["licence"]) for row in csv.DictReader(io.StringIO(text))] == [
        ("Berlin", "Paris", "CC0")
    ]


def test_export_geojson_cuts_lines_at_the_date_line() -> None:
    content = json.loads(b"".join(export_twinnings(ExportFormat.GEOJSON)))
    shapes = {f["properties"]["name_a"]: f["geometry"] for f in content["features"]}
    assert {name: shape["type"] for name, shape in shapes.items()} == {
        "Suva": "MultiLineString",
        "Munich": "LineString",
        "Berlin": "LineString",
    }
    west, east = shapes["Suva"]["coordinates"]
    assert (west[1][0], east[0][0], west[1][1]) == (180.0, -180.0, east[0][1])
    assert {"source": "GeoNames", "licence": "CC BY 4.0"}.items() <= content["attribution"][0].items() or any(
        row["licence"] == "CC BY 4.0" for row in content["attribution"]
    )


def test_export_parquet_carries_types_and_attribution() -> None:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(b"".join(export_cities(ExportFormat.PARQUET))))
    assert (table.num_rows, str(table.schema.field("geonameid").type)) == (len(CITIES), "int64")
    assert any(row["source"] == "GeoNames" for row in json.loads(table.schema.metadata[b"attribution"]))


@pytest.mark.parametrize("form", ExportFormat)
def test_export_of_nothing_is_a_whole_file(form: ExportFormat) -> None:
    Twinning.objects.all().delete()
    content = b"".join(export_twinnings(form))
    if form is ExportFormat.GEOJSON:
        assert json.loads(content)["features"] == []
    else:
        assert content[:4] == {"csv": b"geon", "parquet": b"PAR1"}[form]


def test_language_without_a_name_in_the_readers_language_is_named_in_english() -> None:
    with override("ar"):
        assert (language_name("de"), language_name("bar"), language_name("xx-none")) == (
            "الألمانية", "Bavarian", "xx-none",
        )  # fmt: skip
