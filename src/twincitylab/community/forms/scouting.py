"""What stewards write on the actor map: a contact, districts, a file, and what the board is narrowed to."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from twincitylab.base.text import fold
from twincitylab.community.choices import AgeGroup, Consent, ContactKind, Sector, Topic
from twincitylab.community.models import (
    LONGEST_DISTRICT,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_TEXT,
    Contact,
)
from twincitylab.community.operations.scouting import ContactFacts
from twincitylab.community.queries.scouting import actor
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.community.rules.scouting_actors import Actor
from twincitylab.community.rules.scouting_csv import LARGEST_FILE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_QUERY = 100
MOST_TYPED = 20_000


class WrittenField(forms.CharField):
    """Words of people, cleaned, with a sentence when they are too long for their place."""

    def __init__(
        self,
        label: "StrOrPromise",
        *,
        longest: int,
        required: bool = False,
        hint: "StrOrPromise" = "",
        rows: int = 1,
        **attributes: str,
    ) -> None:
        attributes = {"dir": "auto", "autocomplete": "off", **attributes}
        widget = forms.Textarea({"rows": rows, **attributes}) if rows > 1 else forms.TextInput(attributes)
        super().__init__(
            required=required, label=label, help_text=hint, widget=widget, max_length=MOST_TYPED, strip=False
        )
        widget.attrs.pop("maxlength", None)
        self.longest, self.has_lines = longest, rows > 1

    def clean(self, value: object) -> str:
        try:
            text = fitting_text(str(value or ""), longest=self.longest, one_line=not self.has_lines)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused
        return str(super().clean(text))


class DayField(forms.DateField):
    """A day, or nothing."""

    def __init__(self, label: "StrOrPromise", *, hint: "StrOrPromise" = "") -> None:
        super().__init__(
            required=False,
            label=label,
            help_text=hint,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("Write the day as year-month-day, such as 2026-03-31.")},
        )


class ContactSelect(forms.Select):
    """A drop-down of perhaps hundreds of contacts, written at once and not by a template for each."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        del renderer
        chosen = str(value or "")
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, SafeString(" selected") if str(key) == chosen else "", label)
                for key, label in self.choices
            ),
        )
        attributes = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        return format_html("<select{}>{}</select>", attributes, options)


def _choices(
    choices: Iterable[tuple[str, "StrOrPromise"]], empty: "StrOrPromise"
) -> list[tuple[str, "StrOrPromise"]]:
    return [("", empty), *choices]


@dataclass(frozen=True)
class Difference:
    """One field of a contact that two changed at once; ``keeps_mine`` says whose the form holds."""

    label: str
    theirs: str
    mine: str
    keeps_mine: bool


class ContactForm(forms.Form):
    """A contact. ``seen`` is its last change when the form was made, ``before`` what stood there then."""

    name = WrittenField(
        _("Name"),
        longest=LONGEST_NAME,
        required=True,
        hint=_("Of the person, the organisation, or the place."),
    )
    kind = forms.ChoiceField(
        label=_("This is a"), choices=ContactKind, widget=forms.RadioSelect, initial=ContactKind.PERSON
    )
    recommended_by = forms.TypedChoiceField(
        required=False, label=_("Recommended by"), coerce=int, empty_value=None, widget=ContactSelect
    )
    sector = forms.ChoiceField(required=False, label=_("Sector"))
    topic = forms.ChoiceField(required=False, label=_("Topic"))
    age_group = forms.ChoiceField(required=False, label=_("Age group it reaches"))
    district = WrittenField(_("District"), longest=LONGEST_DISTRICT, list="districts")
    reach = WrittenField(
        _("How to reach them"),
        longest=LONGEST_LINE,
        hint=_("Telephone, e-mail, or where to meet. Never public."),
    )
    note = WrittenField(_("Note"), longest=LONGEST_TEXT, rows=3, hint=_("For the stewards only."))
    asked_further_date = DayField(
        _("Asked for further contacts on"), hint=_("Ask every contact: whom else should we talk to?")
    )
    consent = forms.ChoiceField(label=_("Agrees to be named"), choices=Consent, initial=Consent.NOT_ASKED)
    consent_date = DayField(_("Date of the answer"), hint=_("Empty: today."))
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    before = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MOST_TYPED)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        others: Sequence[Actor] = (),
        contact: Contact | None = None,
    ) -> None:
        initial = _initial(contact) if contact else {"form_key": uuid.uuid4()}
        super().__init__(data, initial=initial, label_suffix="")
        by_name = sorted(others, key=lambda other: (fold(other.name), other.pk))
        self._offer(
            "recommended_by", [(str(other.pk), other.name) for other in by_name], _("nobody: we knew them")
        )
        topics = sorted(Topic.choices, key=lambda choice: fold(str(choice[1])))
        for name, choices in (("sector", Sector.choices), ("topic", topics), ("age_group", AgeGroup.choices)):
            self._offer(name, choices, _("not said"))
        for field in self.fields.values():
            field.error_messages["required"] = _("This is needed.")
            field.error_messages["invalid_choice"] = _("Choose one of the list.")

    def suggest(self, values: Mapping[str, str]) -> None:
        """Fill what the page was asked for; what is no choice is left out."""
        for name in ("sector", "district", "age_group", "recommended_by"):
            if value := values.get(name, "")[:LONGEST_DISTRICT]:
                self.initial[name] = value

    @property
    def facts(self) -> ContactFacts:
        """What was sent."""
        names = ContactFacts.__dataclass_fields__
        return ContactFacts(**{name: self.cleaned_data[name] for name in names})

    @property
    def key(self) -> uuid.UUID:
        """Of the form as it was made; a new one where it was lost."""
        return cast("uuid.UUID", self.cleaned_data.get("form_key") or uuid.uuid4())

    @property
    def opened_at(self) -> dt.datetime:
        """When the contact had last been changed; long ago where that was lost, to be looked at again."""
        return cast("dt.datetime", self.cleaned_data.get("seen") or dt.datetime.min.replace(tzinfo=dt.UTC))

    def opened_again(self, stored: Contact) -> tuple[Difference, ...]:
        """Make the next try about the contact as it is now: what was not touched here takes the stored value,
        what was typed stays. Answers where the two versions differ."""
        theirs, before = _words(_facts(stored)), self._before
        mine = _words({name: self.cleaned_data[name] for name in theirs})
        differences = tuple(
            Difference(
                label=str(self.fields[name].label),
                theirs=self._shown(name, theirs[name]),
                mine=self._shown(name, mine[name]),
                keeps_mine=before.get(name) != mine[name],
            )
            for name in theirs
            if theirs[name] != mine[name]
        )
        untouched = {name: theirs[name] for name in theirs if before.get(name) == mine[name]}
        typed = {name: self.data.get(name) for name in self.data}
        self.data = {
            **typed,
            **untouched,
            "seen": stored.changed_at.isoformat(),
            "before": json.dumps(theirs),
        }
        return differences

    @property
    def _before(self) -> dict[str, Any]:
        """What stood on the form when it was opened; nothing where that was lost."""
        try:
            found = json.loads(self.cleaned_data.get("before") or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _shown(self, name: str, word: str) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            choices = cast("Iterable[tuple[str, object]]", field.choices)
            return next((str(label) for key, label in choices if str(key) == word), word)
        return word or "–"

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]], empty: "StrOrPromise") -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = _choices(choices, empty)


def _initial(contact: Contact) -> dict[str, Any]:
    facts = _facts(contact)
    return {**facts, "seen": contact.changed_at.isoformat(), "before": json.dumps(_words(facts))}


def _facts(contact: Contact) -> dict[str, Any]:
    names = [
        name for name in ContactFacts.__dataclass_fields__ if name not in {"recommended_by", "consent_date"}
    ]
    return {
        **{name: getattr(contact, name) for name in names},
        "recommended_by": contact.recommended_by_id,
        "consent_date": actor(contact).consent_date,
    }


def _words(facts: Mapping[str, Any]) -> dict[str, str]:
    """Each fact as it stands in its field."""
    return {name: "" if value is None else str(value) for name, value in facts.items()}


class BoardForm(forms.Form):
    """What the board is narrowed to; whatever is no choice is answered with everything."""

    q = forms.CharField(required=False, max_length=LONGEST_QUERY, label=_("Name or district"))
    kind = forms.ChoiceField(required=False, label=_("Kind"), choices=_choices(ContactKind.choices, _("any")))
    sector = forms.ChoiceField(required=False, label=_("Sector"), choices=_choices(Sector.choices, _("any")))
    age_group = forms.ChoiceField(
        required=False, label=_("Age group"), choices=_choices(AgeGroup.choices, _("any"))
    )
    consent = forms.ChoiceField(
        required=False, label=_("Agrees to be named"), choices=_choices(Consent.choices, _("any"))
    )
    asked = forms.ChoiceField(
        required=False,
        label=_("Asked for further contacts"),
        choices=[("", _("any")), ("no", _("never")), ("yes", _("asked, or recommended somebody"))],
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, label_suffix="", auto_id="narrow-%s")

    @property
    def is_narrow(self) -> bool:
        return any(self._wished.values())

    def kept(self, actors: Sequence[Actor], *, never_asked: Iterable[Actor]) -> list[Actor]:
        """The contacts that are asked for."""
        wished, unasked = self._wished, {actor.pk for actor in never_asked}
        words = fold(wished.get("q", "")).split()
        return [
            one
            for one in actors
            if all(
                not wished.get(name) or getattr(one, name) == wished[name]
                for name in ("kind", "sector", "age_group", "consent")
            )
            and (not wished.get("asked") or (wished["asked"] == "no") == (one.pk in unasked))
            and all(word in f"{fold(one.name)} {fold(one.district)}" for word in words)
        ]

    @property
    def _wished(self) -> dict[str, str]:
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class DistrictsForm(forms.Form):
    """The districts of the city, one in each line."""

    districts = forms.CharField(
        required=False,
        strip=False,
        max_length=MOST_TYPED,
        label=_("Districts in which you want to know somebody"),
        help_text=_("One in each line."),
        widget=forms.Textarea({"rows": 8, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, names: Iterable[str] = ()) -> None:
        super().__init__(data, initial={"districts": "\n".join(names)}, label_suffix="")


class FileForm(forms.Form):
    """A file of contacts."""

    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first."), "invalid": _("Choose a file first.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")

    @property
    def content(self) -> bytes:
        """What is in it, up to a little more than there is room for."""
        return bytes(self.cleaned_data["file"].read(LARGEST_FILE + 1))


class InvitationForm(forms.Form):
    """Whether the way into the community goes by mail; without an address it is a link to hand over."""

    email = forms.EmailField(
        required=False,
        label=_("E-mail address"),
        help_text=_("Empty: you get a link to pass on yourself."),
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"invalid": _("This is no e-mail address.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, contact: Contact | None = None) -> None:
        initial = {"form_key": uuid.uuid4(), "email": _address_in(contact.reach) if contact else ""}
        super().__init__(data, initial=initial, label_suffix="")

    @property
    def key(self) -> uuid.UUID:
        return cast("uuid.UUID", self.cleaned_data.get("form_key") or uuid.uuid4())


def _address_in(reach: str) -> str:
    """The e-mail address that stands in how to reach somebody, if one does."""
    return next((word.strip("<>,;()") for word in reach.split() if "@" in word[1:-1]), "")
