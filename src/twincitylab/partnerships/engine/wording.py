"""What the signals of health have in common: how sure it is, in words and drawn, and where it leads."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from eyelevel.parity import Balance, Interval, Share
from twincitylab.base.figures import grouped, percentage
from twincitylab.partnerships.queries.health import HealthRecords
from twincitylab.partnerships.rules.signals import WHY, Drawn, Origin, Step, Word

LEAST = 4
"""Fewer records say nothing about a share."""
LEVEL = 0.8


def share_word(found: Share, *, enough: float) -> Word:
    if found.value is None or found.of < LEAST:
        return Word.UNKNOWN
    return Word.ALIVE if found.value >= enough else Word.WATCH


def too_little(found: Share) -> tuple[str, ...]:
    if found.value is None:
        return (str(WHY["no_records"]),)
    return (str(WHY["too_few"]),) if found.of < LEAST else ()


def sure_of(found: Share) -> str:
    """How sure a share is; nothing is said of very few records."""
    if found.value is None or found.of < LEAST:
        return unsure()
    return between(found.interval)


def share_drawn(found: Share) -> Drawn | None:
    return None if found.value is None or found.of < LEAST else drawn_of(found.value, found.interval)


def drawn_of(value: float | None, interval: Interval | None) -> Drawn | None:
    if value is None or interval is None:
        return None
    return Drawn(round(100 * value, 1), round(100 * interval.low, 1), round(100 * interval.high, 1))


def between(interval: Interval | None) -> str:
    if interval is None:
        return unsure()
    words = {"low": percentage(interval.low), "high": percentage(interval.high), "level": percentage(LEVEL)}
    return _("Between %(low)s and %(high)s, with %(level)s certainty.") % words


def level_of(balance: Balance) -> str:
    if balance.value is None:
        return unsure()
    return _("%(value)s level.") % {"value": percentage(balance.value)} + " " + between(balance.interval)


def unsure() -> str:
    return _("How sure this is cannot be said yet.")


def days_in_words(days: float, one: str, many: str) -> str:
    """``one`` and ``many`` are whole sentences with %(count)s."""
    return (one if round(days) == 1 else many) % {"count": grouped(days)}


def origin_in_activities(records: HealthRecords, count: int, *, recent: bool = False) -> Origin:
    label = _("Activities of two years") if recent else _("Activities")
    return Origin(label, count, address_of(records, "activities"))


def step_to(records: HealthRecords, view: str, label: str) -> Step:
    return Step(label, address_of(records, view))


def address_of(records: HealthRecords, view: str) -> str:
    """Of a page of this partnership; of its first page where that one does not exist."""
    slug = records.partnership.slug
    try:
        return reverse(f"partnerships:{view}", args=[slug])
    except NoReverseMatch:
        return reverse("partnerships:partnership", args=[slug])
