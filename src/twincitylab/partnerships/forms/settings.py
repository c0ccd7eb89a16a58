"""What a partnership is called, what it is for, and its currency."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from twincitylab.community.models import LONGEST_LINE, LONGEST_NAME
from twincitylab.community.rules.languages import base_code, language_choices
from twincitylab.partnerships.forms.talk import tongues
from twincitylab.partnerships.models import Partnership
from twincitylab.partnerships.operations.settings import Described, described
from twincitylab.partnerships.queries.workspaces import Workspace

FIELDS = ("name", "purpose", "language", "currency")


def _opened() -> forms.CharField:
    return forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class SettingsForm(forms.Form):
    """``was_…`` is what stood there when the form was opened."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=2 * LONGEST_NAME,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        help_text=_("Empty: the names of the sides."),
    )
    purpose = forms.CharField(
        label=_("What is it for, in one sentence?"),
        required=False,
        max_length=2 * LONGEST_LINE,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the text"), error_messages={"invalid_choice": _("Choose one of the languages.")}
    )
    currency = forms.CharField(
        label=_("Currency of all sums here"),
        max_length=60,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off", "size": 5}),
        error_messages={"required": _("Write the currency in three letters, such as EUR or USD.")},
    )
    was_name = _opened()
    was_purpose = _opened()
    was_language = _opened()
    was_currency = _opened()

    def __init__(self, data: Any = None, *, workspace: Workspace) -> None:
        super().__init__(data, initial=_initial(workspace.partnership))
        pages = [base_code(code) for code, _name in settings.LANGUAGES]
        known = tuple(dict.fromkeys([workspace.partnership.language, *tongues(workspace), *pages]))
        cast("forms.ChoiceField", self.fields["language"]).choices = list(language_choices(known))

    @property
    def wanted(self) -> Described:
        return Described(**{name: self.cleaned_data[name] for name in FIELDS})

    @property
    def before(self) -> Described:
        return Described(**{name: self.cleaned_data[f"was_{name}"] for name in FIELDS})

    def open_again(self, current: Partnership) -> None:
        """What was typed stays; what it is compared with is what stands there now."""
        data = cast("Any", self.data).copy()
        for name in FIELDS:
            data[f"was_{name}"] = getattr(current, name)
        self.data = data

    def differing(self, current: Partnership) -> list[tuple[Any, str, str]]:
        """Label, what stands there now, what was typed; only where these differ."""
        now, mine = described(current), self.wanted
        lines = [(self.fields[name].label, getattr(now, name), getattr(mine, name)) for name in FIELDS]
        return [line for line in lines if line[1] != line[2]]


def _initial(partnership: Partnership) -> dict[str, str]:
    found = {name: getattr(partnership, name) for name in FIELDS}
    return found | {f"was_{name}": value for name, value in found.items()}
