"""The directory of communities: the page, the same as a file, and the feed of what is new."""

import csv
from collections.abc import Iterator, Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from twincitylab.base.rate import admit
from twincitylab.base.text import inert_cell
from twincitylab.community.choices import Direction, Topic
from twincitylab.community.forms.directory import (
    ADDRESS_NAMES,
    BY_NAME,
    DirectoryForm,
    as_address,
    filters_in,
)
from twincitylab.community.queries.directory import (
    Entry,
    Relaxed,
    entries,
    relaxations,
)
from twincitylab.community.queries.directory import directory as find
from twincitylab.community.queries.needs import NeedLine, newest_needs
from twincitylab.community.views.reaching import asker

ON_A_PAGE = 20
SHOWN_OF_EACH = 2
IN_THE_FEED = 50
ROWS_AT_ONCE = 2000
COLUMNS = (
    "address", "name", "kind", "purpose", "purpose_language", "city", "country", "latitude", "longitude",
    "topics", "languages", "modes", "capacity", "since", "website", "verified", "demonstration", "seeks",
    "brings",
)  # fmt: skip


def directory(request: HttpRequest) -> HttpResponse:
    """``/communities/``: the communities that may be listed, narrowed by words and filters."""
    if request.GET.get("q"):
        admit(request)
    form = DirectoryForm(request.GET)
    if not form.is_valid():
        return render(request, "community/directory.html", {"form": form}, status=422)
    person, wanted, today = asker(request), form.wanted, timezone.now().date()
    found = find(person, wanted, today=today, by_name=form.is_by_name)
    form.offer_countries(found.by_country)
    page = Paginator(found.pks, ON_A_PAGE).get_page(form.cleaned_data["page"])
    hints = () if found.pks else relaxations(person, wanted, today=today)
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "entries": entries(list(page), person, today=today) if found.pks else (),
        "shown_of_each": SHOWN_OF_EACH,
        "hints": [(hint, as_address(_without(request.GET, hint))) for hint in hints],
        "asked": as_address(filters_in(request.GET)),
        "in_new_order": as_address(_in_new_order(request.GET, form)),
    }
    return render(request, "community/directory.html", context)


def directory_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """``/communities/export.csv``: all that the page lists for the same address."""
    admit(request)
    form = DirectoryForm(request.GET)
    if not form.is_valid():
        return render(request, "community/directory.html", {"form": form}, status=422)
    today = timezone.now().date()
    found = find(asker(request), form.wanted, today=today, by_name=form.is_by_name)
    response = StreamingHttpResponse(_csv_lines(request, found.pks), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="communities.csv"'
    return response


def needs_feed(request: HttpRequest) -> HttpResponse:
    """``/communities/needs.atom?direction=&topic=``: what is newly sought and brought."""
    direction, topic = request.GET.get("direction", ""), request.GET.get("topic", "")
    if direction not in ("", *Direction.values) or topic not in ("", *Topic.values):
        words = _("Name a direction (need or offer) and a topic as the directory does, or none.")
        return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
    feed = Atom1Feed(
        title=_("Needs and offers of urban communities"),
        link=request.build_absolute_uri(reverse("community:directory")),
        description="",
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    now = timezone.now()
    for new in newest_needs(None, today=now.date(), limit=IN_THE_FEED, direction=direction, topic=topic):
        address = request.build_absolute_uri(reverse("community:community", args=[new.card.slug]))
        word = _("seeks") if new.line.is_need else _("brings")
        feed.add_item(
            title=f"{new.card.name}, {new.card.city}: {word} · {new.line.topic_label}",
            link=f"{address}#need-{new.line.pk}",
            unique_id=f"{address}#need-{new.line.pk}",
            description=new.line.text,
            author_name=new.card.name,
            pubdate=new.line.created_at,
            updateddate=new.line.created_at,
            categories=[new.line.topic, new.line.kind],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _csv_lines(request: HttpRequest, pks: Sequence[int]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    person, today = asker(request), timezone.now().date()
    for start in range(0, len(pks), ROWS_AT_ONCE):
        for entry in entries(pks[start : start + ROWS_AT_ONCE], person, today=today):
            yield writer.writerow([inert_cell(str(cell)) for cell in _cells(request, entry)])


def _cells(request: HttpRequest, entry: Entry) -> list[object]:
    card = entry.card
    return [
        request.build_absolute_uri(reverse("community:community", args=[card.slug])),
        card.name,
        card.kind,
        card.purpose,
        card.purpose_language,
        card.city,
        card.country,
        card.latitude,
        card.longitude,
        "; ".join(card.topics),
        "; ".join(card.languages),
        "; ".join(card.modes),
        card.capacity,
        card.since or "",
        card.website,
        int(card.is_verified),
        int(card.is_demonstration),
        _listed(entry.open.needs),
        _listed(entry.open.offers),
    ]


def _listed(lines: tuple[NeedLine, ...]) -> str:
    return "\n".join(f"{line.topic} ({line.kind}): {line.text}" for line in lines)


class _Echo:
    """Gives back what is written."""

    def write(self, text: str) -> str:
        return text


def _without(params: QueryDict, hint: Relaxed) -> QueryDict:
    return filters_in(params, leave_out=[ADDRESS_NAMES.get(hint.name, hint.name)])


def _in_new_order(params: QueryDict, form: DirectoryForm) -> QueryDict:
    """The same list in the order that it does not have now."""
    turned = filters_in(params, leave_out=["order"])
    if not form.is_by_name:
        turned["order"] = BY_NAME
    return turned
