"""A first letter from one town hall to another, in the reader's language: to copy and to change."""

from django.utils.translation import gettext as _

from twincitylab.matching.engine.results import PairAnalysis
from twincitylab.matching.engine.words import about

MOST_REASONS = 4
# With fewer than this in common, an open question says more than a list.
FEWEST_REASONS = 2


def draft_letter(pair: PairAnalysis) -> str:
    """From the town hall of ``a`` to that of ``b``: what they share, never what they differ in."""
    words = {"a": pair.a.name, "b": pair.b.name}
    words |= {"country": pair.a.country_name, "people": about(pair.a.population)}
    reasons = " ".join(reason.text for reason in pair.shared[:MOST_REASONS])
    greeting = _("Dear colleagues in the town hall of %(b)s,") % words
    start = _("we write to you from %(a)s, a city of about %(people)s people in %(country)s.") % words
    if pair.twinning is None:
        start += " " + _("We think that our two cities could meet at eye level.")
    else:
        start += " " + _("A twinning of our two cities is known, and we would like to hear how it lives.")
    if len(pair.shared) < FEWEST_REASONS:
        wish = _(
            "We know little of each other yet: what is your city working on that you would like to share?"
        )
    else:
        wish = _("What would you like to learn from us, and who could talk with us for half an hour?")
    end = _("With kind regards") + "\n" + _("The town hall of %(a)s") % words
    return "\n\n".join(part for part in (greeting, start, reasons, wish, end) if part)
