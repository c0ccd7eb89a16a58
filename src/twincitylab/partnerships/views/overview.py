"""All introductions of a person, by where they stand."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from twincitylab.base.components.cards import Chip
from twincitylab.base.figures import grouped
from twincitylab.partnerships.queries import overview as queries
from twincitylab.partnerships.queries.overview import Overview, Shelf, lines_of
from twincitylab.partnerships.views.asking import signed_in

ON_A_PAGE, AT_FIRST = 20, 5


@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """``/introductions/?show=met``: the first few of each kind, or all of one kind in pages."""
    found = queries.overview(signed_in(request), now=timezone.now())
    asked = request.GET.get("show", "")
    asked = asked if asked in set(Shelf) else ""
    shown = [Shelf(asked)] if asked else [shelf for shelf in Shelf if found.counts[shelf]]
    paginator = Paginator(found.on(shown[0]), ON_A_PAGE) if asked else None
    page = paginator.get_page(request.GET.get("page")) if paginator else None
    pieces = {shelf: list(page.object_list if page else found.on(shelf)[:AT_FIRST]) for shelf in shown}
    lines = iter(lines_of([one for piece in pieces.values() for one in piece]))
    context = {
        "shelves": [
            {
                "key": shelf.value,
                "heading": _heading(shelf, found.counts[shelf]),
                "lines": [next(lines) for _one in piece],
                "more": "" if page or len(piece) == found.counts[shelf] else _address(shelf),
                "count": found.counts[shelf],
            }
            for shelf, piece in pieces.items()
        ],
        "page": page,
        "chips": shelf_chips(found, shown=asked),
    }
    return render(request, "partnerships/introductions.html", context)


def shelf_chips(found: Overview, *, shown: str | None = None) -> list[Chip]:
    """The way to each kind of which there is something, or that is shown now; on the inbox, where nothing is
    ``shown`` and all that waits stands anyway, to what stands elsewhere."""
    words = {
        Shelf.WAITING: _("Waits for you (%(count)s)"),
        Shelf.SENT: _("You wait for an answer (%(count)s)"),
        Shelf.MET: _("Met (%(count)s)"),
        Shelf.PRIVATE: _("Said in private (%(count)s)"),
        Shelf.OVER: _("Over (%(count)s)"),
    }
    chips = [
        Chip(words[shelf] % {"count": grouped(count)}, _address(shelf), is_current=shown == shelf)
        for shelf, count in found.counts.items()
        if (count and not (shown is None and shelf is Shelf.WAITING)) or shown == shelf
    ]
    everything = Chip(_("All"), reverse("partnerships:introductions"), is_current=shown == "")
    return [everything, *chips] if any(found.counts.values()) else []


def _heading(shelf: Shelf, count: int) -> str:
    if shelf is Shelf.WAITING:
        words = ngettext("%(counter)s waits for you", "%(counter)s wait for you", count)
        return words % {"counter": grouped(count)}
    return {
        Shelf.SENT: _("You wait for an answer"),
        Shelf.MET: _("You have met"),
        Shelf.PRIVATE: _("Said in private"),
        Shelf.OVER: _("Over, within the last year"),
    }[shelf]


def _address(shelf: Shelf) -> str:
    return f"{reverse('partnerships:introductions')}?show={shelf}"
