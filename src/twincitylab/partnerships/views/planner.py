"""Finding an hour for the next meeting that is fair to every clock, and planning it with one click."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.base.figures import written_day
from twincitylab.community.choices import Mode
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import ActivityKind, ActivityState
from twincitylab.partnerships.forms.introductions import new_key, writing_language
from twincitylab.partnerships.forms.planner import USUAL_MINUTES, PlanForm, WishForm
from twincitylab.partnerships.operations.activities import record_activity
from twincitylab.partnerships.queries.planner import Planning, PlanningSide, planning
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.rules.contributions import ActivityFacts
from twincitylab.partnerships.rules.planner import LocalTime, Slot, without_holidays
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered, writing

UNPROCESSABLE = 422
LOOKS_AHEAD = 21
FARTHEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class Strip:
    """A meeting on one side's day: (from, hours) of each part, as a meeting may cross midnight."""

    side: PlanningSide
    local: LocalTime
    parts: tuple[tuple[float, float], ...]

    @property
    def words(self) -> str:
        """From when to when on that side's clock; a template would turn it to the reader's."""
        return _span(self.local.begins, self.local.ends)


@dataclass(frozen=True)
class Proposal:
    """A proposed hour with its strips and the key of its form."""

    slot: Slot
    strips: tuple[Strip, ...]
    key: str

    @property
    def heading(self) -> str:
        """The same on the reader's clock."""
        return _span(timezone.localtime(self.slot.begins), timezone.localtime(self.slot.ends))


@never_cache
@login_required
def planner(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/planner/``: the proposals, and the meeting that one of them becomes."""
    if request.method == "POST":
        return _plan(request, writing(request, slug))
    return _page(request, entered(request, slug))


def _plan(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form, now = PlanForm(request.POST), timezone.now()
    if not form.is_valid():
        told = next(iter(form.errors.values()))[0]
        return _page(request, workspace, sentence=str(told), status=UNPROCESSABLE)
    begins = form.cleaned_data["begins"].astimezone(dt.UTC)
    if not now <= begins <= now + FARTHEST:
        sentence = _("This hour is over, or too far away. Choose one of those below.")
        return _page(request, workspace, sentence=sentence, status=UNPROCESSABLE)
    facts = ActivityFacts(
        kind=ActivityKind.MEETING,
        state=ActivityState.PLANNED,
        title=form.cleaned_data["title"],
        starts_at=begins,
        ends_at=begins + form.length,
        mode=Mode.ONLINE,
        language=writing_language(),
    )
    try:
        made = record_activity(
            partnership=workspace.partnership,
            side=workspace.ours.side,
            facts=facts,
            form_key=form.cleaned_data["form_key"],
            by=signed_in(request),
            now=now,
        )
    except Refused as refused:
        return _page(request, workspace, sentence=refused.message, status=UNPROCESSABLE)
    messages.success(request, _("The meeting is planned. The other side is told."))
    return redirect("partnerships:activity", workspace.partnership.slug, made.pk)


def _page(
    request: HttpRequest, workspace: Workspace, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    tomorrow = timezone.localdate(now) + dt.timedelta(days=1)
    form = WishForm(request.GET if "day" in request.GET else None, initial={"day": tomorrow})
    minutes, day = USUAL_MINUTES, tomorrow
    if form.is_bound and form.is_valid():
        minutes = form.cleaned_data["minutes"]
        day = min(max(form.cleaned_data["day"], timezone.localdate(now)), (now + FARTHEST).date())
    first = max(dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_current_timezone()), now)
    plan = planning(workspace, first=first, days=LOOKS_AHEAD, minutes=minutes)
    context = {
        "workspace": workspace,
        "here": "planner",
        "form": form,
        "plan": plan,
        "proposals": [_proposal(slot, plan) for slot in plan.slots],
        "minutes": minutes,
        "title": request.POST.get("title", "") or _("Our next meeting"),
        "guessed": [one for one in plan.sides if one.is_guessed],
        "unknown": without_holidays(one.rule for one in plan.sides),
        "sentence": sentence,
    }
    return render(request, "partnerships/planner.html", context, status=status)


def _proposal(slot: Slot, plan: Planning) -> Proposal:
    strips = tuple(
        Strip(side, local, _parts(local)) for side, local in zip(plan.sides, slot.locals, strict=True)
    )
    return Proposal(slot, strips, str(new_key()))


def _parts(local: LocalTime) -> tuple[tuple[float, float], ...]:
    begins = local.begins.hour + local.begins.minute / 60
    hours = (local.ends.astimezone(dt.UTC) - local.begins.astimezone(dt.UTC)) / dt.timedelta(hours=1)
    first = min(hours, 24 - begins)
    return ((begins, first),) if first == hours else ((begins, first), (0.0, hours - first))


def _span(begins: dt.datetime, ends: dt.datetime) -> str:
    return f"{written_day(begins)}, {begins:%H:%M}–{ends:%H:%M}"
