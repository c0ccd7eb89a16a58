"""A facilitator introduces two communities and sits in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.community.models import Community, Person
from twincitylab.community.queries.directory import Entry
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import require_facilitator
from twincitylab.community.rules.refusals import Refused
from twincitylab.matching.engine.communities import pair_of
from twincitylab.matching.engine.communities.results import CommunityPair
from twincitylab.matching.engine.communities.store import StillGathering
from twincitylab.partnerships.forms import ProposalForm, new_key, writing_language
from twincitylab.partnerships.operations.proposing import facilitate
from twincitylab.partnerships.queries.candidates import Candidates, candidates
from twincitylab.partnerships.queries.introductions import bare_cards_of, facilitated_by
from twincitylab.partnerships.queries.veils import shown_to
from twincitylab.partnerships.views.asking import signed_in

UNPROCESSABLE = 422
ON_A_PAGE = 20
SIDES = ("first", "second")


@never_cache
@login_required
def facilitating(request: HttpRequest) -> HttpResponse:
    """``/facilitate/?first=&second=``: find two communities, see how they fit, write to both, and see what
    came of it. A form with ``look`` searches again and keeps what was written."""
    person = require_facilitator(signed_in(request))
    if request.method != "POST":
        return _page(request)
    if "look" in request.POST:
        return _page(request, form=_as_typed(request.POST))
    form = ProposalForm(request.POST, languages=())
    first, second = (_chosen(request.POST.get(side, ""), person=person) for side in SIDES)
    if first is None or second is None:
        form.add_error(None, _("Choose a community on both sides."))
    elif form.is_valid():
        try:
            introduction = facilitate(
                first=first,
                second=second,
                message=form.cleaned_data["message"],
                language=form.cleaned_data["language"],
                form_key=form.cleaned_data["form_key"],
                by=person,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("partnerships:introduction", introduction.pk)
    return _page(request, form=form, status=UNPROCESSABLE)


def _chosen(slug: str, *, person: Person) -> Community | None:
    clean = slug.replace("\x00", "").strip()
    return reachable_by(person).filter(slug=clean).first() if clean else None


def _as_typed(data: QueryDict) -> ProposalForm:
    """What was written so far, without a word about what is missing."""
    kept = {field: data[field] for field in ("message", "language", "form_key") if data.get(field)}
    return ProposalForm(initial={"language": writing_language(), "form_key": new_key(), **kept})


def _page(request: HttpRequest, *, form: ProposalForm | None = None, status: int = 200) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    texts = {side: _text(request, side) for side in SIDES}
    is_new_search = request.POST.get("look") == "search"
    kept = {side: "" if is_new_search else request.POST.get(side, "") for side in SIDES}
    found = candidates(texts, chosen=kept, person=person, today=timezone.localdate(now))
    chosen = {side: _choice(request, side, found[side]) for side in SIDES}
    fit, is_gathering = _fit(chosen)
    context = {
        "sides": [
            {
                "name": side,
                "label": label,
                "text": _shown(texts[side], found[side]),
                "found": found[side],
                "chosen": one.card.slug if (one := chosen[side]) else "",
            }
            for side, label in (("first", _("One side")), ("second", _("The other side")))
        ],
        "is_searched": any(texts.values()) or form is not None,
        "is_ready": all(one.entries for one in found.values()),
        "is_written": form is not None and bool(form["message"].value()),
        "fit": fit,
        "is_gathering": is_gathering,
        "form": form or ProposalForm(initial={"language": writing_language(), "form_key": new_key()}),
        **_mine(request, person),
    }
    return render(request, "partnerships/facilitating.html", context, status=status)


def _text(request: HttpRequest, side: str) -> str:
    """What is looked for on one side: the words typed, or else the community chosen."""
    asked = request.POST if request.method == "POST" else request.GET
    given = asked.get(f"{side}_text") or asked.get(side) or ""
    return given.replace("\x00", "").strip()


def _shown(text: str, found: Candidates) -> str:
    """What stands in the box: words, never an address."""
    entry = found.of(text)
    return entry.card.name if entry else text


def _choice(request: HttpRequest, side: str, found: Candidates) -> Entry | None:
    """Who is chosen among those found; the only one is."""
    chosen = found.of(request.POST.get(side, ""))
    return chosen or (found.entries[0] if len(found.entries) == 1 else None)


def _fit(chosen: dict[str, Entry | None]) -> tuple[CommunityPair | None, bool]:
    """What the two chosen would get from each other, and whether that is still being gathered."""
    first, second = (chosen[side] for side in SIDES)
    if first is None or second is None or first.card.pk == second.card.pk:
        return None, False
    try:
        return pair_of(first.card.pk, second.card.pk, now=timezone.now()), False
    except StillGathering:
        return None, True


def _mine(request: HttpRequest, person: Person) -> dict[str, Any]:
    """The introductions of this facilitator, newest first, in pages."""
    page = Paginator(facilitated_by(person), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    cards = bare_cards_of(side for one in shown for side in (one.a_id, one.b_id)) if shown else {}
    lines = [
        {
            "pk": one.pk,
            "left": shown_to(one, one.a_id, cards[one.a_id]),
            "right": shown_to(one, one.b_id, cards[one.b_id]),
            "introduction": one,
        }
        for one in shown
    ]
    return {"page": page, "lines": lines}
