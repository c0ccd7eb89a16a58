"""What the signals of health have in common: how sure it is, in words and drawn, and where it leads."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from eyelevel.parity import Balance, Interval, Share
from twincitylab.base.figures import percentage
from twincitylab.community.rules.notice_sentences import apart
from twincitylab.partnerships.queries.health import HealthRecords
from twincitylab.partnerships.queries.workspaces import SideCard
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


def share_drawn(found: Share) -> tuple[Drawn, ...]:
    return () if found.of < LEAST else drawn_of(found.value, found.interval)


def drawn_of(value: float | None, interval: Interval | None, *, label: str = "") -> tuple[Drawn, ...]:
    """To draw; nothing where nothing is known."""
    if value is None or interval is None:
        return ()
    at, low, high = (round(100 * one, 1) for one in (value, interval.low, interval.high))
    return (Drawn(at, low, high, label),)


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


def origin_in_activities(records: HealthRecords, count: int, *, recent: bool = False) -> Origin:
    label = _("Activities of two years") if recent else _("Activities")
    return Origin(label, count, address_of(records, "activities"))


def step_to(records: HealthRecords, view: str, label: str, *more: int | str) -> Step:
    """``more`` follows the partnership in the address, such as the number of an activity."""
    return Step(label, address_of(records, view, *more))


def of_side(card: SideCard, words: str) -> str:
    """What is said of one side, or what one side has to do, after its name."""
    return _("%(side)s: %(why)s") % {"side": apart(card.name), "why": words}


def first_activity(records: HealthRecords) -> Step:
    return step_to(records, "activity-new", _("Write down an activity"))


def address_of(records: HealthRecords, view: str, *more: int | str) -> str:
    """Of a page of this partnership; of its first page where that one does not exist."""
    slug = records.partnership.slug
    try:
        return reverse(f"partnerships:{view}", args=[slug, *more])
    except NoReverseMatch:
        return reverse("partnerships:partnership", args=[slug])
