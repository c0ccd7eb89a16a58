"""``twincitylab match``: the partners of one city, or of many."""

import json
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from django.utils.translation import gettext as _

from twincitylab.base.figures import grouped
from twincitylab.cli.gathering import gathered
from twincitylab.cli.speaking import SOME_REFUSED, fail, plain_words, say, say_json, the_city, warn

if TYPE_CHECKING:
    from twincitylab.matching.engine.results import Filters, Match, MatchList

MOST_DIGITS = 18
MOST_MEGABYTES = 20
MOST_LINES = 1_000_000


@dataclass(frozen=True)
class Wish:
    """What kind of list is wanted, and how long."""

    preset: Annotated[str, typer.Option(help="balanced, like-us, easy, far, beyond or established.")] = (
        "balanced"
    )
    top: Annotated[int, typer.Option(help="Length of the list, 1 to 1000.")] = 10


@dataclass(frozen=True)
class Form:
    """How a list is printed: for people, unless asked otherwise."""

    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False
    as_lines: Annotated[bool, typer.Option("--jsonl", help="One JSON line per city.")] = False


@dataclass(frozen=True)
class Partners:
    """Which cities may stand in the list."""

    partner_country: Annotated[str | None, typer.Option(help="Only partners of this country: FR.")] = None
    continent: Annotated[str | None, typer.Option(help="Only partners of AF, AS, EU, NA, OC or SA.")] = None
    language: Annotated[str | None, typer.Option(help="Only where this language is spoken: de.")] = None
    min_people: Annotated[int | None, typer.Option(help="Only cities of at least so many people.")] = None
    max_people: Annotated[int | None, typer.Option(help="Only cities of at most so many people.")] = None
    min_km: Annotated[float | None, typer.Option(help="Only cities at least so far away.")] = None
    max_km: Annotated[float | None, typer.Option(help="Only cities at most so far away.")] = None
    include_twinned: Annotated[bool, typer.Option("--include-twinned", help="Show known twins too.")] = False
    own_country: Annotated[bool, typer.Option("--own-country", help="Look in the own country too.")] = False
    has_communities: Annotated[
        bool, typer.Option("--has-communities", help="Only cities that have communities here.")
    ] = False

    def filters(self) -> "Filters":
        """The same as the engine takes it."""
        from twincitylab.matching.engine.results import Filters

        return Filters(
            country=self.partner_country,
            continent=self.continent,
            language=self.language,
            population_min=self.min_people,
            population_max=self.max_people,
            distance_min_km=self.min_km,
            distance_max_km=self.max_km,
            include_twinned=self.include_twinned,
            own_country=self.own_country,
            has_communities=self.has_communities,
        )


City = Annotated[str | None, typer.Argument(help="Name, GeoNames id or slug, such as karlsruhe-de.")]
Country = Annotated[str | None, typer.Option(help="Country of that city, two letters: DE.")]
IdsFile = Annotated[
    str | None, typer.Option(help="Instead of one city: a file with one GeoNames id per line; - reads them.")
]
Weights = Annotated[
    list[str] | None,
    typer.Option(help="Your own weights instead of the preset's: --weight size=3; repeat it."),
]


@gathered
def match(
    city: City = None,
    *,
    country: Country = None,
    wish: Wish,
    ids: IdsFile = None,
    form: Form,
    weight: Weights = None,
    partners: Partners,
) -> None:
    """Print the partners that fit a city at eye level, each with its reasons."""
    if (city is None) == (ids is None):
        fail(_("Name one city, or a file of ids with --ids: twincitylab match Karlsruhe"))
    if ids is not None:
        for option, given in (("--weight", weight), ("--country", country), ("--json", form.as_json)):
            if given:
                fail(_("%(option)s goes with one city, not with --ids.") % {"option": option})
        _match_many(ids, wish=wish, partners=partners, form=form)
    elif city is not None:
        weights = _weights(weight)
        _match_one(city, country=country, wish=wish, weights=weights, partners=partners, form=form)


def _match_one(
    city: str,
    *,
    country: str | None,
    wish: Wish,
    weights: dict[str, float] | None,
    partners: Partners,
    form: Form,
) -> None:
    from twincitylab.matching import engine

    with plain_words():
        wanted = the_city(city, country=country)
        found = engine.matches_for(
            wanted, preset=wish.preset, weights=weights, filters=partners.filters(), top=wish.top
        )
        _print(found, form=form)


def _match_many(source: str, *, wish: Wish, partners: Partners, form: Form) -> None:
    from twincitylab.matching import engine

    with plain_words():
        wanted, refused = _read_ids(source)
        filters = partners.filters()
        for found in engine.many_matches(wanted, preset=wish.preset, top=wish.top, filters=filters):
            _print(found, form=form)
            if not form.as_lines:
                say()
    if not wanted:
        warn(_("%(file)s names no city of the atlas.") % {"file": source})
    if refused or not wanted:
        raise typer.Exit(SOME_REFUSED)


def _read_ids(source: str) -> tuple[list[int], int]:
    """The ids of cities, each once, and how many lines were refused; each of those is reported."""
    from twincitylab.matching import engine

    numbered, troubles = _numbered_lines(source)
    known = engine.known_cities([number for _line, number in numbered])
    for line, number in numbered:
        if number not in known:
            words = {"line": line, "id": number}
            troubles[line] = _("line %(line)s: the atlas has no city with the GeoNames id %(id)s") % words
    for line in sorted(troubles):
        warn(troubles[line])
    return list(dict.fromkeys(number for _line, number in numbered if number in known)), len(troubles)


def _numbered_lines(source: str) -> tuple[list[tuple[int, int]], dict[int, str]]:
    """The lines that hold a number, with it, and what is wrong with others; a heading is not."""
    numbered, troubles = [], {}
    for line, text in enumerate((line.strip().strip('"').strip() for line in _lines(source)), start=1):
        if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
            numbered.append((line, int(text)))
        elif text and (line > 1 or any(letter.isdigit() for letter in text)):
            words = {"line": line, "text": text[:40]}
            troubles[line] = _("line %(line)s: “%(text)s” is not a GeoNames id") % words
    return numbered, troubles


def _lines(source: str) -> list[str]:
    """The lines of a file, which may be one that never ends: no more is read than may be in it."""
    most = MOST_MEGABYTES * 1_000_000
    try:
        with nullcontext(sys.stdin.buffer) if source == "-" else Path(source).open("rb") as file:
            content = file.read(most + 1)
    except OSError as trouble:
        fail(_("%(file)s cannot be read: %(why)s") % {"file": source, "why": trouble.strerror or trouble})
    lines = content.decode("utf-8-sig", errors="replace").splitlines() if len(content) <= most else None
    if lines is None or len(lines) > MOST_LINES:
        words = {"file": source, "lines": grouped(MOST_LINES), "size": MOST_MEGABYTES}
        fail(_("%(file)s holds too much: at most %(lines)s lines and %(size)s MB are read.") % words)
    return lines


def _weights(options: list[str] | None) -> dict[str, float] | None:
    if not options:
        return None
    weights = {}
    for option in options:
        name, _equals, value = option.partition("=")
        try:
            weights[name.strip()] = float(value)
        except ValueError:
            fail(_("--weight: write it as size=3, not “%(text)s”.") % {"text": option})
    return weights


def _print(found: "MatchList", *, form: Form) -> None:
    from twincitylab.matching.engine.plain import plain_match_list

    if form.as_lines:
        say(_line(found))
    elif form.as_json:
        say_json(plain_match_list(found))
    else:
        _tell(found)


def _line(found: "MatchList") -> str:
    from twincitylab.matching.engine.plain import brief_match

    line = {"geonameid": found.city.geonameid, "matches": [brief_match(match) for match in found.matches]}
    return json.dumps(line, ensure_ascii=False)


def _tell(found: "MatchList") -> None:
    city = found.city
    say(
        _("Partners for %(city)s, %(country)s (%(people)s people): %(preset)s")
        % {
            "city": city.name,
            "country": city.country_name,
            "people": grouped(city.population),
            "preset": found.preset.label,
        }
    )
    say(found.note)
    if not found.matches:
        say(_("No city fits. %(advice)s") % {"advice": found.advice_sentence})
    for match in found.matches:
        _tell_match(match)


def _tell_match(match: "Match") -> None:
    city = match.city
    where = city.country_name
    if city.beside_name:
        where += ", " + _("beside %(city)s") % {"city": city.beside_name}
    say(f"\n{match.rank:>3}. {city.name}, {where}  {match.score:.2f}  [{city.slug}]")
    for reason in match.reasons:
        say(f"     {reason}")
