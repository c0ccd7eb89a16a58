"""How the command line speaks: answers on standard output, trouble on standard error with a code."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from django.utils.translation import gettext as _

from twincitylab.base.figures import grouped

if TYPE_CHECKING:
    from twincitylab.atlas.models import Country

SOME_REFUSED = 1
FILE_TROUBLE = 1
WRONG_QUESTION = 2
NOT_READY = 3
CODE_LENGTH = 2


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
        country_name,
        require_atlas,
        resolve_city,
    )

    require_atlas()
    inside = _the_country(country) if country else None
    try:
        return int(resolve_city(text, country=inside.iso2 if inside else None).geonameid)
    except UnknownCity as unknown:
        if inside:
            words = {"country": country_name(inside.iso2, english=inside.name), "name": text}
            warn(_("%(country)s: no city is called “%(name)s”.") % words)
        else:
            warn(_("No city is called “%(name)s”.") % {"name": text})
        _offer(_("Nearest names:"), unknown.nearest)
    except AmbiguousCity as ambiguous:
        warn(_("Several cities are called “%(name)s”.") % {"name": text})
        which = _(
            "Say which one by its id or its short name (second column), or add the region, "
            "as in “Springfield, Illinois”:"
        )
        _offer(which, ambiguous.choices)
    raise typer.Exit(WRONG_QUESTION)


def _the_country(text: str) -> "Country":
    """The country of a code; ends when it is no code, or that of no country."""
    from twincitylab.atlas.queries import UnknownCountry, country_by_code

    if len(text.strip()) != CODE_LENGTH:
        words = {"text": text[:80]}
        fail(_("--country: write the code of two letters, such as DE, not “%(text)s”.") % words)
    try:
        return country_by_code(text.strip())
    except UnknownCountry as unknown:
        fail(f"--country: {unknown}")


def _offer(title: str, hits: Any) -> None:
    if not hits:
        return
    warn(title)
    for hit in hits:
        warn(f"  {hit.geonameid:>9}  {hit.slug}  {hit.name}, {hit.place} ({grouped(hit.population)})")
