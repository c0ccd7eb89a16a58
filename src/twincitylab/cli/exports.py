"""``twincitylab export``: take the atlas away as a file."""

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from twincitylab.cli.speaking import FILE_TROUBLE, NOT_READY, fail

app = typer.Typer(help="Take the atlas away as a file.", no_args_is_help=True)


class Form(StrEnum):
    """The formats offered. The words of the atlas' own list, which is not imported just to show the help."""

    CSV = "csv"
    GEOJSON = "geojson"
    PARQUET = "parquet"


FormOption = Annotated[Form, typer.Option("--format", help="How to write it.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="The file to write; without it, standard output.")
]


CountryOption = Annotated[
    str, typer.Option("--country", help="Only this country: its code of two letters, such as DE.")
]


@app.callback()
def _group() -> None:
    """Take the atlas away as a file."""


@app.command()
def twinnings(form: FormOption = Form.CSV, out: OutOption = None, country: CountryOption = "") -> None:
    """All twinnings, each with its source and licence."""
    from twincitylab.atlas.queries import ExportFormat, export_twinnings

    code = _country(country)
    _write(export_twinnings(ExportFormat(form.value), country=code), out=out)


@app.command()
def cities(form: FormOption = Form.CSV, out: OutOption = None, country: CountryOption = "") -> None:
    """All cities, each with its source and licence."""
    from twincitylab.atlas.queries import ExportFormat, export_cities

    code = _country(country)
    _write(export_cities(ExportFormat(form.value), country=code), out=out)


def _country(text: str) -> str | None:
    """The code of the country asked for; ends without an atlas, or when there is no such country."""
    from twincitylab.atlas.queries import AtlasMissing, UnknownCountry, country_by_code, require_atlas

    try:
        require_atlas()
        return country_by_code(text).iso2 if text else None
    except AtlasMissing as problem:
        fail(str(problem), code=NOT_READY)
    except UnknownCountry as problem:
        fail(str(problem))


def _write(pieces: Iterable[bytes], *, out: Path | None) -> None:
    if out is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    # Beside the target first: an export that breaks off leaves no half file under the name asked for.
    partial = out.with_name(out.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.writelines(pieces)
        partial.replace(out)
    except OSError as problem:
        partial.unlink(missing_ok=True)
        words = {"file": out, "why": problem.strerror}
        fail(_("%(file)s cannot be written: %(why)s") % words, code=FILE_TROUBLE)
