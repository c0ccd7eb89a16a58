"""What a closed round says: beams, sentences and figures, with a reason wherever there is no figure.

Everything is read from the frozen result. Names of sides are those shown now.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twincitylab.base.figures import grouped, percentage, signed, written_day
from twincitylab.base.text import inert_cell
from twincitylab.community.models import Membership
from twincitylab.community.rules.notice_sentences import apart
from twincitylab.partnerships.choices import CheckState
from twincitylab.partnerships.models import EyeLevelCheck
from twincitylab.partnerships.queries.check_course import Course, course_of
from twincitylab.partnerships.queries.check_measured import MEASURED_FROM, measured_sentence, told
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace
from twincitylab.partnerships.rules.questions import PAIR, Dimension, dimension, scale_labels

SEEN_LEAN, SEEN_GAP = 0.25, 0.5
"""Smaller ones are called alike."""
MOST_TILT, MIDDLE, STEEPEST = 1.0, 18.0, 8.0
MOST_VIEW = 1.5
POINT = 23.0
"""So much of a line of 100 is one step of the scale."""

FELT_TOO_FEW = gettext_lazy(
    "Of at least one side too few people answered this. So nothing is said, of no side."
)


@dataclass(frozen=True)
class Beam:
    """A level beam between two sides: whoever carries more sinks. ``label`` says it in words."""

    a: str
    b: str
    a_y: float
    b_y: float
    label: str

    @property
    def b_top(self) -> float:
        return self.b_y - 10


@dataclass(frozen=True)
class View:
    """How one side sees a dimension, from -2 to 2."""

    side: SideCard | None
    name: str
    words: str
    figure: str


@dataclass(frozen=True)
class Gap:
    """The perception gap on the line from one shore, 0, to the other, 100: where each of two sides sees the
    weight. They are apart by the gap; it may be as wide as ``outer`` and is at least as wide as ``inner``,
    both drawn around the middle between them."""

    a: str
    b: str
    a_x: float
    b_x: float
    outer: tuple[float, float]
    inner: tuple[float, float] | None
    label: str


@dataclass(frozen=True)
class DimensionView:
    """One dimension. What is None or empty cannot be said, and its sentence says why."""

    key: str
    label: Promise
    guide: tuple[Promise, ...]
    felt: Beam | None
    felt_sentence: str
    views: tuple[View, ...]
    gap: Gap | None
    gap_sentence: str
    gap_figure: str
    felt_figure: str
    measured: Beam | None
    measured_sentence: str
    measured_figure: str
    measured_from: str


@dataclass(frozen=True)
class Start:
    """Where a side starts from: context, never scored. Empty where it is not said or not shown."""

    side: SideCard
    population: str
    members: str
    people: str
    hours: str
    money: str


@dataclass(frozen=True)
class ResultView:
    """A closed round."""

    until: str
    level: str
    people: tuple[tuple[str, int], ...]
    dimensions: tuple[DimensionView, ...]
    first: tuple[DimensionView, ...]
    starts: tuple[Start, ...]
    course: Course | None

    @property
    def is_pair(self) -> bool:
        return len(self.people) == PAIR


def result_view(check: EyeLevelCheck, workspace: Workspace) -> ResultView:
    """The frozen result of a closed round, put into words; for a round that has one."""
    result: Mapping[str, Any] = check.result or {}
    sides = [workspace.side(one["side"]) for one in result["sides"]]
    names = [_name(side) for side in sides]
    found = {
        one["key"]: _dimension(one, sides=sides, names=names, currency=workspace.partnership.currency)
        for one in result["dimensions"]
    }
    earlier = EyeLevelCheck.objects.filter(partnership=workspace.partnership, number__lte=check.number)
    return ResultView(
        until=written_day(timezone.localtime(check.closed_at)) if check.closed_at else "",
        level=percentage(result["level"]),
        people=tuple((name, one["people"]) for name, one in zip(names, result["sides"], strict=True)),
        dimensions=tuple(found.values()),
        first=tuple(found[key] for key in result["talk_first"][:3]),
        starts=_starts(workspace),
        course=course_of(tuple(earlier.order_by("-number"))),
    )


def result_json(check: EyeLevelCheck, workspace: Workspace) -> dict[str, Any]:
    """The frozen result with the names of the sides: the same for whoever asks."""
    result = dict(check.result or {})
    result["round"] = check.number
    result["closed_at"] = check.closed_at.isoformat() if check.closed_at else None
    result["sides"] = [{**one, "name": _name(workspace.side(one["side"]))} for one in result.get("sides", ())]
    result["dimensions"] = [
        {**one, "measured": told(one["measured"])} for one in result.get("dimensions", ())
    ]
    return result


def results_of(workspace: Workspace) -> list[dict[str, Any]]:
    """All results, oldest first, for taking everything along."""
    checks = EyeLevelCheck.objects.filter(partnership=workspace.partnership, state=CheckState.CLOSED)
    return [result_json(check, workspace) for check in checks.order_by("number")]


def result_csv(check: EyeLevelCheck, workspace: Workspace) -> str:
    """One row for each figure: dimension, what, side, value, low, high, why there is none."""
    result = result_json(check, workspace)
    names = [one["name"] for one in result["sides"]]
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(["dimension", "figure", "side", "value", "low", "high", "missing"])
    for one in result["dimensions"]:
        for row in _rows(one, names):
            table.writerow([inert_cell("" if cell is None else str(cell)) for cell in (one["key"], *row)])
    return out.getvalue()


def _rows(one: Mapping[str, Any], names: Sequence[str]) -> list[tuple[Any, ...]]:
    felt, measured = one["felt"], one["measured"]
    rows: list[tuple[Any, ...]] = []
    if felt["missing"]:
        rows.append(("felt", "", "", "", "", felt["missing"]))
    else:
        views = zip(names, felt["views"], strict=True)
        rows += [("view", name, view, "", "", "") for name, view in views]
        for figure in ("lean", "balance", "gap"):
            low, high = felt[f"{figure}_interval"] or ("", "")
            rows.append((f"felt {figure}", "", felt[figure], low, high, ""))
    if measured is None:
        return [*rows, ("measured balance", "", "", "", "", "not_recorded")]
    low, high = measured["interval"] or ("", "")
    why = measured["missing"] or measured["no_interval"]
    rows.append(("measured balance", "", measured["balance"], low, high, why))
    sums = zip(names, measured["sums"] or (), strict=False)
    return [*rows, *(("measured sum", name, amount, "", "", "") for name, amount in sums)]


def _dimension(
    one: Mapping[str, Any], *, sides: Sequence[SideCard | None], names: Sequence[str], currency: str
) -> DimensionView:
    about, felt, measured = dimension(one["key"]), one["felt"], told(one["measured"])
    is_known = felt["missing"] is None
    # No percentage without its uncertainty: one activity would often be "100 % level". Nought is nought.
    is_shown = bool(measured and (measured["interval"] or measured["balance"] == 0))
    felt_sentence = _felt_sentence(about, felt, names) if is_known else str(FELT_TOO_FEW)
    said = measured_sentence(about, measured, names, currency=currency)
    return DimensionView(
        key=about.key,
        label=about.label,
        guide=about.guide,
        felt=_beam(felt["lean"], names, felt_sentence) if is_known and felt["lean"] is not None else None,
        felt_sentence=felt_sentence,
        views=_views(felt, sides, names) if is_known else (),
        gap=_gap(felt, names) if is_known and len(names) == PAIR else None,
        gap_sentence=_gap_sentence(felt) if is_known else "",
        gap_figure=_figure(felt["gap"], felt["gap_interval"]) if is_known else "–",
        felt_figure=_share(felt["balance"], felt["balance_interval"]) if is_known else "–",
        measured=_beam(measured["tilt"], names, said)
        if measured and is_shown and measured["tilt"] is not None
        else None,
        measured_sentence=said,
        measured_figure=_share(measured["balance"], measured["interval"]) if measured and is_shown else "–",
        measured_from=str(MEASURED_FROM.get(about.key, "")),
    )


def _felt_sentence(about: Dimension, felt: Mapping[str, Any], names: Sequence[str]) -> str:
    views = felt["views"]
    if max(views) - min(views) < 2 * SEEN_LEAN:
        return _("Felt: about level.")
    more = str(about.more) % {"side": apart(names[views.index(max(views))])}
    if felt["balance_interval"] and felt["balance_interval"][1] < 1:
        return _("Felt: %(more)s") % {"more": more}
    return _("Felt, though not surely: %(more)s") % {"more": more}


def _gap_sentence(felt: Mapping[str, Any]) -> str:
    gap, (low, high) = felt["gap"], felt["gap_interval"]
    is_sure = low > 0 or high < 0
    if abs(gap) < SEEN_GAP and not is_sure:
        return _("The sides see it alike.")
    _clearly_not, not_us, _alike, us, _clearly_us = scale_labels(sides=len(felt["views"]))
    if min(felt["views"]) >= SEEN_LEAN or max(felt["views"]) <= -SEEN_LEAN:
        words = {"step": us if gap > 0 else not_us}
        if is_sure:
            return _("The sides see it differently: each says “%(step)s”.") % words
        return _("Perhaps the sides see it differently, each saying “%(step)s”.") % words
    if is_sure:
        return _("The sides see it differently: what one says does not fit what the other says.")
    return _("Perhaps the sides see it differently; it is not sure.")


def _views(
    felt: Mapping[str, Any], sides: Sequence[SideCard | None], names: Sequence[str]
) -> tuple[View, ...]:
    return tuple(
        View(side, name, _view_words(view, sides=len(names)), _view_figure(view))
        for side, name, view in zip(sides, names, felt["views"], strict=True)
    )


def _view_words(view: float, *, sides: int) -> str:
    clearly_not, not_us, alike, us, clearly_us = map(str, scale_labels(sides=sides))
    if abs(view) < SEEN_LEAN:
        return alike
    if view > 0:
        return us if view < 1 else clearly_us
    return not_us if view > -1 else clearly_not


def _view_figure(view: float) -> str:
    if abs(view) < MOST_VIEW:
        return signed(view)
    figure = {"figure": signed(view)}
    return _("%(figure)s or more") % figure if view > 0 else _("%(figure)s or less") % figure


def _beam(tilt: float, names: Sequence[str], label: str) -> Beam:
    """``tilt`` from -1, far more with the second side, to 1, far more with the first."""
    sink = STEEPEST * min(max(tilt / MOST_TILT, -1), 1)
    return Beam(names[0], names[1], round(MIDDLE + sink, 1), round(MIDDLE - sink, 1), label)


def _gap(felt: Mapping[str, Any], names: Sequence[str]) -> Gap:
    a_x, b_x = 50 - POINT * felt["views"][0], 50 + POINT * felt["views"][1]
    low, high = felt["gap_interval"]
    least, most = max(low, -high, 0), max(-low, high)
    middle = (a_x + b_x) / 2
    return Gap(
        names[0],
        names[1],
        round(a_x, 1),
        round(b_x, 1),
        _band(middle, most),
        _band(middle, least) if least else None,
        _joined(
            _gap_sentence(felt),
            _("Perception gap %(figure)s.") % {"figure": _figure(felt["gap"], felt["gap_interval"])},
        ),
    )


def _band(middle: float, size: float) -> tuple[float, float]:
    """Where it begins and how long it is, within the line."""
    start, end = max(middle - POINT * size / 2, 0), min(middle + POINT * size / 2, 100)
    return round(start, 1), round(end - start, 1)


def _share(value: float, interval: Sequence[float] | None) -> str:
    if not interval:
        return percentage(value)
    words = {"value": percentage(value), "low": percentage(interval[0]), "high": percentage(interval[1])}
    return _("%(value)s (between %(low)s and %(high)s)") % words


def _figure(value: float, interval: Sequence[float]) -> str:
    words = {"value": signed(value), "low": signed(interval[0]), "high": signed(interval[1])}
    return _("%(value)s (between %(low)s and %(high)s)") % words


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _name(side: SideCard | None) -> str:
    return side.name if side is not None else _("a side")


def _starts(workspace: Workspace) -> tuple[Start, ...]:
    """Of a side in safety mode its number of members is not told, and no city that it hides."""
    currency = workspace.partnership.currency
    found = []
    for one in workspace.sides:
        side, city = one.side, one.side.community.city
        members = Membership.objects.filter(community=one.card.pk).count()
        found.append(
            Start(
                side=one,
                population=grouped(city.population) if one.card.city and city.population else "",
                members="" if one.card.is_safe_mode else grouped(members),
                people=grouped(side.people) if side.people is not None else "",
                hours=grouped(float(side.hours_a_month)) if side.hours_a_month is not None else "",
                money=f"{grouped(float(side.money_a_year))} {currency}"
                if side.money_a_year is not None
                else "",
            )
        )
    return tuple(found)
