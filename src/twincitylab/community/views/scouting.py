"""The scouting board: who is on the actor map, what it does not see, and the paper form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from twincitylab.community.choices import AgeGroup, Consent, ContactKind, Sector
from twincitylab.community.forms.scouting import BoardForm, DistrictsForm
from twincitylab.community.models import Community
from twincitylab.community.operations.scouting import name_districts
from twincitylab.community.queries.cards import card
from twincitylab.community.queries.scouting import actors_of, districts_of
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.rules.scouting_actors import rows
from twincitylab.community.rules.scouting_blind_spots import NextStep, Way, blind_spots
from twincitylab.community.rules.scouting_forest import forest
from twincitylab.community.rules.scouting_picture import picture
from twincitylab.community.views.reaching import reached, require_person

CONTACTS_OF_A_PAGE = 50
LINES_ON_PAPER = 4

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Tab:
    """One of the pages of the board."""

    href: str
    label: str
    is_current: bool
    explanation: str = ""


def for_stewards(view: View) -> View:
    """The view gets the community instead of its slug: for its stewards only, and kept in no cache.

    Whoever may not see the community learns nothing of it (404); whoever may, but is no steward, is told so
    (403)."""

    @wraps(view)
    def answer(request: HttpRequest, slug: str, *args: object, **kwargs: object) -> HttpResponse:
        community, _held = reached(request, slug, least=Standing.STEWARD)
        return view(request, community, *args, **kwargs)

    return never_cache(login_required(answer))


@for_stewards
@require_safe
def board(request: HttpRequest, community: Community) -> HttpResponse:
    """``/communities/<slug>/scouting/``: everybody on the map, and the one thing to do next."""
    actors = actors_of(community)
    spots = blind_spots(actors, districts=districts_of(community))
    form = BoardForm(request.GET)
    kept = form.kept(actors, never_asked=spots.never_asked)
    page = Paginator(kept, CONTACTS_OF_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": rows(list(page), among=actors),
        "found": len(kept),
        "count": len(actors),
        "agreed": sum(actor.consent == Consent.GIVEN for actor in actors),
        "unasked": len(spots.never_asked),
        "step": spots.next_step,
        "step_link": _link(community, spots.next_step),
    }
    return scouting_page(request, community, "board", context)


@for_stewards
@require_safe
def graph(request: HttpRequest, community: Community) -> HttpResponse:
    """``/communities/<slug>/scouting/graph/``: who recommended whom, and where nobody is."""
    return _graph_page(request, community)


@for_stewards
@require_POST
def districts(request: HttpRequest, community: Community) -> HttpResponse:
    """``/communities/<slug>/scouting/districts/``: where the community wants to know somebody."""
    form = DistrictsForm(request.POST)
    if form.is_valid():
        try:
            name_districts(
                community,
                names=form.cleaned_data["districts"],
                by=require_person(request),
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error("districts", refused.message)
        else:
            messages.success(request, _("The districts are kept."))
            return redirect(reverse("community:scouting-graph", args=[community.slug]) + "#blind-spots")
    return _graph_page(request, community, form=form, status=422)


@for_stewards
@require_safe
def paper(request: HttpRequest, community: Community) -> HttpResponse:
    """``/communities/<slug>/scouting/paper/``: one sheet for one conversation."""
    context = {
        "kinds": [choice.label for choice in ContactKind],
        "sectors": [choice.label for choice in Sector],
        "age_groups": [choice.label for choice in AgeGroup],
        "lines": range(LINES_ON_PAPER),
    }
    return scouting_page(request, community, "paper", context)


def scouting_page(
    request: HttpRequest, community: Community, name: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page of the board with what all of them show."""
    shared = {"card": card(community), "tabs": _tabs(community, name), "is_closed": bool(community.closed_at)}
    return render(request, f"community/scouting_{name}.html", {**shared, **context}, status=status)


def _graph_page(
    request: HttpRequest, community: Community, *, form: DistrictsForm | None = None, status: int = 200
) -> HttpResponse:
    actors, named = actors_of(community), districts_of(community)
    spots = blind_spots(actors, districts=named)
    grown = forest(actors)
    context = {
        "picture": picture(grown, is_mirrored=get_language_bidi()),
        "loners": grown.loners,
        "has_rings": bool(grown.closing),
        "rows": rows(actors, among=actors),
        "spots": spots,
        "form": form or DistrictsForm(names=named),
        "named_districts": named,
        "step": spots.next_step,
        "step_link": _link(community, spots.next_step),
    }
    return scouting_page(request, community, "graph", context, status=status)


def _tabs(community: Community, current: str) -> list[Tab]:
    pages = (
        ("board", "community:scouting", _("Contacts")),
        ("graph", "community:scouting-graph", _("Picture and blind spots")),
        ("paper", "community:scouting-paper", _("Paper form")),
        ("file", "community:scouting-file", _("File")),
    )
    return [Tab(reverse(name, args=[community.slug]), label, key == current) for key, name, label in pages]


def _link(community: Community, step: NextStep) -> tuple[str, str]:
    """Where the next thing is done, and what the button says."""
    slug = community.slug
    if step.way == Way.CONTACT:
        return reverse("community:scouting-contact", args=[slug, step.contact]), _("Open the contact")
    if step.way == Way.PAPER:
        return reverse("community:scouting-paper", args=[slug]), _("Print the form for the next conversation")
    if step.way == Way.DISTRICTS:
        return reverse("community:scouting-graph", args=[slug]) + "#districts", _("Name the districts")
    if step.way == Way.GRAPH:
        return reverse("community:scouting-graph", args=[slug]), _("Look at the picture")
    return reverse("community:scouting-contact-new", args=[slug]), _("Add a contact")
