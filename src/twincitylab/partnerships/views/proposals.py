"""What binds: the list, one proposal with every answer to it, and proposing or changing one."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.models import Person
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import ProposalKind, ProposalState, Stage
from twincitylab.partnerships.forms import new_key, writing_language
from twincitylab.partnerships.forms.proposals import (
    FORMS,
    AnswerForm,
    MatterForm,
    NewSideForm,
    ObjectionForm,
    TwinningForm,
)
from twincitylab.partnerships.models import Proposal
from twincitylab.partnerships.operations import consenting
from twincitylab.partnerships.operations.consenting import OneIsOpen, VersionChanged
from twincitylab.partnerships.operations.pairs import Overtaken
from twincitylab.partnerships.queries.claiming import claimable_pairs, facts_known
from twincitylab.partnerships.queries.proposals import (
    EDITABLE,
    ProposalPage,
    gone_from,
    invited_workspace,
    proposal_page,
    proposals_of,
    shows_agreement,
)
from twincitylab.partnerships.queries.workspaces import Workspace, workspace
from twincitylab.partnerships.rules.consent import NEXT_STAGES
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered

UNPROCESSABLE, CONFLICT = 422, 409


@never_cache
@login_required
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/proposals/``: what is proposed and decided, and what can be proposed."""
    inside = entered(request, slug)
    context = {
        "workspace": inside,
        "here": "proposals",
        "lines": proposals_of(inside),
        "kinds": possible_kinds(inside) if inside.may_bind else [],
        "gone": [one for one in inside.others if one.pk in gone_from(inside)],
    }
    return render(request, "partnerships/proposals.html", context)


@never_cache
@login_required
def proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/partnerships/<slug>/proposals/<pk>/``"""
    inside, found, is_invited = _found(request, slug, pk)
    return _page(request, inside, found, is_invited=is_invited)


@never_cache
@login_required
@require_POST
def say_yes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/yes/``: our side's yes to exactly the version that was read."""
    inside, found, is_invited = _found(request, slug, pk)
    form = AnswerForm(request.POST)

    def change() -> Proposal:
        return consenting.consent(
            proposal=found.proposal,
            side=inside.ours.side,
            number=form.cleaned_data["number"],
            digest=form.cleaned_data["digest"],
            by=signed_in(request),
            now=timezone.now(),
        )

    if not form.is_valid():
        return _page(request, inside, found, is_invited=is_invited, status=UNPROCESSABLE)
    return _changed(request, inside, found, change, is_invited=is_invited)


@never_cache
@login_required
@require_POST
def object_to_it(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/object/``: what stands in the way."""
    inside, found, is_invited = _found(request, slug, pk)
    form = ObjectionForm(request.POST)

    def change() -> Proposal:
        return consenting.object_to(
            proposal=found.proposal,
            side=inside.ours.side,
            number=form.cleaned_data["number"],
            digest=form.cleaned_data["digest"],
            reason=form.cleaned_data["reason"],
            by=signed_in(request),
            now=timezone.now(),
        )

    if not form.is_valid():
        return _page(request, inside, found, is_invited=is_invited, objection=form, status=UNPROCESSABLE)
    return _changed(request, inside, found, change, is_invited=is_invited, objection=form)


@never_cache
@login_required
@require_POST
def withdraw_it(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/withdraw/``: whoever proposed takes it back."""
    inside, found, is_invited = _found(request, slug, pk)

    def change() -> Proposal:
        return consenting.withdraw(
            proposal=found.proposal, side=inside.ours.side, by=signed_in(request), now=timezone.now()
        )

    return _changed(request, inside, found, change, is_invited=is_invited)


@never_cache
@login_required
def propose(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """``…/proposals/new/<kind>/``: the form of one kind, and the proposal."""
    inside = entered(request, slug, least=Standing.STEWARD)
    if kind not in FORMS:
        raise Http404
    if not inside.may_bind:
        raise PermissionDenied(_("Everything stays readable here, and nothing changes any more."))
    person = signed_in(request)
    if request.method != "POST":
        form = _new_form(kind, inside, chosen=request.GET)
        return _form_page(request, inside, form)
    form = _form(kind, inside, data=request.POST)
    if not form.is_valid() or not _community_found(form, person):
        return _form_page(request, inside, form, status=UNPROCESSABLE)
    try:
        made = consenting.propose(
            partnership=inside.partnership,
            side=inside.ours.side,
            kind=kind,
            payload=form.payload,
            reason=form.cleaned_data.get("why", ""),
            language=writing_language(),
            form_key=form.cleaned_data["form_key"],
            by=person,
            now=timezone.now(),
        )
    except OneIsOpen as one:
        return _form_page(request, inside, form, open_one=one.proposal, refusal=one, status=CONFLICT)
    except Refused as refused:
        _tell(form, refused)
        return _form_page(request, inside, form, refusal=refused, status=UNPROCESSABLE)
    return _done(request, inside, made)


@never_cache
@login_required
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/proposals/<pk>/edit/``: another version; what two write at once is shown to the second."""
    inside = entered(request, slug, least=Standing.STEWARD)
    found = proposal_page(inside, pk)
    if found is None:
        raise Http404
    kind = found.proposal.kind
    if kind not in EDITABLE or not (found.may_edit or found.proposal.is_settled):
        raise PermissionDenied
    if request.method != "POST":
        begin = FORMS[kind].begin(found.version.payload)
        initial = {
            **begin,
            "why": found.version.reason,
            "number": found.version.number,
            "form_key": new_key(),
        }
        return _form_page(request, inside, _form(kind, inside, initial=initial), page=found)
    form = _form(kind, inside, data=request.POST)
    if not form.is_valid():
        return _form_page(request, inside, form, page=found, status=UNPROCESSABLE)
    try:
        made = consenting.edit(
            proposal=found.proposal,
            side=inside.ours.side,
            number=form.cleaned_data["number"] or 0,
            payload=form.payload,
            reason=form.cleaned_data.get("why", ""),
            language=writing_language(),
            by=signed_in(request),
            now=timezone.now(),
        )
    except VersionChanged as changed:
        again = request.POST.copy()
        again["number"] = str(found.version.number)
        form = _form(kind, inside, data=again)
        return _form_page(request, inside, form, page=found, refusal=changed, status=CONFLICT)
    except Overtaken as overtaken:
        return _page(request, inside, found, sentence=overtaken.message, status=CONFLICT)
    except Refused as refused:
        _tell(form, refused)
        return _form_page(request, inside, form, page=found, refusal=refused, status=UNPROCESSABLE)
    return _done(request, inside, made)


def possible_kinds(inside: Workspace) -> list[dict[str, str]]:
    """What can be proposed now: its address, its name and what it is about."""
    partnership = inside.partnership
    if partnership.stage == Stage.ENDED:
        return []
    page = _("Publish your page") if not partnership.is_public else _("Hide your page")
    words = {
        ProposalKind.STAGE: (_("Go on to another stage"), _("Active, in review, paused.")),
        ProposalKind.BUDGET: (_("Agree on a budget"), _("What each side gives in a year.")),
        ProposalKind.PUBLISH: (page, _("What everybody can see of your partnership.")),
        ProposalKind.NEW_SIDE: (_("Invite another side"), _("Another community becomes a side like you.")),
        ProposalKind.LEAST_ANSWERS: (
            _("Say how many must answer a check"),
            _("So many people of each side before its result is shown."),
        ),
        ProposalKind.TWINNING: (
            _("Say how your twinning stands"),
            _("Both town halls tell the atlas together."),
        ),
        ProposalKind.ENDING: (_("End it well"), _("With a reason; everything stays readable.")),
    }
    if not claimable_pairs(inside):
        words.pop(ProposalKind.TWINNING)
    if not NEXT_STAGES.get(partnership.stage):
        words.pop(ProposalKind.STAGE)
    return [
        {
            "address": reverse("partnerships:propose", args=[partnership.slug, kind.value]),
            "title": title,
            "about": about,
        }
        for kind, (title, about) in words.items()
    ]


def _found(request: HttpRequest, slug: str, pk: int) -> tuple[Workspace, ProposalPage, bool]:
    """The proposal for a side, or for a community that it would make one."""
    person = signed_in(request)
    as_slug = request.POST.get("as") or request.GET.get("as") or ""
    inside = workspace(slug, person=person, as_slug=as_slug)
    invited = None
    if inside is None or as_slug not in {"", inside.ours.card.slug}:
        invited = invited_workspace(slug, pk, person=person)
    if invited is not None and (inside is None or as_slug == invited.ours.card.slug):
        inside = invited
    found = proposal_page(inside, pk) if inside is not None else None
    if inside is None or found is None:
        raise Http404
    return inside, found, inside is invited


def _changed(
    request: HttpRequest,
    inside: Workspace,
    found: ProposalPage,
    change: Callable[[], Proposal],
    *,
    is_invited: bool,
    objection: ObjectionForm | None = None,
) -> HttpResponse:
    """Make the change and show the page as it is then; a refusal shows it with its sentence."""
    slug, pk = inside.partnership.slug, found.proposal.pk
    try:
        made = change()
    except (Overtaken, VersionChanged) as overtaken:
        try:
            inside, found, is_invited = _found(request, slug, pk)
        except Http404:  # the invitation is over, and nothing of the partnership is to be seen any more
            messages.info(request, overtaken.message)
            return redirect("partnerships:inbox")
        return _page(
            request,
            inside,
            found,
            is_invited=is_invited,
            objection=objection,
            sentence=overtaken.message,
            has_moved=isinstance(overtaken, VersionChanged),
            status=CONFLICT,
        )
    except Refused as refused:
        return _page(
            request,
            inside,
            found,
            is_invited=is_invited,
            objection=objection,
            sentence=refused.message,
            status=UNPROCESSABLE,
        )
    return _done(request, inside, made, is_objection=objection is not None)


def _done(
    request: HttpRequest, inside: Workspace, made: Proposal, *, is_objection: bool = False
) -> HttpResponse:
    still_objected = made.state == ProposalState.OBJECTED and not is_objection  # by another side
    said = {
        ProposalState.EFFECTIVE: _("Every side has said yes: it is in effect now."),
        ProposalState.OPEN: _("Your side has said yes. It takes effect when every side has."),
        ProposalState.OBJECTED: _("The other side reads what stands in the way."),
        ProposalState.WITHDRAWN: _("Withdrawn. Nothing has changed."),
        ProposalState.OVERTAKEN: _("Something else has happened meanwhile, so this is settled."),
    }[ProposalState.OPEN if still_objected else ProposalState(made.state)]
    messages.success(request, said)
    address = reverse("partnerships:proposal", args=[inside.partnership.slug, made.pk])
    return redirect(f"{address}?as={inside.ours.card.slug}")


def _page(
    request: HttpRequest,
    inside: Workspace,
    found: ProposalPage,
    *,
    is_invited: bool = False,
    objection: ObjectionForm | None = None,
    sentence: str = "",
    has_moved: bool = False,
    status: int = 200,
) -> HttpResponse:
    answer = {"number": found.version.number, "digest": found.version.digest}
    form = ObjectionForm(initial=answer)
    if objection is not None:
        form = ObjectionForm({**answer, "reason": objection.data.get("reason", "")})
    frame = "invited" if is_invited else "workspace"
    context = {
        "frame": f"partnerships/{frame}.html",
        "workspace": inside,
        "here": "proposals",
        "page": found,
        "proposal": found.proposal,
        "answer": AnswerForm(initial=answer),
        "objection": form,
        "sentence": sentence,
        "has_moved": has_moved,
        "is_invited": is_invited,
        "shows_agreement": is_invited and shows_agreement(found, inside),
    }
    return render(request, "partnerships/proposal.html", context, status=status)


def _form(
    kind: str,
    inside: Workspace,
    *,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> MatterForm:
    form = FORMS[kind](data, initial=dict(initial or {}), workspace=inside)
    if isinstance(form, TwinningForm):
        form.offer([(f"{a.pk}-{b.pk}", f"{a.name} – {b.name}") for a, b in claimable_pairs(inside)])
    return form


def _new_form(kind: str, inside: Workspace, *, chosen: Mapping[str, Any]) -> MatterForm:
    """The form with what is known already."""
    initial: dict[str, Any] = {"form_key": new_key()}
    partnership = inside.partnership
    if kind == ProposalKind.BUDGET:
        budget = FORMS[kind].begin({**partnership.budget, "currency": partnership.currency})
        initial |= {"year": timezone.now().year, **budget}
    elif kind == ProposalKind.TWINNING:
        pairs = claimable_pairs(inside)
        initial |= TwinningForm.begin(facts_known(*pairs[0])) if pairs else {}
    elif kind == ProposalKind.LEAST_ANSWERS:
        initial["least_answers"] = partnership.least_answers
    elif kind == ProposalKind.AGREEMENT:
        initial["version"] = chosen.get("version", "")
    return _form(kind, inside, initial=initial)


def _community_found(form: MatterForm, person: Person) -> bool:
    """Which community was meant, among those the person can see."""
    if not isinstance(form, NewSideForm):
        return True
    typed = form.cleaned_data["community"].strip().strip("/").rpartition("/")[2]
    found = list(reachable_by(person).filter(slug=typed)[:1])
    found = found or list(reachable_by(person).filter(name__iexact=typed, is_safe_mode=False)[:2])
    if len(found) == 1:
        form.found = found[0].pk
        return True
    many = _("Several communities have this name: write the last part of the address of the one you mean.")
    form.add_error("community", many if found else _("No community of this name can be seen here."))
    return False


def _form_page(
    request: HttpRequest,
    inside: Workspace,
    form: MatterForm,
    *,
    page: ProposalPage | None = None,
    open_one: Proposal | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = bool(refusal and refusal.field in form.fields)
    context = {
        "workspace": inside,
        "here": "proposals",
        "form": form,
        "kind": form.kind,
        "page": page,
        "open_one": open_one,
        "sentence": refusal.message if refusal and not shown else "",
        "is_conflict": isinstance(refusal, VersionChanged),
    }
    return render(request, "partnerships/propose.html", context, status=status)


def _tell(form: MatterForm, refused: Refused) -> None:
    field = (
        "twinning_kind" if form.kind == ProposalKind.TWINNING and refused.field == "kind" else refused.field
    )
    if field in form.fields:
        form.add_error(field, refused.message)
