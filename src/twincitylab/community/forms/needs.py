"""What is asked of somebody who writes down a need or an offer: the text first, and little else."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from twincitylab.base.text import fold
from twincitylab.community.choices import Direction, ExchangeKind, Topic, Urgency
from twincitylab.community.forms.choosing import say_plainly
from twincitylab.community.models import LONGEST_TEXT, Community
from twincitylab.community.operations.needs import NeedFacts, facts_of
from twincitylab.community.rules.languages import COMMON, base_code, language_choices
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.community.rules.text_language import language_of
from twincitylab.community.rules.topics import suggest_topics

if TYPE_CHECKING:
    from twincitylab.community.models import NeedOffer

SUGGESTED = 3
ANOTHER = "another"
MOST_TYPED = 20_000
TO_CONFIRM = "to-confirm"
"""The code of what is not wrong but still to be said: it is asked, not complained of."""
ASKED = ("topic", "kind", "language")


@dataclass(frozen=True)
class TopicSuggestion:
    """A radio button."""

    value: str
    label: str
    is_marked: bool


class _AskedCalmly(forms.BoundField):
    """A field that is only still to be said is not announced as wrong."""

    def build_widget_attrs(self, attrs: Any, widget: forms.Widget | None = None) -> Any:
        built = super().build_widget_attrs(attrs, widget)
        if self.form.has_error(self.name, code=TO_CONFIRM):
            built.pop("aria-invalid", None)
        return built


class NeedForm(forms.Form):
    """A need or an offer. ``suggested`` is one of the topics that the text speaks of, ``topic`` any other."""

    bound_field_class = _AskedCalmly

    text = forms.CharField(
        label=_("In your own words"),
        max_length=MOST_TYPED,
        widget=forms.Textarea({"rows": 4, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say in a sentence or two what it is about.")},
    )
    suggested = forms.ChoiceField(
        choices=[*Topic.choices, (ANOTHER, "")], required=False, label=_("Which topic?")
    )
    topic = forms.ChoiceField(
        required=False,
        label=_("Topic"),
        error_messages={"invalid_choice": _("Choose the topic that comes nearest.")},
    )
    kind = forms.ChoiceField(
        choices=ExchangeKind.choices,
        label=_("What would change hands?"),
        widget=forms.RadioSelect,
        required=False,
    )
    urgency = forms.ChoiceField(
        choices=Urgency.choices,
        label=_("How soon?"),
        widget=forms.RadioSelect,
        initial=Urgency.YEAR,
        error_messages={"required": _("Choose how soon.")},
    )
    valid_until = forms.DateField(
        required=False,
        label=_("Valid until"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=_("The last day; leave it empty if there is none."),
        error_messages={"invalid": _("Write the day as year-month-day, such as 2027-05-31.")},
    )
    language = forms.ChoiceField(label=_("Language of the text"))
    language_preset = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        community: Community,
        direction: Direction,
        need: "NeedOffer | None" = None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        """``data`` is to be checked; ``typed`` stands on the form again without being checked."""
        languages = [line.language for line in community.languages.all()]
        initial = _initial(community, languages=languages, need=need)
        self.is_language_guessed = False
        if typed is not None:
            initial |= self._with_language_of_text(_topic_in_one_place(typed))
        super().__init__(
            None if data is None else self._with_language_of_text(_topic_in_one_place(data)),
            initial=initial,
            label_suffix="",
            auto_id="%s",
        )
        say_plainly(self)
        self.direction = direction
        self._offer_choices(community, languages=languages)

    @property
    def topic_suggestions(self) -> list[TopicSuggestion]:
        """What the text seems to be about, and what was chosen; at first the best one is marked."""
        text, language = str(self["text"].value() or ""), str(self["language"].value() or "")
        topics = [Topic(found.topic) for found in suggest_topics(text, language=language, most=SUGGESTED)]
        chosen = str(self["suggested"].value() or "")
        if chosen in Topic.values and chosen not in topics:
            topics.insert(0, Topic(chosen))
        marked = chosen or (topics[0] if topics else "")
        return [TopicSuggestion(topic.value, str(topic.label), topic == marked) for topic in topics]

    @property
    def asked(self) -> list[str]:
        """Which fields are only still to be said or confirmed, in the order of the form."""
        return [name for name in ASKED if self.has_error(name, code=TO_CONFIRM)]

    @property
    def language_named(self) -> str:
        """The language that is chosen, by its name."""
        return _named(self, str(self["language"].value() or ""))

    @property
    def topic_chosen(self) -> Topic | None:
        """The topic that is marked on the form."""
        return next((Topic(found.value) for found in self.topic_suggestions if found.is_marked), None)

    @property
    def kind_chosen(self) -> ExchangeKind | None:
        chosen = str(self["kind"].value() or "")
        return ExchangeKind(chosen) if chosen in ExchangeKind.values else None

    @property
    def facts(self) -> NeedFacts:
        """What was sent."""
        return NeedFacts(
            text=self.cleaned_data["text"],
            topic=self.cleaned_data["topic"],
            kind=self.cleaned_data["kind"],
            language=self.cleaned_data["language"],
            urgency=self.cleaned_data.get("urgency") or "",
            valid_until=self.cleaned_data.get("valid_until"),
        )

    @property
    def key(self) -> uuid.UUID:
        """Of the form as it was made; a new one where it was lost."""
        return cast("uuid.UUID", self.cleaned_data.get("form_key") or uuid.uuid4())

    def clean_text(self) -> str:
        try:
            text = fitting_text(self.cleaned_data["text"], longest=LONGEST_TEXT, field="text", one_line=False)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        suggested = values.get("suggested")
        values["topic"] = suggested if suggested in Topic.values else ""
        if not values["topic"] and "topic" not in self.errors:
            self._ask("topic", _("Choose the topic that comes nearest."))
        if not values.get("kind") and "kind" not in self.errors:
            self._ask("kind", _("Choose what would change hands."))
        if self.is_language_guessed and "language" not in self.errors:
            self._ask("language", _("Is this the language of your text?"))
        return values

    def _ask(self, field: str, question: object) -> None:
        self.add_error(field, forms.ValidationError(str(question), code=TO_CONFIRM))

    def _with_language_of_text(self, values: dict[str, Any]) -> dict[str, Any]:
        """Where nobody touched the language that the form preset, the one that the text seems to be in."""
        preset, guess = values.get("language_preset"), language_of(str(values.get("text") or ""))
        if preset and values.get("language") == preset and guess in COMMON and guess != preset:
            self.is_language_guessed = True
            return values | {"language": guess, "language_preset": guess}
        return values

    def _offer_choices(self, community: Community, *, languages: list[str]) -> None:
        topics = sorted(Topic, key=lambda topic: fold(str(topic.label)))
        cast("forms.ChoiceField", self.fields["topic"]).choices = [
            ("", _("choose …")),
            *((topic.value, topic.label) for topic in topics),
        ]
        codes = {*COMMON, *languages, community.about_language, base_code(get_language() or "en")}
        field = cast("forms.ChoiceField", self.fields["language"])
        field.choices = list(language_choices(sorted(codes)))
        if self.direction is Direction.NEED:
            del self.fields["valid_until"]
        else:
            del self.fields["urgency"]


def _topic_in_one_place(data: Mapping[str, Any]) -> dict[str, Any]:
    """Who chooses in the list means it, whatever button is still marked."""
    values = {name: data.get(name) for name in data}
    if values.get("topic") in Topic.values:
        values |= {"suggested": values["topic"], "topic": ""}
    return values


def _initial(community: Community, *, languages: Iterable[str], need: "NeedOffer | None") -> dict[str, Any]:
    if need is not None:
        facts = facts_of(need)
        return {
            "text": facts.text,
            "suggested": facts.topic,
            "kind": facts.kind,
            "language": facts.language,
            "urgency": facts.urgency or Urgency.YEAR,
            "valid_until": facts.valid_until,
            "revision": need.revision,
        }
    reader = base_code(get_language() or "en")
    preset = reader if reader in languages else community.about_language
    return {
        "language": preset,
        "language_preset": preset,
        "form_key": uuid.uuid4(),
    }


def difference(form: NeedForm, *, current: "NeedOffer") -> list[tuple[str, str, str]]:
    """Label, what stands there now and what was typed, for each field in which the two differ."""
    theirs, mine = facts_of(current), form.facts
    shown = (
        (str(form.fields["text"].label), theirs.text, mine.text),
        (str(form.fields["topic"].label), str(Topic(theirs.topic).label), str(Topic(mine.topic).label)),
        (
            str(form.fields["kind"].label),
            str(ExchangeKind(theirs.kind).label),
            str(ExchangeKind(mine.kind).label),
        ),
        (str(form.fields["language"].label), _named(form, theirs.language), _named(form, mine.language)),
        *_only_of_one_direction(form, theirs=theirs, mine=mine),
    )
    return [line for line in shown if line[1] != line[2]]


def _only_of_one_direction(
    form: NeedForm, *, theirs: NeedFacts, mine: NeedFacts
) -> list[tuple[str, str, str]]:
    if form.direction is Direction.NEED:
        label = str(form.fields["urgency"].label)
        return [(label, str(Urgency(theirs.urgency).label), str(Urgency(mine.urgency).label))]
    label = str(form.fields["valid_until"].label)
    return [(label, _day(theirs.valid_until), _day(mine.valid_until))]


def _named(form: NeedForm, code: str) -> str:
    choices = cast("forms.ChoiceField", form.fields["language"]).choices
    return str(dict(cast("list[tuple[str, str]]", choices)).get(code, code))


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else "–"
