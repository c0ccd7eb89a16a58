"""What proposals about the partnership itself do: its stage, budget, public page, least answers and end; and
the one thing each side may do alone, hiding the page."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.community.models import LONGEST_TEXT, Person
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.models import LEAST_ANSWERS, Partnership, Side
from twincitylab.partnerships.operations.matters import Case, reasoned
from twincitylab.partnerships.operations.workspaces import (
    lock_partnership,
    require_side,
    tell_sides,
    write_down,
)
from twincitylab.partnerships.rules.consent import NEXT_STAGES

MOST_ANSWERS = 50
MOST_MONEY = Decimal(10**11)
YEARS_AHEAD = 10
_CURRENCY = re.compile(r"[A-Z]{3}")


def check_stage(case: Case, payload: Mapping[str, Any]) -> dict[str, Any]:
    """``{"stage": …, "reason": …}``; a pause needs a reason, being agreed an agreement in force."""
    stage = str(payload.get("stage", ""))
    here = case.partnership.stage
    if stage not in NEXT_STAGES.get(here, ()):
        raise Refused(
            _("From where you stand (%(stage)s) this is not the next step.") % {"stage": Stage(here).label},
            field="stage",
        )
    if stage == Stage.AGREED and case.partnership.agreement_id is None:
        raise Refused(_("Agree on the agreement first: then you stand there by itself."), field="stage")
    if stage == Stage.PAUSED:
        missing = _("Say why you pause: it stays readable for both sides.")
        return {
            "stage": stage,
            "reason": reasoned(payload.get("reason"), longest=LONGEST_TEXT, missing=missing),
        }
    return {"stage": stage}


def change_stage(case: Case, payload: Mapping[str, Any]) -> None:
    enter(case.partnership, Stage(payload["stage"]), reason=payload.get("reason", ""), now=case.now)


def enter(partnership: Partnership, stage: Stage, *, reason: str = "", now: dt.datetime) -> None:
    """Let the partnership stand at a stage from now on; it is stored by whoever asked."""
    partnership.stage, partnership.stage_since, partnership.stage_reason = stage, now, reason


def check_ending(case: Case, payload: Mapping[str, Any]) -> dict[str, Any]:
    if case.partnership.stage == Stage.ENDED:
        raise Refused(_("This partnership has ended. Everything stays readable."))
    missing = _("Say why you part: a good end is told, and it stays readable for both sides.")
    return {"reason": reasoned(payload.get("reason"), longest=LONGEST_TEXT, missing=missing)}


def end(case: Case, payload: Mapping[str, Any]) -> None:
    enter(case.partnership, Stage.ENDED, reason=payload["reason"], now=case.now)


def check_budget(case: Case, payload: Mapping[str, Any]) -> dict[str, Any]:
    """``{"year": 2026, "currency": "EUR", "sides": {"<side id>": "1500.00"}}``: a line for every side."""
    year, currency = payload.get("year"), str(payload.get("currency", "")).upper()
    this_year = case.now.year
    if not isinstance(year, int) or not this_year - 1 <= year <= this_year + YEARS_AHEAD:
        words = {"first": this_year - 1, "last": this_year + YEARS_AHEAD}
        raise Refused(_("Choose a year between %(first)d and %(last)d.") % words, field="year")
    if not _CURRENCY.fullmatch(currency):
        raise Refused(_("Write the currency in three letters, such as EUR or USD."), field="currency")
    given = payload.get("sides") or {}
    # A side that has left meanwhile gives nothing any more.
    sums = {str(side.pk): _money(given.get(str(side.pk)), field=f"side_{side.pk}") for side in case.active}
    return {"year": year, "currency": currency, "sides": sums}


def set_budget(case: Case, payload: Mapping[str, Any]) -> None:
    case.partnership.budget = {"year": payload["year"], "sides": dict(payload["sides"])}
    case.partnership.currency = payload["currency"]


def check_publish(case: Case, payload: Mapping[str, Any]) -> dict[str, Any]:
    is_public = bool(payload.get("is_public"))
    if is_public == case.partnership.is_public:
        raise Refused(_("That is how it is already."))
    return {"is_public": is_public}


def publish(case: Case, payload: Mapping[str, Any]) -> None:
    case.partnership.is_public = payload["is_public"]


def check_least_answers(case: Case, payload: Mapping[str, Any]) -> dict[str, Any]:
    least = payload.get("least_answers")
    if not isinstance(least, int) or not LEAST_ANSWERS <= least <= MOST_ANSWERS:
        raise Refused(
            _(
                "Choose a number between %(least)d and %(most)d: with fewer, a person’s answer could be "
                "guessed."
            )
            % {"least": LEAST_ANSWERS, "most": MOST_ANSWERS},
            field="least_answers",
        )
    if least == case.partnership.least_answers:
        raise Refused(_("That is how it is already."), field="least_answers")
    return {"least_answers": least}


def set_least_answers(case: Case, payload: Mapping[str, Any]) -> None:
    case.partnership.least_answers = payload["least_answers"]


def hide_page(*, partnership: Partnership, side: Side, by: Person, now: dt.datetime) -> Partnership:
    """Take the public page away at once: it stands there only as long as every side wants it."""
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        us = require_side(found, side, by=by, least=Standing.STEWARD)
        if not found.is_public:
            return found
        found.is_public, found.changed_at = False, now
        found.revision += 1
        found.save(update_fields=["is_public", "changed_at", "revision"])
        write_down(found, "hide page", by=by, now=now, side=us)
        tell_sides(found, "partnership-hidden", now=now, but=by)
    return found


def _money(value: object, *, field: str) -> str:
    if value in (None, ""):
        raise Refused(_("Write a sum for every side; 0 is one, too."), field=field)
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise Refused(_("Write a sum such as 1500 or 1500.50."), field=field) from None
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY:
        raise Refused(_("Write a sum such as 1500 or 1500.50."), field=field)
    return f"{amount:.2f}"
