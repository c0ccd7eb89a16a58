"""``twincitylab pair``: the potential of two cities for each other."""

from typing import TYPE_CHECKING, Annotated

import typer
from django.utils.translation import gettext as _

from twincitylab.cli.speaking import plain_words, say, say_json, the_city

if TYPE_CHECKING:
    from twincitylab.matching.engine.results import PairAnalysis


def pair(
    first: Annotated[str, typer.Argument(metavar="A", help="Name, GeoNames id or slug of one city.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Name, GeoNames id or slug of the other.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Print what two cities share, where they differ, and what each has from the other."""
    from django.utils import timezone

    from twincitylab.matching import engine
    from twincitylab.matching.engine.plain import plain_pair

    with plain_words():
        found = engine.pair_analysis(the_city(first), the_city(second), now=timezone.now())
    if as_json:
        say_json(plain_pair(found))
    else:
        _tell(found)


def _tell(found: "PairAnalysis") -> None:
    say(f"{found.a.name}, {found.a.country_name} – {found.b.name}, {found.b.country_name}")
    words = {
        "score": f"{found.score:.2f}",
        "a": found.a.name,
        "b": found.b.name,
        "benefit_a": f"{found.benefit_a:.2f}",
        "benefit_b": f"{found.benefit_b:.2f}",
    }
    say(_("Eye level %(score)s (for %(a)s %(benefit_a)s, for %(b)s %(benefit_b)s)") % words)
    _section(_("What they share"), [reason.text for reason in found.shared])
    _section(_("Where they differ"), [reason.text for reason in found.differences])
    _section(_("Working hours"), [found.hours.sentence, found.hours.year_sentence])
    _section(_("Distance"), [found.distance_sentence])
    _section(_("Twins they share"), [city.name for city in found.common_twins])
    _section(_("Twins of twins"), [f"{path.via_a.name} – {path.via_b.name}" for path in found.paths])
    _section(_("Their twinning"), _twinning(found))
    _section(found.next_step.title, [found.next_step.sentence])


def _section(title: str, lines: list[str]) -> None:
    if lines:
        say(f"\n{title}")
        for line in lines:
            say(f"  {line}")


def _twinning(found: "PairAnalysis") -> list[str]:
    fact = found.twinning
    if fact is None:
        return [_("No twinning of the two is known.")]
    since = _("since %(year)s") % {"year": fact.since} if fact.since else _("year unknown")
    return [f"{fact.kind_label}, {fact.status_label}, {since} ({fact.source_title})"]
