"""``twincitylab status``: what is loaded, and where the fair lists stand."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from twincitylab.base.figures import grouped
from twincitylab.cli.speaking import plain_words, say, say_json


def status(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False
) -> None:
    """Print what is loaded, and where the fair lists stand."""
    with plain_words():
        facts = _facts()
    if as_json:
        say_json(facts)
        return
    words = {
        "count": grouped(facts["city_count"]),
        "level": facts["level"],
        "twinnings": grouped(facts["twinning_count"]),
    }
    say(_("The atlas has %(count)s cities (level %(level)s) and %(twinnings)s twinnings.") % words)
    say(_("Data folder: %(home)s") % {"home": facts["home"]})
    if facts["is_demonstration"]:
        say(_("This is the demonstration. For a world of your own: `twincitylab setup`."))
    for line in facts["fair_lists"]:
        say(f"  {line['preset']:<12} {line['sentence']}")


def _facts() -> dict[str, Any]:
    from django.conf import settings

    from twincitylab.atlas.queries import require_atlas, twinning_pairs
    from twincitylab.matching import engine

    state = require_atlas()
    return {
        "city_count": state.city_count,
        "level": state.level,
        "loaded_at": state.loaded_at,
        "twinning_count": len(twinning_pairs()),
        "home": str(settings.HOME),
        "is_demonstration": settings.DEMONSTRATION,
        "fair_lists": [
            {
                "preset": one.preset,
                "state": one.state.value,
                "fraction": one.fraction,
                "sentence": one.sentence,
            }
            for one in engine.all_fair_progress()
        ],
    }
