"""Whether a partnership lives: rhythm, breadth, renewal, capacity."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eyelevel.parity import (
    BusFactor,
    Rhythm,
    Share,
    UsedCapacity,
    breadth,
    bus_factor,
    renewal,
    rhythm,
    used_capacity,
)
from twincitylab.base.figures import grouped, percentage
from twincitylab.community.rules.notice_sentences import apart
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.engine.wording import (
    LEAST,
    between,
    drawn_of,
    first_activity,
    of_side,
    origin_in_activities,
    step_to,
    unsure,
)
from twincitylab.partnerships.queries.health import HealthRecords, day_number
from twincitylab.partnerships.queries.workspaces import SideCard
from twincitylab.partnerships.rules.signals import WHY, Signal, Step, Word

NAN = float("nan")
MONTHS = 12
OVER_HALF = 0.5
PERHAPS_SILENT = 0.25
"""A silence as unlikely as this is worth a look, before it is called one."""
SHORT = 30
"""Days; no silence shorter than this is worth a look, however close the rhythm."""
SILENT_AFTER, EXPLORERS_SILENT_AFTER = 365, 183
"""Days without any activity where there is no rhythm yet."""
SOON = dt.timedelta(days=90)
"""What is planned within it, or within the usual gap, ends a silence; what is further away does not."""
TWO_KINDS = 2.0
HARDLY_USED = 0.1
"""Of the hours a side has stated: a partnership that uses less is not alive by them."""


def rhythm_of(records: HealthRecords) -> Rhythm:
    """The partnership's own rhythm, from what took place."""
    is_exploring = records.partnership.stage == Stage.EXPLORING
    return rhythm(
        [day_number(one.starts_at) for one in records.held],
        day_number(records.now),
        begun=day_number(records.partnership.created_at),
        unknown=EXPLORERS_SILENT_AFTER if is_exploring else SILENT_AFTER,
    )


def is_planned_soon(records: HealthRecords, found: Rhythm) -> bool:
    """Whether the next activity is planned within the usual gap, or within ninety days."""
    ahead = max(SOON, dt.timedelta(days=found.typical or 0))
    return bool(records.planned) and records.planned[0] <= records.now + ahead


def carried_by_one(records: HealthRecords) -> tuple[int, ...]:
    """The sides of which one person carried over half of the contacts of the last twelve months."""
    found = []
    for side in records.sides:
        table, contacts = records.carried_by(side.pk)
        if contacts >= LEAST and (bus_factor(table).largest or 0) > OVER_HALF:
            found.append(side.pk)
    return tuple(found)


def rhythm_signal(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    found = rhythm_of(records)
    planned = len(records.planned)
    figures = _days_of(found)
    if planned:
        said = ngettext("%(count)s more is planned.", "%(count)s more are planned.", planned)
        figures.append(said % {"count": grouped(planned)})
    if is_planned_soon(records, found):
        step = step_to(records, "activities", _("Look at what is planned"))
    else:
        step = step_to(records, "planner", _("Find an hour for the next meeting"))
    missing: tuple[str, ...] = ()
    if found.typical is None:
        too_few = _("Fewer than four meetings are written down; what lies within two weeks is one.")
        missing = (too_few if found.events else str(WHY["no_records"]),)
    return Signal(
        key="rhythm",
        asks=_("Do you meet as often as you usually do?"),
        word=_rhythm_word(found),
        figures=tuple(figures),
        sure=_sure_of_silence(records, found),
        origins=(origin_in_activities(records, len(records.held)),),
        missing=missing,
        step=step,
    )


def _days_of(found: Rhythm) -> list[str]:
    """The last activity, and the usual gap, as far as they are known."""
    figures, silence = [], round(found.silence or 0)
    if found.events:
        said = ngettext(
            "The last activity was %(count)s day ago.", "The last activity was %(count)s days ago.", silence
        )
        figures.append(said % {"count": grouped(silence)})
    elif silence:
        said = ngettext(
            "It began %(count)s day ago, and nothing has taken place yet.",
            "It began %(count)s days ago, and nothing has taken place yet.",
            silence,
        )
        figures.append(said % {"count": grouped(silence)})
    if found.typical is not None:
        usual = round(found.typical)
        said = ngettext(
            "Usually there is one every %(count)s day.", "Usually there is one every %(count)s days.", usual
        )
        figures.append(said % {"count": grouped(usual)})
    return figures


def _rhythm_word(found: Rhythm) -> Word:
    if found.is_silent:
        return Word.SILENT
    if found.chance is None or found.silence is None:
        return Word.UNKNOWN
    return Word.WATCH if found.chance < PERHAPS_SILENT and found.silence >= SHORT else Word.ALIVE


def _sure_of_silence(records: HealthRecords, found: Rhythm) -> str:
    if found.chance is None:
        if records.partnership.stage == Stage.EXPLORING:
            return _("You have no rhythm of your own yet: half a year without an activity is a silence.")
        return _("You have no rhythm of your own yet: a year without an activity is a silence.")
    if _rhythm_word(found) == Word.ALIVE:
        return _("By your own rhythm, this is no silence.")
    return _("By your own rhythm, a silence this long happens by chance in %(chance)s of cases.") % {
        "chance": percentage(found.chance)
    }


def breadth_signal(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    found = breadth(one.kind for one in records.recent)
    figures: tuple[str, ...] = ()
    word = Word.UNKNOWN
    if found.value is not None and found.records >= LEAST:
        figures = (
            _("As varied as %(kinds)s kinds of activities that are equally frequent.")
            % {"kinds": grouped(found.value, decimals=1)},
        )
        word = Word.ALIVE if found.value >= TWO_KINDS else Word.WATCH
    return Signal(
        key="breadth",
        asks=_("Do you do different kinds of things together?"),
        word=word,
        figures=figures,
        sure=_("Counted, not estimated.") if figures else unsure(),
        origins=(origin_in_activities(records, len(records.recent), recent=True),),
        missing=() if figures else (str(WHY["no_records" if not found.records else "too_few"]),),
        step=step_to(records, "activity-new", _("Plan something you have not done together yet"))
        if figures
        else first_activity(records),
    )


def renewal_signal(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    figures, missing = _carried(records, cards)
    is_carried_known = not missing
    new = renewal(records.first_seen, day_number(records.now))
    is_new_said = new.value is not None and new.of >= LEAST
    if new.value is None:
        missing.append(str(WHY[new.missing.value if new.missing else "no_records"]))
    elif not is_new_said:
        missing.append(_("Fewer than four people are named who carry it."))
    else:
        said = ngettext(
            "%(yes)s of %(of)s people who carry it came within a year (%(share)s).",
            "%(yes)s of %(of)s people who carry it came within a year (%(share)s).",
            new.yes,
        )
        figures.append(
            said % {"yes": grouped(new.yes), "of": grouped(new.of), "share": percentage(new.value)}
        )
    return Signal(
        key="renewal",
        asks=_("Do new people come, and does it rest on several?"),
        word=_renewal_word(records, new, is_known=is_new_said and is_carried_known),
        figures=tuple(figures),
        sure=between(new.interval) if is_new_said else unsure(),
        origins=(origin_in_activities(records, sum(1 for one in records.held if one.people)),),
        missing=tuple(missing),
        step=_renewal_step(records, cards, new, is_carried_known=is_carried_known),
        drawn=drawn_of(new.value, new.interval) if is_new_said else (),
    )


def _carried(records: HealthRecords, cards: Sequence[SideCard]) -> tuple[list[str], list[str]]:
    """On how few people each side rests, and of which sides that is not said."""
    figures, missing = [], []
    for card in cards:
        table, contacts = records.carried_by(card.pk)
        found = bus_factor(table)
        if found.people is None or contacts < LEAST:
            missing.append(
                _("%(side)s: in fewer than four activities of twelve months it is said who carried it.")
                % {"side": apart(card.name)}
            )
        else:
            figures.append(_rests_on(card, found))
    return figures, missing


def _rests_on(card: SideCard, found: BusFactor) -> str:
    return ngettext(
        "%(side)s: over half of the contacts rest on %(count)d person; one person has %(share)s.",
        "%(side)s: over half of the contacts rest on %(count)d people; one person has %(share)s.",
        found.people or 0,
    ) % {"side": apart(card.name), "count": found.people, "share": percentage(found.largest or 0)}


def _renewal_word(records: HealthRecords, new: Share, *, is_known: bool) -> Word:
    if carried_by_one(records):
        return Word.WATCH
    if not is_known:
        return Word.UNKNOWN
    return Word.ALIVE if new.yes else Word.WATCH


def _renewal_step(
    records: HealthRecords, cards: Sequence[SideCard], new: Share, *, is_carried_known: bool
) -> Step:
    """A side on one person first, then who is not named, then that nobody is new."""
    alone = carried_by_one(records)
    for card in cards:
        if card.pk in alone and card.pk not in records.deputies:
            return step_to(records, "people", of_side(card, _("Share the contact: name a deputy")))
    if alone:
        return step_to(records, "people", _("Give a small task to somebody new"))
    if not records.held:
        return first_activity(records)
    if not is_carried_known:
        return step_to(records, "activities", _("Say of your activities who carried them"))
    return step_to(records, "people", _("Give a small task to somebody new"))


def capacity(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    given = [records.hours_of(side.pk) for side in records.sides]
    stated = [None if side.hours_a_month is None else float(side.hours_a_month) * MONTHS
              for side in records.sides]  # fmt: skip
    used = used_capacity(
        [NAN if one is None else one for one in given], [NAN if one is None else one for one in stated]
    )
    figures, missing = [], []
    for card, one, hours, promised in zip(cards, used, given, stated, strict=True):
        if one.value is None:
            why = str(WHY["no_records"])
            if not promised:
                why = _("It has not said how many hours a month it can give.")
            missing.append(of_side(card, why))
            continue
        said = _("%(side)s: at least %(hours)s of %(stated)s hours a year (%(share)s).")
        about = {"hours": grouped(hours or 0), "stated": grouped(promised or 0)}
        figures.append(said % {"side": apart(card.name), "share": percentage(one.value), **about})
    if any(_is_hardly_used(one) for one in used):
        figures.append(
            _("With under %(share)s of what a side can give, this is not called alive.")
            % {"share": percentage(HARDLY_USED)}
        )
    without = records.count(lambda one: len(one.hours) < len(cards), records.this_year)
    if without:
        said = ngettext(
            "In %(count)d activity of the last twelve months a side has not said its hours.",
            "In %(count)d activities of the last twelve months a side has not said its hours.",
            without,
        )
        missing.append(said % {"count": without})
    return Signal(
        key="capacity",
        asks=_("Does it fit what each side can give?"),
        word=_capacity_word(used),
        figures=tuple(figures),
        sure=_("Counted from what is written down; it can only be more.") if figures else unsure(),
        origins=(origin_in_activities(records, records.count(lambda one: one.hours, records.this_year)),),
        missing=tuple(missing),
        step=_capacity_step(records, used, is_stated=all(stated), without=without),
    )


def _capacity_word(used: Sequence[UsedCapacity]) -> Word:
    """Too much and hardly anything are both worth a look."""
    if any(one.value is not None and one.value > 1 for one in used):
        return Word.WATCH
    if any(one.value is None for one in used):
        return Word.UNKNOWN
    return Word.WATCH if any(_is_hardly_used(one) for one in used) else Word.ALIVE


def _capacity_step(
    records: HealthRecords, used: Sequence[UsedCapacity], *, is_stated: bool, without: int
) -> Step:
    if not is_stated:
        return step_to(records, "sides", _("Say how many hours a month your side can give"))
    if any(one.value is not None and one.value > 1 for one in used):
        return step_to(records, "sides", _("Do less, or say that you can give more"))
    if without:
        return step_to(records, "activities", _("Complete the hours of your activities"))
    if not records.this_year or any(_is_hardly_used(one) for one in used):
        return step_to(records, "planner", _("Find an hour for the next meeting"))
    return step_to(records, "sides", _("Look at whether your hours are still right"))


def _is_hardly_used(one: UsedCapacity) -> bool:
    return one.value is not None and one.value < HARDLY_USED
