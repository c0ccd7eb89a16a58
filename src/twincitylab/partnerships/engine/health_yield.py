"""What a partnership yields: visibility, substance, learning put to use."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eyelevel.parity import share
from twincitylab.base.figures import grouped
from twincitylab.partnerships.choices import ProposalKind
from twincitylab.partnerships.engine.wording import (
    LEVEL,
    first_activity,
    origin_in_activities,
    share_drawn,
    share_word,
    step_to,
    sure_of,
    too_little,
)
from twincitylab.partnerships.queries.health import HealthRecords, Held
from twincitylab.partnerships.queries.workspaces import SideCard
from twincitylab.partnerships.rules.signals import WHY, Signal, Step, Word

OVER_HALF = 0.5
SOMETIMES_USED = 0.25


def visibility(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    stories = records.count(lambda one: one.has_story, records.recent)
    found = share(stories, len(records.recent), level=LEVEL)
    is_public = records.partnership.is_public
    figures = [_("The page is public.") if is_public else _("The page is not public.")]
    missing = [] if records.recent else [str(WHY["no_records"])]
    if found.value is not None:
        said = ngettext(
            "%(yes)s of %(of)s activities tells a story.",
            "%(yes)s of %(of)s activities tell a story.",
            found.yes,
        )
        figures.append(said % {"yes": grouped(found.yes), "of": grouped(found.of)})
    word = Word.UNKNOWN if not records.recent else Word.SILENT
    if records.recent and (is_public or stories):
        word = Word.ALIVE if is_public and stories else Word.WATCH
    return Signal(
        key="visibility",
        asks=_("Can the people of your cities see it?"),
        word=word,
        figures=tuple(figures),
        sure=sure_of(found),
        origins=(origin_in_activities(records, len(records.recent), recent=True),),
        missing=tuple(missing),
        step=_visibility_step(records),
        drawn=share_drawn(found),
    )


def _visibility_step(records: HealthRecords) -> Step:
    if not records.recent:
        return first_activity(records)
    if not records.partnership.is_public:
        if ProposalKind.PUBLISH in records.asked:
            return step_to(records, "proposals", _("Answer the proposal"))
        return step_to(records, "proposals", _("Propose to publish the page"))
    return _of_one(
        records,
        lambda one: not one.has_story,
        _("Tell the story of one activity"),
        otherwise=step_to(records, "partnership", _("Show your page to somebody in your city")),
    )


def substance(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    ceremonies = records.count(lambda one: one.is_ceremony, records.recent)
    work = [one for one in records.recent if not one.is_ceremony]
    found = share(records.count(lambda one: one.has_outcome, work), len(work), level=LEVEL)
    figures = []
    if found.of:
        said = ngettext(
            "%(yes)s of %(of)s activities says what came out of it.",
            "%(yes)s of %(of)s activities say what came out of them.",
            found.yes,
        )
        figures.append(said % {"yes": grouped(found.yes), "of": grouped(found.of)})
    if ceremonies:
        figures.append(
            ngettext("%(count)d ceremony, counted apart.", "%(count)d ceremonies, counted apart.", ceremonies)
            % {"count": ceremonies}
        )
    return Signal(
        key="substance",
        asks=_("Does something come out of it?"),
        word=share_word(found, enough=OVER_HALF),
        figures=tuple(figures),
        sure=sure_of(found),
        origins=(origin_in_activities(records, len(work), recent=True),),
        missing=too_little(found),
        step=_of_one(
            records,
            lambda one: not one.is_ceremony and not one.has_outcome,
            _("Write down what came out of one activity"),
            otherwise=step_to(records, "planner", _("Find an hour for the next meeting"))
            if work
            else first_activity(records),
        ),
        drawn=share_drawn(found),
    )


def learning(records: HealthRecords, cards: Sequence[SideCard]) -> Signal:
    said = [one for one in records.recent if one.is_put_to_use is not None]
    found = share(records.count(lambda one: one.is_put_to_use, said), len(said), level=LEVEL)
    unsaid = len(records.recent) - len(said)
    missing = list(too_little(found))
    if unsaid:
        words = ngettext(
            "Of %(count)d activity nobody has said whether it was put to use.",
            "Of %(count)d activities nobody has said whether they were put to use.",
            unsaid,
        )
        missing.append(words % {"count": unsaid})
    figures: tuple[str, ...] = ()
    if found.of:
        words = ngettext(
            "%(yes)s of %(of)s activities changed something at home.",
            "%(yes)s of %(of)s activities changed something at home.",
            found.yes,
        )
        figures = (words % {"yes": grouped(found.yes), "of": grouped(found.of)},)
    return Signal(
        key="learning",
        asks=_("Does what you learn change something at home?"),
        word=share_word(found, enough=SOMETIMES_USED),
        figures=figures,
        sure=sure_of(found),
        origins=(origin_in_activities(records, len(said), recent=True),),
        missing=tuple(missing),
        step=_of_one(
            records,
            lambda one: one.is_put_to_use is None,
            _("Say of one activity whether you put it to use"),
            otherwise=step_to(records, "talk", _("Ask the other side something"))
            if records.recent
            else first_activity(records),
        ),
        drawn=share_drawn(found),
    )


def _of_one(records: HealthRecords, lacks: Callable[[Held], bool], label: str, *, otherwise: Step) -> Step:
    """To the last activity of which something is missing; ``otherwise`` where it is missing of none."""
    latest = max((one for one in records.recent if lacks(one)), key=lambda one: one.starts_at, default=None)
    return otherwise if latest is None else step_to(records, "activity", label, latest.pk)
