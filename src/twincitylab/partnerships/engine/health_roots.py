"""What holds the sides of a partnership together: anchoring, direction, relation."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eyelevel.parity import Balance, direction, share
from twincitylab.base.figures import grouped
from twincitylab.community.rules.notice_sentences import apart
from twincitylab.partnerships.choices import ProposalKind
from twincitylab.partnerships.engine.wording import (
    LEAST,
    LEVEL,
    address_of,
    drawn_of,
    first_activity,
    level_of,
    of_side,
    share_drawn,
    step_to,
    sure_of,
    unsure,
)
from twincitylab.partnerships.queries.health import HealthRecords
from twincitylab.partnerships.queries.workspaces import SideCard
from twincitylab.partnerships.rules.signals import Drawn, Origin, Signal, Step, Word

WELL_ANCHORED = 0.75
OFTEN_ANSWERED = 0.5
SURELY_LEVEL = 0.5
"""Level only where the interval leaves no room for one side doing it more than twice as often."""
TWO_SIDES = 2


def anchoring(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    figures, lacking = _roles(records, cards)
    held = sum((card.pk in records.roles) + (card.pk in records.deputies) for card in cards)
    partnership = records.partnership
    if partnership.agreement_id:
        figures.append(_("An agreement is in force."))
    else:
        label = _("Write the agreement together")
        if ProposalKind.AGREEMENT in records.asked:
            label = _("Answer the proposal")
        lacking.insert(0, (_("No agreement is in force."), step_to(records, "agreement", label)))
    if partnership.twinning_id:
        figures.append(_("It rests on a twinning of the cities."))
    else:
        label = _("Ask the town halls of your cities to carry it with you")
        lacking.append(
            (_("It does not rest on a twinning of the cities."), step_to(records, "proposals", label))
        )
    yes = held + bool(partnership.agreement_id) + bool(partnership.twinning_id)
    of = 2 * len(cards) + 2
    holds = ngettext("%(yes)d of %(of)d anchors holds.", "%(yes)d of %(of)d anchors hold.", yes)
    well = step_to(records, "people", _("Look at whether the roles are still right"))
    return Signal(
        key="anchoring",
        asks=_("Would it outlive the people who began it?"),
        word=Word.ALIVE if yes / of >= WELL_ANCHORED else Word.WATCH,
        figures=(holds % {"yes": yes, "of": of}, *figures),
        sure=_("Counted, not estimated."),
        origins=(
            Origin(_("Sides with a role"), len(records.roles), address_of(records, "people")),
            Origin(
                _("Agreements in force"),
                int(bool(partnership.agreement_id)),
                address_of(records, "agreement"),
            ),
        ),
        missing=tuple(said for said, _step in lacking),
        step=lacking[0][1] if lacking else well,
    )


def _roles(records: HealthRecords, cards: Sequence[SideCard]) -> tuple[list[str], list[tuple[str, Step]]]:
    """Which sides have a person and a deputy, and what the others lack, with what to do about it."""
    figures, lacking = [], []
    for card in cards:
        if card.pk not in records.roles:
            step = step_to(records, "people", of_side(card, _("Give the roles a person and a deputy")))
            lacking.append((_("%(side)s: nobody has a role.") % {"side": apart(card.name)}, step))
        elif card.pk not in records.deputies:
            step = step_to(records, "people", of_side(card, _("Share the contact: name a deputy")))
            lacking.append((_("%(side)s: no role has a deputy.") % {"side": apart(card.name)}, step))
        else:
            figures.append(_("%(side)s: a role has a person and a deputy.") % {"side": apart(card.name)})
    return figures, lacking


def direction_signal(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    hosted = [records.count(lambda one, pk=card.pk: one.host == pk, records.recent) for card in cards]  # type: ignore[misc]
    proposed = [records.proposals[card.pk] for card in cards]
    hosting, proposing = _direction_of(hosted), _direction_of(proposed)
    figures, missing, sure = [], [], []
    drawn: list[Drawn] = []
    for counts, found, what, said, lacking in (
        (hosted, hosting, _("Hosting"), _("Hosted: %(counts)s."),
         _("Of fewer than four activities it is said which side hosted.")),
        (proposed, proposing, _("Proposing"), _("Proposed what binds: %(counts)s."),
         _("There were fewer than four proposals.")),
    ):  # fmt: skip
        words = " · ".join(
            f"{apart(card.name)} {grouped(count)}" for card, count in zip(cards, counts, strict=True)
        )
        if sum(counts):
            figures.append(said % {"counts": words})
        if found is None:
            missing.append(lacking)
            continue
        sure.append(f"{what}: {level_of(found)}")
        drawn += drawn_of(found.value, found.interval, label=what)
    word = _direction_word(hosting, proposing)
    if word == Word.UNKNOWN and hosting is not None:
        missing.append(_("Too little is written down to say surely that hosting is level."))
    return Signal(
        key="direction",
        asks=_("Does it go both ways: who hosts, who proposes?"),
        word=word,
        figures=tuple(figures),
        sure=" ".join(sure) or unsure(),
        origins=(
            Origin(_("Activities with a host, two years"), sum(hosted), address_of(records, "activities")),
            Origin(_("Proposals"), sum(proposed), address_of(records, "proposals")),
        ),
        missing=tuple(missing),
        step=_direction_step(records, hosting, proposing, is_equal=len(set(hosted)) == 1),
        drawn=tuple(drawn),
    )


def _direction_of(counts: Sequence[int]) -> Balance | None:
    """None where there is too little to say."""
    if sum(counts) < LEAST or len(counts) < TWO_SIDES:
        return None
    return direction(counts, level=LEVEL)


def _leans(found: Balance | None) -> bool:
    """Surely: the whole interval lies below level."""
    return found is not None and found.interval is not None and found.interval.high < 1


def _direction_word(hosting: Balance | None, proposing: Balance | None) -> Word:
    """Hosting must be known; what little is known of proposals can only be worth a look."""
    if _leans(hosting) or _leans(proposing):
        return Word.WATCH
    if hosting is None or hosting.interval is None or hosting.interval.low < SURELY_LEVEL:
        return Word.UNKNOWN
    return Word.ALIVE


def _direction_step(
    records: HealthRecords, hosting: Balance | None, proposing: Balance | None, *, is_equal: bool
) -> Step:
    if not records.recent:
        return first_activity(records)
    if hosting is None:
        return step_to(records, "activities", _("Say of your activities which side hosted"))
    if _leans(proposing) and not _leans(hosting):
        return step_to(records, "proposals", _("Let the side that proposed less make the next proposal"))
    if is_equal:
        return step_to(records, "activity-new", _("Plan the next activity, and take turns as hosts"))
    return step_to(records, "activity-new", _("Let the side that hosted less invite next time"))


def relation(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    answered = sum(1 for who in records.talks if len(who) > 1)
    found = share(answered, len(records.talks), level=LEVEL)
    thankful = [card for card in cards if records.thanks[card.pk]]
    figures, missing = [], []
    if found.of:
        said = ngettext(
            "%(yes)s of %(of)s conversations has an answer of another side.",
            "%(yes)s of %(of)s conversations have an answer of another side.",
            found.yes,
        )
        figures.append(said % {"yes": grouped(found.yes), "of": grouped(found.of)})
    else:
        missing.append(_("Nobody has begun a conversation yet."))
    for card in cards:
        is_thankful = card in thankful
        said = _("%(side)s has said thank you.") if is_thankful else _("%(side)s has not said thank you yet.")
        (figures if is_thankful else missing).append(said % {"side": apart(card.name)})
    word = Word.UNKNOWN
    if found.value is not None and (found.of >= LEAST or thankful):
        is_well = found.value >= OFTEN_ANSWERED and len(thankful) == len(cards)
        word = Word.ALIVE if is_well else Word.WATCH
    return Signal(
        key="relation",
        asks=_("Do you answer each other, and say thank you?"),
        word=word,
        figures=tuple(figures),
        sure=sure_of(found),
        origins=(
            Origin(_("Conversations"), found.of, address_of(records, "talk")),
            Origin(_("Thanks"), records.thanks.total(), address_of(records, "people")),
        ),
        missing=tuple(missing),
        step=_relation_step(records, cards, unanswered=found.of - answered),
        drawn=share_drawn(found),
    )


def _relation_step(records: HealthRecords, cards: Sequence[SideCard], *, unanswered: int) -> Step:
    if unanswered:
        return step_to(records, "talk", _("Answer what the other side has asked"))
    if records.talks:
        for card in cards:
            if not records.thanks[card.pk]:
                return step_to(records, "people", of_side(card, _("Thank somebody of the other side")))
    return step_to(records, "talk", _("Ask the other side something"))
