"""What the pages of introductions ask for; every field says what would be right."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from twincitylab.community.choices import Digest
from twincitylab.community.rules.languages import base_code, language_choices
from twincitylab.partnerships.choices import DeclineReason
from twincitylab.partnerships.models import LONGEST_MESSAGE

NOTE_LENGTH = 300
KEY_AGAIN = _("This form is out of date. Open the page again; your text can be copied from here.")


class TextField(forms.CharField):
    """A text of a few paragraphs; the operation cleans and measures it, and says what is too long."""

    def __init__(self, label: Any, *, missing: Any, rows: int = 7) -> None:
        super().__init__(
            label=label,
            widget=forms.Textarea({"rows": rows, "dir": "auto", "maxlength": LONGEST_MESSAGE}),
            error_messages={"required": missing},
        )


class WritingForm(forms.Form):
    """A text with its language, and the key that makes the same form count once."""

    language = forms.ChoiceField(
        label=_("Language of the text"), error_messages={"invalid_choice": _("Choose one of the languages.")}
    )
    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": KEY_AGAIN, "invalid": KEY_AGAIN}
    )

    def __init__(self, *args: Any, languages: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = f"id_{self.prefix or type(self).__name__.lower()}_%s"
        field = cast("forms.ChoiceField", self.fields["language"])
        pages = [base_code(code) for code, _name in settings.LANGUAGES]
        field.choices = list(language_choices(tuple(dict.fromkeys([*languages, *pages]))))


class ProposalForm(WritingForm):
    """A proposal to meet."""

    message = TextField(_("Your message"), missing=_("Write a few words first."))
    field_order = ("message", "language")


class NoteForm(WritingForm):
    """A question, or an answer to one."""

    text = TextField(_("Your note"), missing=_("Write a few words first."), rows=4)
    field_order = ("text", "language")


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(
        label=_("Why not?"),
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason that fits best.")},
    )
    note = forms.CharField(
        required=False,
        label=_("A kind word, if you like"),
        max_length=2 * NOTE_LENGTH,
        widget=forms.TextInput({"dir": "auto", "maxlength": NOTE_LENGTH}),
    )


class DigestForm(forms.Form):
    """How often mails come."""

    digest = forms.ChoiceField(
        label=_("Mails about what is new"), choices=Digest.choices, widget=forms.RadioSelect
    )


def new_key() -> uuid.UUID:
    return uuid.uuid4()


def writing_language() -> str:
    """The language of the page, as one a text can be in."""
    return base_code(get_language() or settings.LANGUAGE_CODE)
