"""What is asked of somebody who writes a message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from twincitylab.community.models import LONGEST_ABOUT, LONGEST_NAME
from twincitylab.partnerships.forms.introductions import WritingForm, new_key, writing_language
from twincitylab.partnerships.queries.workspaces import Workspace


class MessageForm(WritingForm):
    """A message."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=2 * LONGEST_ABOUT,
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Write a few words first.")},
    )
    field_order: tuple[str, ...] = ("text", "language")


class ThreadForm(MessageForm):
    """Something new to talk about, with its first message."""

    title = forms.CharField(
        label=_("What is it about?"),
        max_length=2 * LONGEST_NAME,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    field_order = ("title", "text", "language")


def tongues(workspace: Workspace) -> tuple[str, ...]:
    """The languages of all sides."""
    return tuple(code for one in workspace.sides for code in one.card.languages)


def empty_message(workspace: Workspace, *, language: str = "") -> MessageForm:
    initial = {"language": language or writing_language(), "form_key": new_key()}
    return MessageForm(initial=initial, languages=tongues(workspace))


def empty_thread(workspace: Workspace) -> ThreadForm:
    initial = {"language": writing_language(), "form_key": new_key()}
    return ThreadForm(initial=initial, languages=tongues(workspace))
