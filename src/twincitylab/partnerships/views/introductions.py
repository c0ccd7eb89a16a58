"""One introduction, and every answer to it."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.base.cleaning import tell_if_cleaned
from twincitylab.community.models import Community
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import DeclineReason, IntroductionState, IntroductionWay
from twincitylab.partnerships.forms import DeclineForm, NoteForm, new_key, writing_language
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.operations.answering import accept, decline, withdraw, write_note
from twincitylab.partnerships.operations.pairs import Overtaken
from twincitylab.partnerships.queries.introductions import Meeting, meeting
from twincitylab.partnerships.rules.openings import message_language
from twincitylab.partnerships.views.asking import signed_in

UNPROCESSABLE, CONFLICT = 422, 409


@never_cache
@login_required
def introduction(request: HttpRequest, pk: int) -> HttpResponse:
    """``/introductions/<pk>/``: what was proposed, what was asked, and what can be done next."""
    return _page(request, _meeting(request, pk))


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """``/introductions/<pk>/answer/``: yes, we would like to meet."""
    found = _meeting(request, pk)
    side = _side(found)

    def change() -> None:
        accept(introduction=found.introduction, side=side, by=signed_in(request), now=timezone.now())

    return _changed(request, found, change)


@never_cache
@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """``/introductions/<pk>/ask/``: a question before deciding, or the answer to one."""
    found = _meeting(request, pk)
    form = NoteForm(request.POST, languages=_languages(found))

    def change() -> None:
        write_note(
            introduction=found.introduction,
            side=Community(pk=found.us.pk) if found.us else None,
            text=form.cleaned_data["text"],
            language=form.cleaned_data["language"],
            form_key=form.cleaned_data["form_key"],
            by=signed_in(request),
            now=timezone.now(),
        )

    if not form.is_valid():
        return _page(request, found, note_form=form, status=UNPROCESSABLE)
    return _changed(request, found, change, note_form=form)


@never_cache
@login_required
@require_POST
def decline_it(request: HttpRequest, pk: int) -> HttpResponse:
    """``/introductions/<pk>/decline/``: a kind no, with its reason."""
    found = _meeting(request, pk)
    side = _side(found)
    form = DeclineForm(request.POST)

    def change() -> None:
        decline(
            introduction=found.introduction,
            side=side,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            by=signed_in(request),
            now=timezone.now(),
        )

    if not form.is_valid():
        return _page(request, found, decline_form=form, status=UNPROCESSABLE)
    return _changed(request, found, change, decline_form=form)


@never_cache
@login_required
@require_POST
def withdraw_it(request: HttpRequest, pk: int) -> HttpResponse:
    """``/introductions/<pk>/withdraw/``: whoever proposed takes it back."""
    found = _meeting(request, pk)

    def change() -> None:
        side = Community(pk=found.us.pk) if found.us else None
        withdraw(introduction=found.introduction, side=side, by=signed_in(request), now=timezone.now())

    return _changed(request, found, change)


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    as_slug = request.POST.get("as") or request.GET.get("as") or ""
    found = meeting(pk, reader=signed_in(request), as_slug=as_slug, now=timezone.now())
    if found is None:
        raise Http404
    return found


def _side(found: Meeting) -> Community:
    """The side the reader acts for; the facilitator answers for nobody."""
    if found.us is None:
        raise PermissionDenied
    return Community(pk=found.us.pk)


def _changed(
    request: HttpRequest,
    found: Meeting,
    change: Callable[[], None],
    *,
    note_form: NoteForm | None = None,
    decline_form: DeclineForm | None = None,
) -> HttpResponse:
    """Make the change and show the page as it is then; a refusal shows it with its sentence."""
    try:
        change()
    except Overtaken as overtaken:
        now_found = _meeting(request, found.introduction.pk)
        return _page(request, now_found, note_form=note_form, sentence=overtaken.message, status=CONFLICT)
    except Refused as refused:
        form = note_form or decline_form
        if form is not None and refused.field in form.fields:
            form.add_error(refused.field, refused.message)
        return _page(
            request,
            found,
            note_form=note_form,
            decline_form=decline_form,
            sentence=refused.message,
            status=UNPROCESSABLE,
        )
    tell_if_cleaned(request)
    return redirect("partnerships:introduction", found.introduction.pk)


def _page(
    request: HttpRequest,
    found: Meeting,
    *,
    note_form: NoteForm | None = None,
    decline_form: DeclineForm | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    introduction = found.introduction
    if found.may_write and note_form is None:
        note_form = NoteForm(
            initial={"language": _note_language(found), "form_key": new_key()}, languages=_languages(found)
        )
    context = {
        "meeting": found,
        "introduction": introduction,
        "is_facilitated": introduction.way == IntroductionWay.FACILITATED,
        "is_mutual": introduction.way == IntroductionWay.MUTUAL,
        "is_ours": bool(found.us) and introduction.proposer_id == (found.us.pk if found.us else 0),
        "is_declined": introduction.state == IntroductionState.DECLINED,
        "declined_by_us": bool(found.us) and introduction.declined_by_id == (found.us.pk if found.us else 0),
        "reason": (DeclineReason(introduction.decline_reason).label if introduction.decline_reason else ""),
        "note_form": note_form,
        "decline_form": decline_form or DeclineForm(),
        "sentence": sentence,
        "over": _over(introduction, now=timezone.now()),
    }
    return render(request, "partnerships/introduction.html", context, status=status)


def _over(introduction: Introduction, *, now: dt.datetime) -> str:
    return IntroductionState.EXPIRED if introduction.is_overdue(now=now) else introduction.state


def _languages(found: Meeting) -> tuple[str, ...]:
    return (*found.left.languages, *found.right.languages)


def _note_language(found: Meeting) -> str:
    """The language of the last note, or else the one that suits both sides."""
    if found.us is None:
        return writing_language()
    if found.notes:
        return found.notes[-1].language
    return message_language(found.us.languages, found.them.languages, mine=writing_language())
