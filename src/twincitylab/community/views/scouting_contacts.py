"""One contact of the actor map: added, edited, asked, invited, removed."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twincitylab.community.forms.scouting import ContactForm, InvitationForm
from twincitylab.community.models import Community, Contact
from twincitylab.community.operations.scouting import (
    ChangedMeanwhile,
    add_contact,
    change_contact,
    record_asked_further,
    record_consent,
    remove_contact,
)
from twincitylab.community.operations.scouting_invitations import invite_contact, trouble_with_inviting
from twincitylab.community.queries.scouting import actor, actors_of, districts_of, mentioned_in_notes
from twincitylab.community.rules.invitations import token_of
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.rules.scouting_actors import Actor, rows
from twincitylab.community.views.reaching import require_person
from twincitylab.community.views.scouting import for_stewards, scouting_page

CONFLICT = 409

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@for_stewards
@get_or_post
def contact_new(request: HttpRequest, community: Community) -> HttpResponse:
    """``/communities/<slug>/scouting/contacts/new/``"""
    everybody = actors_of(community)
    if request.method != "POST":
        form = ContactForm(others=everybody)
        form.suggest(request.GET.dict())
        return _form_page(request, community, form)
    form = ContactForm(request.POST, others=everybody)
    if form.is_valid():
        try:
            made = add_contact(
                community, facts=form.facts, form_key=form.key, by=require_person(request), now=timezone.now()
            )
        except Refused as refused:
            _blame(form, refused)
        else:
            messages.success(request, _("%(name)s is on the map.") % {"name": made.name})
            return redirect("community:scouting-contact", community.slug, made.pk)
    return _form_page(request, community, form, status=422)


@for_stewards
@get_or_post
def contact(request: HttpRequest, community: Community, pk: int) -> HttpResponse:
    """``/communities/<slug>/scouting/contacts/7/``: what is known of it, to read and to change."""
    found = _contact(community, pk)
    everybody = actors_of(community)
    others = [other for other in everybody if other.pk != pk]
    if request.method != "POST":
        form = ContactForm(others=others, contact=found)
        return _form_page(request, community, form, contact=found, everybody=everybody)
    form = ContactForm(request.POST, others=others, contact=found)
    if form.is_valid():
        try:
            change_contact(
                found, facts=form.facts, seen=form.opened_at, by=require_person(request), now=timezone.now()
            )
        except ChangedMeanwhile as changed:
            differences = form.opened_again(changed.stored)
            return _form_page(
                request,
                community,
                form,
                contact=changed.stored,
                everybody=everybody,
                status=CONFLICT,
                changed=differences,
            )
        except Refused as refused:
            _blame(form, refused)
        else:
            messages.success(request, _("Your changes are kept."))
            return redirect("community:scouting-contact", community.slug, pk)
    return _form_page(request, community, form, contact=found, everybody=everybody, status=422)


@for_stewards
@require_POST
def asked_further(request: HttpRequest, community: Community, pk: int) -> HttpResponse:
    """``/communities/<slug>/scouting/contacts/7/asked/``: asked today whom else to talk to."""
    try:
        record_asked_further(_contact(community, pk), by=require_person(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Kept. Whom did they name? Add them here."))
    return redirect("community:scouting-contact", community.slug, pk)


@for_stewards
@require_POST
def consent(request: HttpRequest, community: Community, pk: int) -> HttpResponse:
    """``/communities/<slug>/scouting/contacts/7/consent/``: what they said today."""
    answer = request.POST.get("consent", "")
    try:
        record_consent(
            _contact(community, pk), consent=answer, by=require_person(request), now=timezone.now()
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The answer is kept with today's date."))
    way = "community:scouting-invitation" if "invite" in request.POST else "community:scouting-contact"
    return redirect(way, community.slug, pk)


@for_stewards
@get_or_post
def invitation(request: HttpRequest, community: Community, pk: int) -> HttpResponse:
    """``/communities/<slug>/scouting/contacts/7/invitation/``: a way into the community, by mail or link."""
    found = _contact(community, pk)
    if request.method != "POST":
        return _invitation_page(request, community, found, InvitationForm(contact=found))
    form = InvitationForm(request.POST)
    if form.is_valid():
        email, person = form.cleaned_data["email"], require_person(request)
        try:
            invite_contact(
                found,
                email=email,
                language=get_language() or "en",
                form_key=form.key,
                by=person,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            token = token_of(form.key, community=community, by=person)
            link = request.build_absolute_uri(reverse("community:join", args=[token]))
            return _invitation_page(
                request, community, found, form, sent_to=email, link="" if email else link
            )
    return _invitation_page(request, community, found, form, status=422)


@for_stewards
@get_or_post
def removal(request: HttpRequest, community: Community, pk: int) -> HttpResponse:
    """``/communities/<slug>/scouting/contacts/7/removal/``: forget the contact wholly."""
    found = _contact(community, pk)
    if request.method != "POST":
        recommended = found.recommends.order_by("name", "pk")
        context = {"contact": found, "recommended": recommended, "mentions": mentioned_in_notes(found)}
        return scouting_page(request, community, "removal", context)
    try:
        remove_contact(found, by=require_person(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The contact is removed; nothing of it is kept."))
    return redirect("community:scouting", community.slug)


def _contact(community: Community, pk: int) -> Contact:
    return get_object_or_404(
        Contact.objects.select_related("community", "invitation"), pk=pk, community=community
    )


def _blame(form: ContactForm, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def _form_page(
    request: HttpRequest,
    community: Community,
    form: ContactForm,
    *,
    contact: Contact | None = None,
    everybody: Sequence[Actor] = (),
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context: dict[str, object] = {"form": form, "districts": districts_of(community), **more}
    if contact is not None:
        row = rows([actor(contact)], among=everybody)[0]
        recommended = [other for other in everybody if other.recommended_by == contact.pk]
        context |= {"contact": contact, "row": row, "recommended": recommended}
    return scouting_page(request, community, "contact", context, status=status)


def _invitation_page(
    request: HttpRequest,
    community: Community,
    contact: Contact,
    form: InvitationForm,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {"contact": contact, "form": form, "trouble": trouble_with_inviting(contact), **more}
    return scouting_page(request, community, "invitation", context, status=status)
