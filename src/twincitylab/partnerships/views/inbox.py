"""What is new, and what waits for me."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.base.components.cards import Chip
from twincitylab.community.operations.notices import mark_read
from twincitylab.community.queries.notices import notice_counts, notice_lines, notices_of
from twincitylab.partnerships.queries.overview import Bell, Shelf, lines_of, overview
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.overview import shelf_chips

ON_A_PAGE, MOST_WAITING = 20, 10


@never_cache
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """``/inbox/?show=unread``: open introductions that wait for me, then everything that is new."""
    person = signed_in(request)
    only_unread = request.GET.get("show") == "unread"
    found = overview(person, now=timezone.now())
    every, unread = notice_counts(person)
    paginator = Paginator(notices_of(person, only_unread=only_unread), ON_A_PAGE)
    paginator.__dict__["count"] = unread if only_unread else every  # known already
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "waiting": lines_of(found.on(Shelf.WAITING)[:MOST_WAITING]),
        "waiting_count": found.counts[Shelf.WAITING],
        "shelves": shelf_chips(found),
        "page": page,
        "notices": notice_lines(page.object_list, reader=person),
        "unread": unread,
        "bell": Bell(waiting=found.counts[Shelf.WAITING], is_news=bool(unread)),
        "chips": _chips(only_unread=only_unread, unread=unread),
        "only_unread": only_unread,
    }
    return render(request, "partnerships/inbox.html", context)


@never_cache
@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """``/inbox/read/``: mark one notice as read, or all."""
    number = request.POST.get("notice", "")
    pks = [int(number)] if number.isdecimal() and len(number) < 19 else None
    if pks is not None or "all" in request.POST:
        mark_read(by=signed_in(request), now=timezone.now(), pks=pks)
    show = "?show=unread" if request.POST.get("show") == "unread" else ""
    return redirect(reverse("partnerships:inbox") + show)


def _chips(*, only_unread: bool, unread: int) -> list[Chip]:
    address = reverse("partnerships:inbox")
    return [
        Chip(_("Everything"), address, is_current=not only_unread),
        Chip(_("Unread (%(count)d)") % {"count": unread}, f"{address}?show=unread", is_current=only_unread),
    ]
