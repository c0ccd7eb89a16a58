"""The demonstration: what it is, whose place one may take, and the mails that would have been sent."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from twincitylab.base.mail import goes_to_files
from twincitylab.community.models import Membership, Person
from twincitylab.community.queries.cards import CommunityCard, card, with_card_facts
from twincitylab.community.queries.visible import reachable_by
from twincitylab.partnerships.queries.workspaces import published
from twincitylab.web.kept_mails import newest_mails

MOST_MAILS = 20
ADDRESSES = "@example.org"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

# Whose place a newcomer may take, and what there is to see from it.
ROLES: dict[str, Promise] = {
    "karlsruhe-town-hall": _("Steward of a town hall: proposals from three cities wait in the inbox."),
    "karlsruhe-makerspace": _(
        "Steward of a makerspace that has met one in Nairobi and hears from one in Pune."
    ),
    "nairobi-makerspace": _("Steward of the makerspace on the other side."),
    "medellin-town-hall": _("Steward of a town hall whose proposal was answered with a question."),
    "dakar-choir-2": _("Member of a choir: sees everything of it and decides nothing."),
    "amman-water": _("Steward of a water initiative that has found its counterpart."),
    "valencia-irrigators": _("Steward of its counterpart: an agreement waits for their yes."),
    "gdansk-town-hall": _("Steward of a town hall whose partnership has fallen silent."),
    "chengdu-community": _("Steward of a neighbourhood that is asked how many will come."),
    "facilitator": _("Facilitator: verifies communities and introduces two sides to each other."),
}


@dataclass(frozen=True)
class Part:
    """Somebody invented whose place one may take."""

    person: Person
    sentence: Promise
    community: CommunityCard | None


@never_cache
@require_safe
def demonstration(request: HttpRequest) -> HttpResponse:
    """``/demonstration/``: only in a demonstration."""
    _only_in_a_demonstration()
    parts = _parts()
    addresses = _invented().filter(email__endswith=ADDRESSES).values_list("email", flat=True)
    context = {
        "parts": parts,
        "start": next((part.community for part in parts if part.community), None),
        "partnership": published().filter(is_demonstration=True).order_by("created_at", "pk").first(),
        "mails_are_files": goes_to_files(),
        "mails": newest_mails(Path(settings.MAIL_FOLDER), to=list(addresses), most=MOST_MAILS),
    }
    return render(request, "web/demonstration.html", context)


@require_POST
def sign_in_as(request: HttpRequest, pk: int) -> HttpResponse:
    """``/demonstration/7/``: take the place of somebody invented; never of somebody real."""
    _only_in_a_demonstration()
    person = _invented().filter(pk=pk).first()
    if person is None:
        raise Http404
    login(request, person, backend=_BACKEND)
    return redirect("community:me")


def _only_in_a_demonstration() -> None:
    if not settings.DEMONSTRATION:
        raise Http404


def _invented() -> QuerySet[Person]:
    """Those whom anybody may be: never with rights beyond the demonstration."""
    return Person.objects.filter(is_demonstration=True, is_active=True, is_staff=False, is_superuser=False)


def _parts() -> list[Part]:
    wanted = {f"demo.{key}{ADDRESSES}": sentence for key, sentence in ROLES.items()}
    people = {person.email: person for person in _invented().filter(email__in=wanted)}
    seats = Membership.objects.filter(person__in=people.values()).order_by("-pk")
    of = dict(seats.values_list("person_id", "community_id"))
    shown = with_card_facts(reachable_by(None).filter(pk__in=of.values()))
    cards = {community.pk: card(community) for community in shown}
    return [
        Part(people[email], sentence, cards.get(of.get(people[email].pk, 0)))
        for email, sentence in wanted.items()
        if email in people
    ]
