"""Talking: threads, and the messages of one."""

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.forms.talk import MessageForm, ThreadForm, empty_message, empty_thread, tongues
from twincitylab.partnerships.models import Thread
from twincitylab.partnerships.operations.talking import say, start_thread
from twincitylab.partnerships.queries.talk import messages_of, said, thread_in, threads
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered, writing

UNPROCESSABLE = 422


@never_cache
@login_required
def talk(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/talk/``: the threads, and a new one."""
    if request.method != "POST":
        return _threads_page(request, entered(request, slug))
    workspace = writing(request, slug)
    form = ThreadForm(request.POST, languages=tongues(workspace))
    if form.is_valid():
        try:
            thread = start_thread(
                partnership=workspace.partnership,
                side=workspace.ours.side,
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                form_key=form.cleaned_data["form_key"],
                by=signed_in(request),
                now=timezone.now(),
            )
        except Refused as refused:
            tell(form, refused)
        else:
            return redirect("partnerships:thread", slug, thread.pk)
    return _threads_page(request, workspace, form=form, status=UNPROCESSABLE)


@never_cache
@login_required
def thread(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/partnerships/<slug>/talk/<pk>/``: the last page of the talk, and a new message."""
    is_writing = request.method == "POST"
    workspace = writing(request, slug) if is_writing else entered(request, slug)
    found = thread_in(workspace, pk)
    if found is None:
        raise Http404
    if not is_writing:
        return _thread_page(request, workspace, found)
    form = MessageForm(request.POST, languages=tongues(workspace))
    if form.is_valid():
        try:
            message = say(
                thread=found,
                side=workspace.ours.side,
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                form_key=form.cleaned_data["form_key"],
                by=signed_in(request),
                now=timezone.now(),
            )
        except Refused as refused:
            tell(form, refused)
        else:
            answer = redirect("partnerships:thread", slug, pk)
            answer.headers["Location"] += f"#m{message.pk}"
            return answer
    return _thread_page(request, workspace, found, form=form, status=UNPROCESSABLE)


def tell(form: Form, refused: Refused) -> None:
    """Put a refusal to the field it is about."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def _threads_page(
    request: HttpRequest, workspace: Workspace, *, form: ThreadForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "workspace": workspace,
        "here": "talk",
        "threads": threads(workspace, page=request.GET.get("page", "")),
        "form": form or (empty_thread(workspace) if workspace.may_write else None),
    }
    return render(request, "partnerships/talk.html", context, status=status)


def _thread_page(
    request: HttpRequest,
    workspace: Workspace,
    thread: Thread,
    *,
    form: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = messages_of(thread, page=request.GET.get("page", ""))
    lines = [said(message, workspace) for message in page]
    language = lines[-1].message.language if lines else ""
    context = {
        "workspace": workspace,
        "here": "talk",
        "thread": thread,
        "page": page,
        "said": lines,
        "form": form or (empty_message(workspace, language=language) if workspace.may_write else None),
    }
    return render(request, "partnerships/thread.html", context, status=status)
