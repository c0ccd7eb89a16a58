"""The agreement: what stands in it, writing it together, comparing its versions, and the paper to sign."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.base.documents import render_pdf
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import ProposalKind, Stage
from twincitylab.partnerships.forms import new_key
from twincitylab.partnerships.forms.agreement import AgreementForm, first_values, merged, with_words
from twincitylab.partnerships.models import AgreementVersion
from twincitylab.partnerships.operations.agreeing import WrittenMeanwhile, save_agreement
from twincitylab.partnerships.queries.agreements import (
    for_signature,
    languages_of,
    newest_version,
    version_of,
    versions_of,
    what_differs,
)
from twincitylab.partnerships.queries.proposals import proposals_of
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.templatetags.partnerships import partnership_name
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered

UNPROCESSABLE, CONFLICT = 422, 409
PAPER = Path(__file__).parent.parent / "templates" / "partnerships" / "agreement.typ"


@never_cache
@login_required
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/agreement/``: the version in force, or else the newest draft; all versions."""
    inside = entered(request, slug)
    newest = newest_version(inside)
    return _version_page(request, inside, inside.partnership.agreement or newest, newest=newest)


@never_cache
@login_required
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``…/agreement/<number>/``: one version."""
    inside = entered(request, slug)
    return _version_page(request, inside, _existing(inside, number), newest=newest_version(inside))


@never_cache
@login_required
def compare(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponse:
    """``…/agreement/<before>/<after>/``: what differs between any two versions, word by word."""
    inside = entered(request, slug)
    old = _existing(inside, before) if before else None
    new = _existing(inside, after)
    context = {
        "workspace": inside,
        "here": "agreement",
        "before": before,
        "after": new,
        "differences": what_differs(old, new),
        "versions": versions_of(inside),
    }
    return render(request, "partnerships/agreement_compare.html", context)


@never_cache
@login_required
def chosen(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/agreement/compare/?before=1&after=3``: from the form of the list to the comparison."""
    inside = entered(request, slug)
    numbers = [request.GET.get(name, "") for name in ("before", "after")]
    if not all(number.isdecimal() and len(number) < 7 for number in numbers):
        return redirect("partnerships:agreement", inside.partnership.slug)
    before, after = (int(number) for number in numbers)
    return redirect("partnerships:agreement-compare", inside.partnership.slug, before, after)


@never_cache
@login_required
def paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``…/agreement/<number>.pdf``: for signature."""
    inside = entered(request, slug)
    found = _existing(inside, number)
    data = for_signature(found, inside, title=partnership_name(inside))
    made = render_pdf(PAPER.read_text(encoding="utf-8"), data)
    name = f"agreement-{inside.partnership.slug}-{found.number}.pdf"
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@never_cache
@login_required
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/agreement/write/``: a new version; what two write at once is merged, and shown to the second."""
    inside = entered(request, slug)
    newest = newest_version(inside)
    languages = languages_of(inside, newest)
    if request.method != "POST":
        initial = {**first_values(newest), "form_key": new_key()}
        return _form_page(request, inside, AgreementForm(initial=initial, languages=languages))
    typed = {key: request.POST[key] for key in request.POST}
    if "use" in typed:
        filled = with_words(typed, which=typed["use"], languages=languages)
        return _form_page(request, inside, AgreementForm(initial=filled, languages=languages))
    form = AgreementForm(request.POST, languages=languages)
    if not form.is_valid():
        return _form_page(request, inside, form, status=UNPROCESSABLE)
    try:
        made = save_agreement(
            partnership=inside.partnership,
            side=inside.ours.side,
            articles=form.texts,
            review_on=form.cleaned_data["review_on"],
            runs_until=form.cleaned_data["runs_until"],
            base=form.cleaned_data["base"],
            form_key=form.cleaned_data["form_key"],
            by=signed_in(request),
            now=timezone.now(),
        )
    except WrittenMeanwhile as told:
        return _clash_page(request, inside, form, typed, theirs=told.current)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _form_page(request, inside, form, status=UNPROCESSABLE)
    messages.success(request, _("Saved. It binds when every side has said yes to this version."))
    return redirect("partnerships:agreement-version", inside.partnership.slug, made.number)


def _clash_page(
    request: HttpRequest,
    inside: Workspace,
    form: AgreementForm,
    typed: dict[str, Any],
    *,
    theirs: AgreementVersion,
) -> HttpResponse:
    base = version_of(inside, form.cleaned_data["base"])
    languages = languages_of(inside, base, theirs)
    both = merged(typed, base=base, theirs=theirs, languages=languages)
    again = AgreementForm(initial={**both, "form_key": new_key()}, languages=languages)
    return _form_page(
        request, inside, again, differences=what_differs(base, theirs), theirs=theirs, status=CONFLICT
    )


def _form_page(
    request: HttpRequest,
    inside: Workspace,
    form: AgreementForm,
    *,
    differences: tuple[Any, ...] = (),
    theirs: AgreementVersion | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "workspace": inside,
        "here": "agreement",
        "form": form,
        "differences": differences,
        "theirs": theirs,
    }
    return render(request, "partnerships/agreement_write.html", context, status=status)


def _version_page(
    request: HttpRequest,
    inside: Workspace,
    shown: AgreementVersion | None,
    *,
    newest: AgreementVersion | None,
) -> HttpResponse:
    partnership = inside.partnership
    open_one = next(
        (
            line
            for line in proposals_of(inside, only_living=True)
            if line.proposal.kind == ProposalKind.AGREEMENT
        ),
        None,
    )
    is_in_force = shown is not None and shown.pk == partnership.agreement_id
    is_over = partnership.stage == Stage.ENDED
    context = {
        "workspace": inside,
        "here": "agreement",
        "version": shown,
        "newest": newest,
        "is_in_force": is_in_force,
        "versions": versions_of(inside),
        "open_one": open_one,
        "may_write": inside.may_write and not is_over,
        "may_propose": inside.may_bind and not is_over and not is_in_force and open_one is None,
        "is_review_due": is_in_force
        and shown is not None
        and shown.is_review_due(today=timezone.now().date()),
    }
    return render(request, "partnerships/agreement.html", context)


def _existing(inside: Workspace, number: int) -> AgreementVersion:
    found = version_of(inside, number)
    if found is None:
        raise Http404
    return found
