"""Inviting people into a community, and the page behind an invitation."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.base.mail import absolute
from twincitylab.community.forms.invitations import InvitationForm
from twincitylab.community.models import Community, Invitation
from twincitylab.community.operations.invitations import accept_invitation, invite, revoke_invitation
from twincitylab.community.queries.cards import card
from twincitylab.community.queries.invitations import invitation_of, open_invitations
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.invitations import token_of, trouble_with
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.reaching import asker, reached, require_person

GONE = 410


@never_cache
@login_required
def invitations(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/invitations/``: those that are open, and a form for another one."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    person = require_person(request)
    if request.method != "POST":
        form = InvitationForm(language=person.language)
        return _page(request, community, form=form, link=_link_made(request, community))
    form = InvitationForm(request.POST, language=person.language)
    if form.is_valid():
        values = form.cleaned_data
        wishes = {name: values[name] for name in ("role", "email", "language", "uses", "days")}
        try:
            invite(community=community, form_key=form.key, by=person, now=timezone.now(), **wishes)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            there = reverse("community:invitations", args=[community.slug])
            if values["email"]:
                messages.success(request, _("The invitation is on its way to %(email)s.") % values)
                return redirect(there)
            return redirect(f"{there}?made={form.key}")
    return _page(request, community, form=form, status=422)


@require_POST
@login_required
def revocation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/communities/<slug>/invitations/<pk>/revocation/``"""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    invitation = get_object_or_404(Invitation.objects.select_related("community"), pk=pk, community=community)
    revoke_invitation(invitation=invitation, by=require_person(request), now=timezone.now())
    messages.success(request, _("The invitation is taken back: it opens nothing any more."))
    return redirect("community:invitations", community.slug)


@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """``/join/<token>/``: who invites, and to what; the seat is taken by a POST."""
    invitation = invitation_of(token)
    if invitation is None:
        raise Http404
    if request.method != "POST":
        return _join_page(
            request, invitation, problem=trouble_with(invitation, now=timezone.now()), status=GONE
        )
    person = asker(request)
    if person is None:
        return redirect_to_login(request.path)
    try:
        accept_invitation(invitation=invitation, by=person, now=timezone.now())
    except Refused as refused:
        return _join_page(request, invitation, problem=refused.message, status=422)
    shown = card(invitation.community)
    messages.success(request, _("Welcome! You belong to %(name)s now.") % {"name": shown.name})
    return redirect("community:community", shown.slug)


def _join_page(request: HttpRequest, invitation: Invitation, *, problem: str, status: int) -> HttpResponse:
    """What no longer opens anything tells nothing of the community either."""
    is_open = not trouble_with(invitation, now=timezone.now())
    maker = invitation.made_by
    context = {
        "problem": problem,
        "card": card(invitation.community) if is_open else None,
        "inviter": maker.name if maker and not invitation.community.is_safe_mode else "",
        "role": invitation.get_role_display(),
        "is_for_steward": invitation.role == "steward",
        "expires_at": invitation.expires_at,
    }
    response = render(request, "community/join.html", context, status=status if problem else 200)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _link_made(request: HttpRequest, community: Community) -> str:
    """The link that the form before has made; nobody but its maker can have it shown again."""
    try:
        key = uuid.UUID(request.GET.get("made", ""))
    except ValueError:
        return ""
    token = token_of(key, community=community, by=require_person(request))
    invitation = invitation_of(token)
    if invitation is None or trouble_with(invitation, now=timezone.now()):
        return ""
    return absolute(reverse("community:join", args=[token]))


def _page(
    request: HttpRequest, community: Community, *, form: InvitationForm, link: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "card": card(community),
        "form": form,
        "link": link,
        "open": open_invitations(community, now=timezone.now()),
        "is_closed": community.closed_at is not None,
    }
    return render(request, "community/invitations.html", context, status=status)
