"""The ten signals of a partnership's health, from its records: figures of eyelevel.parity, and sentences."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eyelevel.parity import (
    Balance,
    Rhythm,
    Share,
    UsedCapacity,
    breadth,
    bus_factor,
    direction,
    renewal,
    rhythm,
    share,
    used_capacity,
)
from twincitylab.base.figures import grouped, percentage
from twincitylab.community.rules.notice_sentences import apart
from twincitylab.partnerships.engine.wording import (
    LEAST,
    LEVEL,
    address_of,
    between,
    days_in_words,
    drawn_of,
    level_of,
    origin_in_activities,
    share_drawn,
    share_word,
    step_to,
    sure_of,
    too_little,
    unsure,
)
from twincitylab.partnerships.queries.health import HealthRecords, day_number
from twincitylab.partnerships.queries.workspaces import SideCard
from twincitylab.partnerships.rules.signals import WHY, Origin, Signal, Word

NAN = float("nan")
MONTHS = 12
OVER_HALF = 0.5
PERHAPS_SILENT = 0.25
"""A silence as unlikely as this is worth a look, before it is called one."""
WELL_ANCHORED = 0.75
SOMETIMES_USED = 0.25
TWO_KINDS = 2.0


def rhythm_of(records: HealthRecords) -> Rhythm:
    """The partnership's own rhythm, from what took place."""
    return rhythm([day_number(one.starts_at) for one in records.held], day_number(records.now))


def carried_by_one(records: HealthRecords) -> tuple[int, ...]:
    """The sides of which one person carried over half of the contacts of the last twelve months."""
    found = []
    for side in records.sides:
        table, contacts = records.carried_by(side.pk)
        if contacts >= LEAST and (bus_factor(table).largest or 0) > OVER_HALF:
            found.append(side.pk)
    return tuple(found)


def signals(records: HealthRecords, cards: Sequence[SideCard]) -> tuple[Signal, ...]:
    """All ten; the same for every side. ``cards`` are the active sides, in the order of ``records.sides``."""
    makers: tuple[Callable[[HealthRecords, Sequence[SideCard]], Signal], ...] = (
        _rhythm, _breadth, _renewal, _capacity, _anchoring, _direction, _visibility, _substance, _learning,
        _relation,
    )  # fmt: skip
    return tuple(make(records, cards) for make in makers)


def _rhythm(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    found = rhythm_of(records)
    figures, missing, sure = [], [], ""
    word = Word.UNKNOWN
    if found.silence is not None:
        figures.append(days_in_words(found.silence, _("The last activity was %(count)s day ago."),
                             _("The last activity was %(count)s days ago.")))  # fmt: skip
    if found.typical is None or found.chance is None:
        missing.append(str(WHY["no_records" if not found.events else "too_few"]))
    else:
        figures.append(days_in_words(found.typical, _("Usually there is one every %(count)s day."),
                             _("Usually there is one every %(count)s days.")))  # fmt: skip
        sure = _("By your own rhythm, a silence this long happens by chance in %(chance)s of cases.") % {
            "chance": percentage(found.chance)
        }
        word = Word.SILENT if found.is_silent else Word.ALIVE
        if word == Word.ALIVE and found.chance < PERHAPS_SILENT:
            word = Word.WATCH
    if records.planned:
        figures.append(
            ngettext("%(count)s more is planned.", "%(count)s more are planned.", records.planned)
            % {"count": grouped(records.planned)}
        )
        step = step_to(records, "activities", _("Look at what is planned"))
    else:
        step = step_to(records, "planner", _("Find an hour for the next meeting"))
    return Signal(
        key="rhythm",
        label=_("Rhythm"),
        asks=_("Do you meet as often as you usually do?"),
        word=word,
        figures=tuple(figures),
        sure=sure or unsure(),
        origins=(origin_in_activities(records, len(records.held)),),
        missing=tuple(missing),
        step=step,
    )


def _breadth(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    found = breadth(one.kind for one in records.recent)
    is_said = found.value is not None and found.records >= LEAST
    figures: tuple[str, ...] = ()
    if is_said and found.value is not None:
        figures = (
            _("As varied as %(kinds)s kinds of activities that are equally frequent.")
            % {"kinds": grouped(found.value, decimals=1)},
        )
    word = Word.UNKNOWN
    if is_said and found.value is not None:
        word = Word.ALIVE if found.value >= TWO_KINDS else Word.WATCH
    return Signal(
        key="breadth",
        label=_("Breadth"),
        asks=_("Do you do different kinds of things together?"),
        word=word,
        figures=figures,
        sure=_("Counted, not estimated.") if is_said else unsure(),
        origins=(origin_in_activities(records, len(records.recent), recent=True),),
        missing=() if is_said else (str(WHY["no_records" if not found.records else "too_few"]),),
        step=step_to(records, "activity-new", _("Plan something you have not done together yet")),
    )


def _renewal(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    figures, missing, known = [], [], 0
    for card in cards:
        table, contacts = records.carried_by(card.pk)
        found = bus_factor(table)
        if found.people is None or found.largest is None or contacts < LEAST:
            missing.append(
                _("%(side)s: in fewer than four activities of twelve months it is said who carried it.")
                % {"side": apart(card.name)}
            )
            continue
        known += 1
        figures.append(
            ngettext(
                "%(side)s: over half of the contacts rest on %(count)d person; one person has %(share)s.",
                "%(side)s: over half of the contacts rest on %(count)d people; one person has %(share)s.",
                found.people,
            )
            % {"side": apart(card.name), "count": found.people, "share": percentage(found.largest)}
        )
    new = renewal(records.first_seen, day_number(records.now))
    sure, drawn = unsure(), None
    is_new_said = new.value is not None and new.of >= LEAST
    if new.value is None:
        missing.append(str(WHY[new.missing.value if new.missing else "no_records"]))
    elif not is_new_said:
        missing.append(_("Fewer than four people are named who carry it."))
    else:
        figures.append(
            _("%(yes)s of %(of)s people who carry it came within a year (%(share)s).")
            % {"yes": grouped(new.yes), "of": grouped(new.of), "share": percentage(new.value)}
        )
        sure, drawn = between(new.interval), drawn_of(new.value, new.interval)
    return Signal(
        key="renewal",
        label=_("Renewal"),
        asks=_("Do new people come, and does it rest on several?"),
        word=_renewal_word(records, new, is_known=is_new_said and known == len(cards)),
        figures=tuple(figures),
        sure=sure,
        origins=(origin_in_activities(records, sum(1 for one in records.held if one.people)),),
        missing=tuple(missing),
        step=step_to(records, "people", _("Share the contact: name a deputy")),
        drawn=drawn,
    )


def _renewal_word(records: HealthRecords, new: Share, *, is_known: bool) -> Word:
    if carried_by_one(records):
        return Word.WATCH
    if not is_known:
        return Word.UNKNOWN
    return Word.ALIVE if new.yes else Word.WATCH


def _capacity(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    given = [records.hours_of(side.pk) for side in records.sides]
    stated = [None if side.hours_a_month is None else float(side.hours_a_month) * MONTHS
              for side in records.sides]  # fmt: skip
    used = used_capacity(
        [NAN if one is None else one for one in given], [NAN if one is None else one for one in stated]
    )
    figures, missing = [], []
    for card, one, hours, promised in zip(cards, used, given, stated, strict=True):
        if one.value is None:
            why = WHY["no_capacity"] if not promised else WHY["no_records"]
            words = _("It has not said how many hours a month it can give.") if not promised else str(why)
            missing.append(_("%(side)s: %(why)s") % {"side": apart(card.name), "why": words})
            continue
        figures.append(
            _("%(side)s: at least %(hours)s of %(stated)s hours a year (%(share)s).")
            % {
                "side": apart(card.name),
                "hours": grouped(hours or 0),
                "stated": grouped(promised or 0),
                "share": percentage(one.value),
            }
        )
    without = records.count(lambda one: len(one.hours) < len(cards), records.this_year)
    if without:
        missing.append(
            ngettext(
                "In %(count)d activity of the last twelve months a side has not said its hours.",
                "In %(count)d activities of the last twelve months a side has not said its hours.",
                without,
            )
            % {"count": without}
        )
    is_stated = all(stated)
    return Signal(
        key="capacity",
        label=_("Capacity"),
        asks=_("Does it fit what each side can give?"),
        word=_capacity_word(used),
        figures=tuple(figures),
        sure=_("Counted from what is written down; it can only be more.") if figures else unsure(),
        origins=(origin_in_activities(records, records.count(lambda one: one.hours, records.this_year)),),
        missing=tuple(missing),
        step=step_to(records, "activities", _("Complete the hours of your activities"))
        if is_stated
        else step_to(records, "sides", _("Say how many hours a month your side can give")),
    )


def _capacity_word(used: Sequence[UsedCapacity]) -> Word:
    if any(one.value is not None and one.value > 1 for one in used):
        return Word.WATCH
    return Word.UNKNOWN if any(one.value is None for one in used) else Word.ALIVE


def _anchoring(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    figures, missing, yes, of = [], [], 0, 0
    for card in cards:
        has_person, has_deputy = card.pk in records.roles, card.pk in records.deputies
        yes, of = yes + has_person + has_deputy, of + 2
        if has_person and has_deputy:
            figures.append(_("%(side)s: a role has a person and a deputy.") % {"side": apart(card.name)})
        elif has_person:
            missing.append(_("%(side)s: no role has a deputy.") % {"side": apart(card.name)})
        else:
            missing.append(_("%(side)s: nobody has a role.") % {"side": apart(card.name)})
    partnership = records.partnership
    rests = (
        (partnership.agreement_id, _("An agreement is in force."), _("No agreement is in force.")),
        (
            partnership.twinning_id,
            _("It rests on a twinning of the cities."),
            _("It does not rest on a twinning of the cities."),
        ),
    )
    for there, said, lacking in rests:
        yes, of = yes + bool(there), of + 1
        (figures if there else missing).append(said if there else lacking)
    step = step_to(records, "people", _("Give the roles a person and a deputy"))
    if not partnership.agreement_id:
        step = step_to(records, "agreement", _("Write the agreement together"))
    return Signal(
        key="anchoring",
        label=_("Anchoring"),
        asks=_("Would it outlive the people who began it?"),
        word=Word.ALIVE if yes / of >= WELL_ANCHORED else Word.WATCH,
        figures=(_("%(yes)d of %(of)d anchors hold.") % {"yes": yes, "of": of}, *figures),
        sure=_("Counted, not estimated."),
        origins=(
            Origin(_("Sides with a role"), len(records.roles), address_of(records, "people")),
            Origin(
                _("Agreements in force"),
                int(bool(partnership.agreement_id)),
                address_of(records, "agreement"),
            ),
        ),
        missing=tuple(missing),
        step=step,
    )


def _direction(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    hosted = [records.count(lambda one, pk=card.pk: one.host == pk, records.recent) for card in cards]  # type: ignore[misc]
    proposed = [records.proposals[card.pk] for card in cards]
    figures, missing, found, sure = [], [], [], []
    for counts, said, lacking in (
        (hosted, _("Hosted: %(counts)s."), _("Of fewer than four activities it is said which side hosted.")),
        (proposed, _("Proposed what binds: %(counts)s."), _("There were fewer than four proposals.")),
    ):
        words = " · ".join(
            f"{apart(card.name)} {grouped(count)}" for card, count in zip(cards, counts, strict=True)
        )
        if sum(counts):
            figures.append(said % {"counts": words})
        if sum(counts) < LEAST or len(counts) < len(("a", "b")):
            missing.append(lacking)
            continue
        found.append(direction(counts, level=LEVEL))
    for balance, what in zip(found, (_("Hosting"), _("Proposing")), strict=False):
        sure.append(f"{what}: {level_of(balance)}" if len(found) > 1 else level_of(balance))
    return Signal(
        key="direction",
        label=_("Direction"),
        asks=_("Does it go both ways: who hosts, who proposes?"),
        word=_direction_word(found),
        figures=tuple(figures),
        sure=" ".join(sure) or unsure(),
        origins=(
            Origin(_("Activities with a host, two years"), sum(hosted), address_of(records, "activities")),
            Origin(_("Proposals"), sum(proposed), address_of(records, "proposals")),
        ),
        missing=tuple(missing),
        step=step_to(records, "activity-new", _("Let the side that hosted less invite next time")),
        drawn=drawn_of(found[0].value, found[0].interval) if found else None,
    )


def _direction_word(found: Sequence[Balance]) -> Word:
    if not found:
        return Word.UNKNOWN
    leans = any(one.interval is not None and one.interval.high < 1 for one in found)
    return Word.WATCH if leans else Word.ALIVE


def _visibility(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    stories = records.count(lambda one: one.has_story, records.recent)
    found = share(stories, len(records.recent), level=LEVEL)
    is_public = records.partnership.is_public
    figures = [_("The page is public.") if is_public else _("The page is not public.")]
    missing = [] if records.recent else [str(WHY["no_records"])]
    if found.value is not None:
        figures.append(
            _("%(yes)s of %(of)s activities tell a story.")
            % {"yes": grouped(found.yes), "of": grouped(found.of)}
        )
    word = Word.UNKNOWN if not records.recent else Word.SILENT
    if records.recent and (is_public or stories):
        word = Word.ALIVE if is_public and stories else Word.WATCH
    return Signal(
        key="visibility",
        label=_("Visibility"),
        asks=_("Can the people of your cities see it?"),
        word=word,
        figures=tuple(figures),
        sure=sure_of(found),
        origins=(origin_in_activities(records, len(records.recent), recent=True),),
        missing=tuple(missing),
        step=step_to(records, "activities", _("Tell the story of one activity"))
        if is_public
        else step_to(records, "proposals", _("Propose to publish the page")),
        drawn=share_drawn(found),
    )


def _substance(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    ceremonies = records.count(lambda one: one.is_ceremony, records.recent)
    work = [one for one in records.recent if not one.is_ceremony]
    found = share(records.count(lambda one: one.has_outcome, work), len(work), level=LEVEL)
    figures = []
    if found.of:
        figures.append(
            _("%(yes)s of %(of)s activities say what came out of them.")
            % {"yes": grouped(found.yes), "of": grouped(found.of)}
        )
    if ceremonies:
        figures.append(
            ngettext("%(count)d ceremony, counted apart.", "%(count)d ceremonies, counted apart.", ceremonies)
            % {"count": ceremonies}
        )
    return Signal(
        key="substance",
        label=_("Substance"),
        asks=_("Does something come out of it?"),
        word=share_word(found, enough=OVER_HALF),
        figures=tuple(figures),
        sure=sure_of(found),
        origins=(origin_in_activities(records, len(work), recent=True),),
        missing=too_little(found),
        step=step_to(records, "activities", _("Write down what came out of the last activity")),
        drawn=share_drawn(found),
    )


def _learning(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    said = [one for one in records.recent if one.is_put_to_use is not None]
    found = share(records.count(lambda one: one.is_put_to_use, said), len(said), level=LEVEL)
    unsaid = len(records.recent) - len(said)
    missing = list(too_little(found))
    if unsaid:
        missing.append(
            ngettext(
                "Of %(count)d activity nobody has said whether it was put to use.",
                "Of %(count)d activities nobody has said whether they were put to use.",
                unsaid,
            )
            % {"count": unsaid}
        )
    figures: tuple[str, ...] = ()
    if found.of:
        figures = (
            _("%(yes)s of %(of)s activities changed something at home.")
            % {"yes": grouped(found.yes), "of": grouped(found.of)},
        )
    return Signal(
        key="learning",
        label=_("Learning put to use"),
        asks=_("Does what you learn change something at home?"),
        word=share_word(found, enough=SOMETIMES_USED),
        figures=figures,
        sure=sure_of(found),
        origins=(origin_in_activities(records, len(said), recent=True),),
        missing=tuple(missing),
        step=step_to(records, "activities", _("Say of one activity whether you put it to use")),
        drawn=share_drawn(found),
    )


def _relation(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    answered = sum(1 for who in records.talks if len(who) > 1)
    found = share(answered, len(records.talks), level=LEVEL)
    thankful = [card for card in cards if records.thanks[card.pk]]
    figures, missing = [], []
    if found.of:
        figures.append(
            _("%(yes)s of %(of)s conversations have an answer of another side.")
            % {"yes": grouped(found.yes), "of": grouped(found.of)}
        )
    else:
        missing.append(_("Nobody has begun a conversation yet."))
    for card in cards:
        said = (
            _("%(side)s has said thank you.")
            if card in thankful
            else _("%(side)s has not said thank you yet.")
        )
        (figures if card in thankful else missing).append(said % {"side": apart(card.name)})
    word = Word.UNKNOWN
    if found.value is not None and (found.of >= LEAST or thankful):
        is_well = found.value >= OVER_HALF and len(thankful) == len(cards)
        word = Word.ALIVE if is_well else Word.WATCH
    return Signal(
        key="relation",
        label=_("Relation"),
        asks=_("Do you answer each other, and say thank you?"),
        word=word,
        figures=tuple(figures),
        sure=sure_of(found),
        origins=(
            Origin(_("Conversations"), found.of, address_of(records, "talk")),
            Origin(_("Thanks"), records.thanks.total(), address_of(records, "people")),
        ),
        missing=tuple(missing),
        step=step_to(records, "people", _("Thank somebody of the other side"))
        if found.of
        else step_to(records, "talk", _("Ask the other side something")),
        drawn=share_drawn(found),
    )
