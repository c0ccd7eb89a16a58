"""How the command line speaks: answers on standard output, trouble on standard error with a code."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from django.utils.translation import gettext as _

from twincitylab.base.figures import grouped

SOME_REFUSED = 1
FILE_TROUBLE = 1
WRONG_QUESTION = 2
NOT_READY = 3


def say(line: str = "") -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")


def warn(line: str) -> None:
    """Print one line to standard error."""
    sys.stderr.write(f"{line}\n")


def say_json(value: Any) -> None:
    """Print a value as readable JSON."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def fail(message: str, *, code: int = WRONG_QUESTION) -> NoReturn:
    """End with a message."""
    warn(message)
    raise typer.Exit(code)


@contextmanager
def plain_words() -> Iterator[None]:
    """Turns what the atlas and the engine refuse into a sentence and an exit code."""
    from twincitylab.atlas.queries import AtlasMissing
    from twincitylab.matching.engine.results import InvalidRequest

    try:
        yield
    except AtlasMissing as missing:
        fail(str(missing), code=NOT_READY)
    except InvalidRequest as wrong:
        fail(f"{option_name(wrong.field)}: {wrong}")


def option_name(field: str) -> str:
    """The option a field of the engine is set by."""
    return {
        "country": "--partner-country",
        "population_min": "--min-people",
        "population_max": "--max-people",
        "distance_min_km": "--min-km",
        "distance_max_km": "--max-km",
        "weights": "--weight",
        "city": "CITY",
        "b": "CITY",
    }.get(field, f"--{field.replace('_', '-')}")


def the_city(text: str, *, country: str | None = None) -> int:
    """The GeoNames id of the city meant; an unknown or ambiguous one ends with the choices."""
    from twincitylab.atlas.queries import (
        AmbiguousCity,
        UnknownCity,
        UnknownCountry,
        require_atlas,
        resolve_city,
    )

    require_atlas()
    try:
        return int(resolve_city(text, country=country).geonameid)
    except UnknownCountry as unknown:
        fail(str(unknown))
    except UnknownCity as unknown:
        warn(_("No city is called “%(name)s”.") % {"name": text})
        _offer(_("Nearest names:"), unknown.nearest)
    except AmbiguousCity as ambiguous:
        warn(_("Several cities are called “%(name)s”.") % {"name": text})
        _offer(_("Say which one by its id or its last word:"), ambiguous.choices)
    raise typer.Exit(WRONG_QUESTION)


def _offer(title: str, hits: Any) -> None:
    if not hits:
        return
    warn(title)
    for hit in hits:
        warn(f"  {hit.geonameid:>9}  {hit.slug}  {hit.name}, {hit.place} ({grouped(hit.population)})")
