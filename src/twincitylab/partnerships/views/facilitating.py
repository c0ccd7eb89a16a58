"""A facilitator introduces two communities and sits in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import require_facilitator
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.forms import ProposalForm, new_key, writing_language
from twincitylab.partnerships.operations.proposing import facilitate
from twincitylab.partnerships.queries.candidates import candidates
from twincitylab.partnerships.queries.introductions import bare_cards_of, facilitated_by
from twincitylab.partnerships.views.asking import signed_in

UNPROCESSABLE = 422
MOST_LISTED = 50


@never_cache
@login_required
def facilitating(request: HttpRequest) -> HttpResponse:
    """``/facilitate/?first=&second=``: find two communities, write to both, and see what came of it."""
    person = require_facilitator(signed_in(request))
    asked = request.POST if request.method == "POST" else request.GET
    texts = {side: asked.get(side, "").replace("\x00", "").strip() for side in ("first", "second")}
    if request.method != "POST":
        return _page(request, texts=texts)
    form = ProposalForm(request.POST, languages=())
    first, second = (
        reachable_by(person).filter(slug=texts[side]).first() if texts[side] else None
        for side in ("first", "second")
    )
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
    return _page(request, texts=texts, form=form, status=UNPROCESSABLE)


def _page(
    request: HttpRequest, *, texts: dict[str, str], form: ProposalForm | None = None, status: int = 200
) -> HttpResponse:
    person = signed_in(request)
    shown = list(facilitated_by(person)[:MOST_LISTED])
    cards = bare_cards_of(side for one in shown for side in (one.a_id, one.b_id))
    context = {
        "sides": [
            {
                "name": side,
                "label": label,
                "text": texts[side],
                "found": candidates(texts[side], person=person),
            }
            for side, label in (("first", _("One side")), ("second", _("The other side")))
        ],
        "is_ready": bool(texts["first"] and texts["second"]),
        "form": form or ProposalForm(initial={"language": writing_language(), "form_key": new_key()}),
        "lines": [
            {"pk": one.pk, "left": cards[one.a_id], "right": cards[one.b_id], "introduction": one}
            for one in shown
        ],
    }
    return render(request, "partnerships/facilitating.html", context, status=status)
