"""“This is our twinning”: where town halls begin to say together how their twinning stands."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.atlas.models import City
from twincitylab.atlas.queries import require_atlas, resolve_city, twinning_between
from twincitylab.community.models import Community
from twincitylab.community.queries.cards import CommunityCard, card
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.forms import ProposalForm, new_key, writing_language
from twincitylab.partnerships.models import Partnership
from twincitylab.partnerships.operations.proposing import propose
from twincitylab.partnerships.queries.claiming import partnership_between, town_halls_of, town_halls_seen
from twincitylab.partnerships.rules.openings import message_language, page_language
from twincitylab.partnerships.rules.proposing import HaveMet
from twincitylab.partnerships.views.asking import signed_in

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Meeting:
    """A town hall of ours and one of the other city; ``partnership`` where they have one already."""

    us: Community
    our_card: CommunityCard
    them: CommunityCard
    partnership: Partnership | None
    is_ours_first: bool = True
    """Whether ours is the town hall of the city that the address names first: cities keep their shores."""

    @property
    def first(self) -> CommunityCard:
        return self.our_card if self.is_ours_first else self.them

    @property
    def second(self) -> CommunityCard:
        return self.them if self.is_ours_first else self.our_card

    @property
    def is_ready(self) -> bool:
        """Whether a facilitator knows both."""
        return self.our_card.is_verified and self.them.is_verified


@never_cache
@login_required
def claim(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """``/pairs/<slug>/<other>/claim/``: the way from a twinning in the atlas to the partnership that owns it.

    Two town halls that have met propose it in their partnership; two that have not are introduced first, as
    everybody is: the other one reads why, and says yes or no.
    """
    require_atlas()
    a, b = resolve_city(slug), resolve_city(other)
    if (a.slug, b.slug) != (slug, other):
        return redirect("partnerships:claim", a.slug, b.slug)
    person = signed_in(request)
    mine, here, there = town_halls_of(person, a), a, b
    if not mine:
        mine, here, there = town_halls_of(person, b), b, a
    others = [] if a.pk == b.pk else town_halls_seen(person, there)
    meetings = [
        Meeting(us, card(us), them, partnership_between(us.pk, them.pk), is_ours_first=here.pk == a.pk)
        for us in mine
        for them in others
    ]
    context: dict[str, Any] = {
        "a": a,
        "b": b,
        "here": here,
        "there": there,
        "mine": [card(one) for one in mine],
        "meetings": meetings,
        "twinning": twinning_between(a, b),
        "form": None,
    }
    chosen = next((one for one in meetings if one.partnership is None and one.is_ready), None)
    status = 200
    if chosen is not None and not any(one.partnership for one in meetings):
        if request.method == "POST":
            answer = _introduced(request, chosen)
            if isinstance(answer, HttpResponse):
                return answer
            context["form"], status = answer, UNPROCESSABLE
        else:
            context["form"] = _first_form(chosen, here=here, there=there)
        context["chosen"] = chosen
    return render(request, "partnerships/claim.html", context, status=status)


def _introduced(request: HttpRequest, meeting: Meeting) -> HttpResponse | ProposalForm:
    """The introduction that was proposed, or the form with what is wrong with it."""
    languages = (*meeting.them.languages, *meeting.our_card.languages)
    form = ProposalForm(request.POST, languages=languages)
    if not form.is_valid():
        return form
    try:
        made = propose(
            community=meeting.us,
            other=Community.objects.get(pk=meeting.them.pk),
            message=form.cleaned_data["message"],
            language=form.cleaned_data["language"],
            form_key=form.cleaned_data["form_key"],
            by=signed_in(request),
            now=timezone.now(),
        )
    except HaveMet as met:
        return redirect("partnerships:introduction", met.introduction_pk)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return form
    return redirect("partnerships:introduction", made.pk)


def _first_form(meeting: Meeting, *, here: City, there: City) -> ProposalForm:
    ours, theirs = meeting.our_card.languages, meeting.them.languages
    language = message_language(ours, theirs, mine=writing_language())
    with translation.override(page_language(language) or translation.get_language()):
        words = _(
            "Hello %(them)s, our cities %(theirs)s and %(ours)s are twinned. We would like to look after "
            "this twinning together with you here, at eye level, and to say in the atlas how it stands. "
            "Will you join us?"
        ) % {"them": meeting.them.name, "theirs": there.name, "ours": here.name}
    return ProposalForm(
        initial={"message": words, "language": language, "form_key": new_key()},
        languages=(*theirs, *ours),
    )
