"""The yearly report for the council: in the languages of the sides, as a page and as a PDF."""

import datetime as dt
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from twincitylab.base.documents import render_pdf, unprintable
from twincitylab.partnerships.engine.report import Data, report_of
from twincitylab.partnerships.models import Activity
from twincitylab.partnerships.queries.report import (
    has_report,
    report_languages,
    report_records,
    report_years,
)
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.templatetags.partnerships import partnership_name
from twincitylab.partnerships.views.entering import entered

PAPER = Path(__file__).parents[1] / "templates" / "partnerships" / "report.typ"


@never_cache
@login_required
@require_safe
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/report/``: the years."""
    workspace = entered(request, slug)
    context = {
        "workspace": workspace,
        "here": "report",
        "years": report_years(workspace.partnership, now=timezone.now()),
        "languages": report_languages(workspace.sides),
    }
    return render(request, "partnerships/reports.html", context)


@never_cache
@login_required
@require_safe
def report(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """``/partnerships/<slug>/report/<year>/``: to read and to print."""
    workspace = entered(request, slug)
    data = _data(request, workspace, year)
    context = {
        "workspace": workspace,
        "here": "report",
        "year": year,
        "data": data,
        "unprintable": unprintable(data),
    }
    return render(request, "partnerships/report.html", context)


@never_cache
@login_required
@require_safe
def pdf(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """``/partnerships/<slug>/report/<year>.pdf``: for the council."""
    data = _data(request, entered(request, slug), year)
    made = render_pdf(PAPER.read_text(encoding="utf-8"), {**data, "unprintable": unprintable(data)})
    name = f"report-{slug}-{year}.pdf"
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _data(request: HttpRequest, workspace: Workspace, year: int) -> Data:
    now = timezone.now()
    if not has_report(workspace.partnership, year=year, now=now):
        raise Http404
    records = report_records(
        workspace.partnership, sides=workspace.sides, year=year, now=now.astimezone(dt.UTC)
    )
    root = request.build_absolute_uri(reverse("partnerships:activities", args=[workspace.partnership.slug]))

    def link(activity: Activity) -> str:
        return f"{root}{activity.pk}/"

    return report_of(
        records,
        languages=report_languages(workspace.sides),
        name=partnership_name(workspace),
        link=link,
    )
