"""The yearly report for the council, as plain data for the page and the PDF, once in each language.

Every figure names the records it rests on, by their numbers in the table at the end.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, get_language_info, ngettext, override
from django.utils.translation import gettext as _

from eyelevel.parity import Balance, Interval, balance_of
from twincitylab.atlas.queries.words import language_name
from twincitylab.base.figures import grouped, percentage, written_day
from twincitylab.community.choices import Topic
from twincitylab.community.rules.languages import base_code
from twincitylab.community.rules.notice_sentences import apart
from twincitylab.partnerships.choices import ActivityKind
from twincitylab.partnerships.models import Activity, ActivitySide
from twincitylab.partnerships.queries.check_measured import WHY_UNSURE
from twincitylab.partnerships.queries.report import Record, ReportRecords
from twincitylab.partnerships.rules.goals import GOAL_WORDS
from twincitylab.partnerships.rules.questions import DIMENSIONS
from twincitylab.partnerships.rules.signals import WHY

Data = dict[str, Any]
Take = Callable[[ActivitySide], Decimal | int | None]
MONTHS = 12
LEVEL = 0.8


def report_of(
    records: ReportRecords, *, languages: Sequence[str], name: str, link: Callable[[Activity], str]
) -> Data:
    """``name`` is that of the partnership, ``link`` the address of an activity's page."""
    return {
        "name": name,
        "year": str(records.year),
        "languages": list(languages),
        "sides": [{"name": side.name, "shore": side.shore} for side in records.sides],
        "parts": [_in(language, lambda: _part(records)) for language in languages],
        "records": _records(records, languages=languages, link=link),
    }


def _in(language: str, make: Callable[[], Data]) -> Data:
    with override(language):
        made = make()
        made |= {"language": language, "is_rtl": get_language_bidi()}
        made["language_name"] = get_language_info(language)["name_local"]
    return made


def _part(records: ReportRecords) -> Data:
    partnership = records.partnership
    words = {"year": records.year}
    return {
        "title": _("Report for the council, %(year)s") % words,
        "standing": _("Stage: %(stage)s") % {"stage": partnership.get_stage_display()},
        "counts_title": _("What was done"),
        "counts": _counts(records),
        "none": "" if records.records else _("In this year no activity is written down."),
        "gave_title": _("What each side gave"),
        "gave_what": _("What"),
        "gave": _gave(records),
        "goals_title": _("Goals and topics"),
        "agreed": _agreed(records),
        "goals": _goals(records),
        "goals_none": _("No goal and no topic is named."),
        "balance_title": _("Balance"),
        "balance_about": _(
            "A hundred percent is level: each side gave as much, measured by what it can give. Where it "
            "cannot be said how sure that is, only the sums are told. A lean may be agreed and wise. "
            "Different quantities are never added up."
        ),
        "balance": _balances(records),
        "check_title": _("Eye-level check"),
        "check": _check(records),
        "stories_title": _("Stories and outcomes"),
        "stories": _stories(records),
        "stories_none": _("No story and no outcome is written down."),
        "outlook_title": _("Outlook"),
        "outlook": _outlook(records),
        "records_title": _("The records"),
        "records_about": _(
            "Every figure above names the records it rests on by these numbers. Days are those of the time "
            "zone %(zone)s; the year begins and ends by UTC."
        )
        % {"zone": timezone.get_current_timezone_name()},
        "from": _("from"),
    }


def _counts(records: ReportRecords) -> list[Data]:
    rows = [_figure(_("Activities"), grouped(len(records.records)), records.records)]
    for kind in ActivityKind:
        of_kind = [one for one in records.records if one.activity.kind == kind]
        if of_kind:
            rows.append(_figure(str(kind.label), grouped(len(of_kind)), of_kind))
    used = [one for one in records.records if one.activity.is_put_to_use]
    if used:
        rows.append(_figure(_("Put to use at home afterwards"), grouped(len(used)), used))
    return rows


def _gave(records: ReportRecords) -> list[Data]:
    currency = records.partnership.currency
    quantities: tuple[tuple[str, Take, int], ...] = (
        (_("People who took part, each time counted"), lambda gift: gift.people, 0),
        (_("There for the first time"), lambda gift: gift.new_people, 0),
        (_("Hours of all together"), lambda gift: gift.hours, 1),
        (_("Money (%(currency)s)") % {"currency": currency}, lambda gift: gift.money, 2),
        (_("Worth of what was given in kind (%(currency)s)") % {"currency": currency},
         lambda gift: gift.in_kind_worth, 2),
    )  # fmt: skip
    return [
        {
            "label": label,
            "cells": [_sum(records, side.pk, take, decimals=decimals) for side in records.sides],
        }
        for label, take, decimals in quantities
    ]


def _sum(records: ReportRecords, side: int, take: Take, *, decimals: int) -> Data:
    """What is known is added up, and what is not is counted: a sum is never taken for the whole."""
    known = [
        (one, amount)
        for one in records.records
        if side in one.gifts and (amount := take(one.gifts[side])) is not None
    ]
    unsaid = len(records.records) - len(known)
    if not known:
        return {"value": _("not said"), "refs": [], "note": ""}
    total = sum((Decimal(amount) for _one, amount in known), Decimal(0))
    note = ""
    if unsaid:
        note = ngettext("not said for %(count)d activity", "not said for %(count)d activities", unsaid) % {
            "count": unsaid
        }
    whole = 0 if total == total.to_integral_value() else decimals
    value = grouped(float(total), decimals=whole)
    return {"value": value, "refs": _refs(one for one, _amount in known), "note": note}


def _agreed(records: ReportRecords) -> Data | None:
    """The goals of the agreement in force: in the language of the part, or as they were written."""
    version = records.partnership.agreement
    texts: Mapping[str, str] = version.articles.get("goals", {}) if version else {}
    if version is None or not any(texts.values()):
        return None
    own = base_code(get_language() or "en")
    written = {code: text for code, text in texts.items() if text}
    language = next((code for code in written if base_code(code) == own), next(iter(written)))
    words = {"number": version.number, "day": written_day(timezone.localtime(version.made_at))}
    standing = [_("Agreement"), _("Version %(number)s of %(day)s") % words]
    if base_code(language) != own:
        standing.append(_("in %(language)s") % {"language": language_name(language)})
    return {**_own_words(written[language], language), "standing": " · ".join(standing)}


def _goals(records: ReportRecords) -> list[Data]:
    rows = []
    for number, words in GOAL_WORDS.items():
        named = [one for one in records.records if number in one.activity.goals]
        if named:
            label = _("Goal %(number)s: %(words)s") % {"number": number, "words": words}
            rows.append(_figure(label, grouped(len(named)), named))
    for topic in Topic:
        named = [one for one in records.records if one.activity.topic == topic]
        if named:
            rows.append(_figure(str(topic.label), grouped(len(named)), named))
    return rows


def _balances(records: ReportRecords) -> list[Data]:
    sides = [one.side for one in records.sides]
    quantities: tuple[tuple[str, Take, list[float]], ...] = (
        (_("People taking part"), lambda gift: gift.people, [_number(side.people) for side in sides]),
        (_("Hours"), lambda gift: gift.hours, [_number(side.hours_a_month) * MONTHS for side in sides]),
        (_("Money and things"), _worth, [_number(side.money_a_year) for side in sides]),
    )
    return [_balance(records, label, take, capacities) for label, take, capacities in quantities]


def _balance(records: ReportRecords, label: str, take: Take, capacities: list[float]) -> Data:
    rows, whole = [], []
    for one in records.records:
        row = [_number(take(one.gifts[side.pk]) if side.pk in one.gifts else None) for side in records.sides]
        rows.append(row)
        if not any(map(math.isnan, row)):
            whole.append(one)
    if len(records.sides) < len(("a", "b")):
        return {"label": label, "value": "–", "refs": [], "words": _("There is only one side.")}
    found = balance_of(rows, capacities, level=LEVEL)
    if found.value is None or found.interval is None:
        value, words = _("cannot be said"), [_why(found), _sums(records, whole, take)]
    else:
        value, words = _between(found.value, found.interval), [_("Measured by what each side can give.")]
    if found.left_out:
        words.append(
            ngettext(
                "%(count)d activity is left out, because a side has not said anything.",
                "%(count)d activities are left out, because a side has not said anything.",
                found.left_out,
            )
            % {"count": found.left_out}
        )
    return {"label": label, "value": value, "refs": _refs(whole), "words": " ".join(filter(None, words))}


def _why(found: Balance) -> str:
    """Why there is no balance, or no saying how sure it is: without that none is told."""
    reason = found.missing or found.no_interval
    return str(({**WHY_UNSURE, **WHY}).get(reason.value, "")) if reason else ""


def _sums(records: ReportRecords, whole: Sequence[Record], take: Take) -> str:
    if not whole:
        return ""
    totals = [sum(_number(take(one.gifts[side.pk])) for one in whole) for side in records.sides]
    written = [
        f"{apart(side.name)} {grouped(total, decimals=0 if total.is_integer() else 2)}"
        for side, total in zip(records.sides, map(float, totals), strict=True)
    ]
    return _("Written down: %(sums)s.") % {"sums": " · ".join(written)}


def _between(value: float, interval: Interval) -> str:
    words = {"value": percentage(value), "low": percentage(interval.low), "high": percentage(interval.high)}
    return _("%(value)s (between %(low)s and %(high)s)") % words


def _check(records: ReportRecords) -> Data:
    """The frozen result as it is: views of whole sides, never of a person."""
    result = records.check.result if records.check else None
    if records.check is None or not isinstance(result, dict):
        return {"about": _("No eye-level check was closed until the end of this year."), "rows": []}
    closed = records.check.closed_at or records.check.closes_at
    about = _("Round %(number)s, closed on %(day)s. Of each dimension: how level it feels to all sides.") % {
        "number": records.check.number,
        "day": written_day(timezone.localtime(closed)),
    }
    labels = {one.key: str(one.label) for one in DIMENSIONS}
    rows = [
        {"label": labels.get(str(one.get("key")), ""), "value": _felt(one.get("felt"))}
        for one in result.get("dimensions", ())
        if isinstance(one, dict)
    ]
    return {"about": about, "rows": rows}


def _felt(felt: Mapping[str, Any] | None) -> str:
    if not felt or felt.get("missing") or felt.get("balance") is None:
        return _("too few answers")
    interval = felt.get("balance_interval")
    if not interval:
        return _("cannot be said")
    return _between(felt["balance"], Interval(interval[0], interval[1], LEVEL))


def _stories(records: ReportRecords) -> list[Data]:
    return [
        {
            **_own_words(one.activity.title, one.activity.language),
            "outcome": one.activity.outcome,
            "story": one.activity.story,
            "written_in": _("in %(language)s") % {"language": language_name(one.activity.language)},
            "refs": _refs([one]),
        }
        for one in records.records
        if one.activity.outcome or one.activity.story
    ]


def _outlook(records: ReportRecords) -> list[Data]:
    rows = [
        {
            "day": written_day(timezone.localtime(one.starts_at)),
            **_own_words(one.title, one.language),
        }
        for one in records.planned
    ]
    review = records.partnership.review_on
    if review is not None:
        words = _("The agreement is looked at again.")
        rows.append({"day": written_day(review), "text": words, "language": "", "own": False})
    if not rows:
        rows.append({"day": "", "text": _("Nothing is planned yet."), "language": "", "own": False})
    return rows


def _records(records: ReportRecords, *, languages: Sequence[str], link: Callable[[Activity], str]) -> Data:
    kinds: dict[str, list[str]] = {}
    heads = []
    for language in languages:
        with override(language):
            heads.append(
                [
                    _("No."),
                    _("Day"),
                    _("Activity"),
                    _("People taking part"),
                    _("Hours"),
                    _("Money and things"),
                ]
            )
            for kind in ActivityKind:
                kinds.setdefault(kind.value, []).append(str(kind.label))
    return {
        "heads": [" / ".join(dict.fromkeys(words)) for words in zip(*heads, strict=True)],
        "rows": [
            {
                "number": one.number,
                "day": timezone.localtime(one.activity.starts_at).date().isoformat(),
                "kind": " / ".join(kinds[one.activity.kind]),
                **_own_words(one.activity.title, one.activity.language),
                "link": link(one.activity),
                "cells": [
                    " : ".join(_plain(one, side.pk, take) for side in records.sides)
                    for take in (_people, _hours, _worth)
                ],
            }
            for one in records.records
        ],
    }


def _plain(one: Record, side: int, take: Take) -> str:
    amount = take(one.gifts[side]) if side in one.gifts else None
    return "–" if amount is None else f"{Decimal(amount).normalize():f}"


def _people(gift: ActivitySide) -> int | None:
    return gift.people


def _hours(gift: ActivitySide) -> Decimal | None:
    return gift.hours


def _worth(gift: ActivitySide) -> Decimal | None:
    known = [amount for amount in (gift.money, gift.in_kind_worth) if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _own_words(text: str, language: str) -> Data:
    return {"text": text, "language": language.replace("_", "-"), "own": True}


def _figure(label: str, value: str, records: Iterable[Record]) -> Data:
    return {"label": label, "value": value, "refs": _refs(records)}


def _refs(records: Iterable[Record]) -> list[Data]:
    """Runs of numbers: 1, 2, 3, 5 -> 1–3, 5."""
    runs: list[list[int]] = []
    for one in records:
        if runs and one.number == runs[-1][1] + 1:
            runs[-1][1] = one.number
        else:
            runs.append([one.number, one.number])
    return [
        {"first": first, "label": str(first) if first == last else f"{first}–{last}"} for first, last in runs
    ]


def _number(value: Decimal | int | None) -> float:
    return math.nan if value is None else float(value)
