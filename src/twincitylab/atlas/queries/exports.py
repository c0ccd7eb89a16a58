"""The atlas to take away, as CSV, GeoJSON or Parquet: every row with its source and licence."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from django.db.models import Q

from twincitylab.atlas.models import City, Source, Twinning
from twincitylab.base.text import inert_cell

Row = tuple[Any, ...]
CHUNK_ROWS = 2000
TWINNING_COLUMNS = (
    "geonameid_a", "geonameid_b", "name_a", "country_a", "name_b", "country_b", "kind", "status", "since",
    "until", "reason", "source", "source_url", "licence",
)  # fmt: skip
_TWINNING_FIELDS = (
    "a_id", "b_id", "a__name", "a__country_id", "b__name", "b__country_id", "kind", "status", "since",
    "until", "reason", "source__title", "source__url", "source__licence",
    "a__longitude", "a__latitude", "b__longitude", "b__latitude",
)  # fmt: skip
CITY_COLUMNS = (
    "geonameid", "name", "slug", "country", "admin1", "latitude", "longitude", "population", "timezone",
    "climate", "sea_km", "source", "source_url", "licence",
)  # fmt: skip
_CITY_FIELDS = (
    "geonameid", "name", "slug", "country_id", "admin1", "latitude", "longitude", "population", "timezone",
    "climate", "sea_km", "source__title", "source__url", "source__licence",
)  # fmt: skip


class ExportFormat(StrEnum):
    """The formats of an export; the value is the ending of the file's name too."""

    CSV = "csv"
    GEOJSON = "geojson"
    PARQUET = "parquet"

    @property
    def media_type(self) -> str:
        """What a web server calls it."""
        types = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}
        return types.get(self.value, "application/vnd.apache.parquet")


def export_twinnings(form: ExportFormat, *, country: str | None = None) -> Iterator[bytes]:
    """All twinnings, or those of one country, in pieces of the file; it can be imported again."""
    twinnings = Twinning.objects.order_by("a_id", "b_id")
    if country is not None:
        twinnings = twinnings.filter(Q(a__country_id=country) | Q(b__country_id=country))
    rows = twinnings.values_list(*_TWINNING_FIELDS).iterator(chunk_size=CHUNK_ROWS)
    return _export(form, columns=TWINNING_COLUMNS, rows=rows, shape=_line)


def export_cities(form: ExportFormat, *, country: str | None = None) -> Iterator[bytes]:
    """All cities, or those of one country, in pieces of the file."""
    cities = City.objects.order_by("geonameid")
    if country is not None:
        cities = cities.filter(country_id=country)
    rows = cities.values_list(*_CITY_FIELDS).iterator(chunk_size=CHUNK_ROWS)
    return _export(form, columns=CITY_COLUMNS, rows=rows, shape=_point)


def _export(
    form: ExportFormat,
    *,
    columns: Sequence[str],
    rows: Iterable[Row],
    shape: Callable[[Row], dict[str, Any]],
) -> Iterator[bytes]:
    if form is ExportFormat.CSV:
        return _csv(columns, rows)
    if form is ExportFormat.GEOJSON:
        return _geojson(columns, rows, shape=shape)
    return _parquet(columns, rows)


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    for chunk in _chunks((row[: len(columns)] for row in rows), first=[tuple(columns)]):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(map(_inert, chunk))
        yield text.getvalue().encode()


def _inert(row: Row) -> Row:
    return tuple(inert_cell(value) if isinstance(value, str) else value for value in row)


def _geojson(
    columns: Sequence[str], rows: Iterable[Row], *, shape: Callable[[Row], dict[str, Any]]
) -> Iterator[bytes]:
    attribution = json.dumps(_attribution(), ensure_ascii=False)
    yield f'{{"type": "FeatureCollection", "attribution": {attribution}, "features": ['.encode()
    separator = "\n"
    for chunk in _chunks(rows):
        features = [
            json.dumps(
                {
                    "type": "Feature",
                    "properties": dict(zip(columns, row, strict=False)),
                    "geometry": shape(row),
                },
                ensure_ascii=False,
            )
            for row in chunk
        ]
        yield (separator + ",\n".join(features)).encode()
        separator = ",\n"
    yield b"\n]}\n"


def _parquet(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "latitude": pa.float64(),
        "longitude": pa.float64(),
        "sea_km": pa.float64(),
        "population": pa.int64(),
    }
    types |= {"since": pa.int16(), "until": pa.int16()}
    types |= {name: pa.int64() for name in columns if name.startswith("geonameid")}
    schema = pa.schema(
        [(name, types.get(name, pa.string())) for name in columns],
        metadata={"attribution": json.dumps(_attribution(), ensure_ascii=False)},
    )
    held = list(rows)
    arrays = [pa.array([row[i] for row in held], type=kind) for i, kind in enumerate(schema.types)]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), file)
    yield file.getvalue()


def _chunks(rows: Iterable[Row], *, first: Iterable[Row] = ()) -> Iterator[list[Row]]:
    chunk = list(first)
    for row in rows:
        chunk.append(row)
        if len(chunk) >= CHUNK_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _attribution() -> list[dict[str, str]]:
    return [
        {
            "source": source.title,
            "licence": source.licence,
            "attribution": source.attribution,
            "url": source.url,
        }
        for source in Source.objects.order_by("key")
    ]


def _point(row: Row) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [row[6], row[5]]}


def _line(row: Row) -> dict[str, Any]:
    """The shorter way round the earth; a line over the date line is cut there, as GeoJSON asks."""
    (x1, y1), (x2, y2) = row[-4:-2], row[-2:]
    if abs(x2 - x1) <= 180:
        return {"type": "LineString", "coordinates": [[x1, y1], [x2, y2]]}
    edge = 180.0 if x1 > 0 else -180.0
    beyond = x2 + 2 * edge
    middle = round(y1 + (y2 - y1) * (edge - x1) / (beyond - x1), 5)
    return {
        "type": "MultiLineString",
        "coordinates": [[[x1, y1], [edge, middle]], [[-edge, middle], [x2, y2]]],
    }
