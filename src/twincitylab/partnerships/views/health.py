"""Whether a partnership is alive: ten signals, the same for every side."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from twincitylab.partnerships.engine.health import signals
from twincitylab.partnerships.queries.health import health_records
from twincitylab.partnerships.views.entering import entered


@never_cache
@login_required
@require_safe
def health(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/health/``."""
    workspace = entered(request, slug)
    cards = workspace.active
    records = health_records(workspace.partnership, sides=[card.side for card in cards], now=timezone.now())
    context = {"workspace": workspace, "here": "health", "signals": signals(records, cards)}
    return render(request, "partnerships/health.html", context)
