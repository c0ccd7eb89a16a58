"""What is asked of somebody who writes down an activity: five fields first, the rest when there is time."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twincitylab.community.choices import Mode, Topic
from twincitylab.community.models import LONGEST_ABOUT, LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT
from twincitylab.community.rules.languages import COMMON, language_choices
from twincitylab.partnerships.choices import ActivityKind, ActivityState
from twincitylab.partnerships.forms.introductions import KEY_AGAIN, new_key, writing_language
from twincitylab.partnerships.models import Activity
from twincitylab.partnerships.operations.activities import GIFT_FIELDS, PLAIN_FIELDS
from twincitylab.partnerships.queries.activities import ActivityView, Carrier
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace
from twincitylab.partnerships.rules.contributions import (
    FIRST_YEAR,
    GOALS,
    LAST_YEAR,
    ActivityFacts,
    Gift,
    gift_field,
)

_PLAIN_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,6})?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*")
YES, NO, OPEN = "yes", "no", ""


class Amount(forms.CharField):
    """A number of nought or more as people write it, with a comma or a point; empty means unknown."""

    widget = forms.TextInput

    def __init__(self, *, label: Any, decimals: int = 2, hint: Any = "") -> None:
        super().__init__(label=label, required=False, help_text=hint, max_length=60)
        self.decimals = decimals
        mode = "decimal" if decimals else "numeric"
        self.widget.attrs.update({"inputmode": mode, "autocomplete": "off", "dir": "ltr"})

    def clean(self, value: Any) -> Decimal | None:
        text = unicodedata.normalize("NFKC", super().clean(value)).replace(" ", "").replace("_", "?")
        if not text:
            return None
        plain = self._plain("".join(_digit(letter) for letter in text))
        if plain is None or not _PLAIN_NUMBER.fullmatch(plain):
            raise forms.ValidationError(
                gettext("Write a number of nought or more, such as 12 or 7.5, or leave it empty.")
                if self.decimals
                else gettext("Write a whole number of nought or more, or leave it empty.")
            )
        amount = Decimal(plain)
        if amount != round(amount, self.decimals):
            raise forms.ValidationError(
                gettext("At most two figures after the point.")
                if self.decimals
                else gettext("Write a whole number of nought or more, or leave it empty.")
            )
        return amount

    def _plain(self, text: str) -> str | None:
        """``1.234,50`` -> ``1234.50``; None where it could mean two numbers."""
        marks = [mark for mark in text if not mark.isdigit()]
        if not marks:
            return text
        if set(marks) - set(".,'’٫٬"):
            return None
        if len(set(marks)) == 1 and _GROUPED.fullmatch(text):
            if len(marks) == 1 and marks[0] in ".," and self.decimals:
                raise forms.ValidationError(
                    gettext("This can be read in two ways. Write %(large)s or %(small)s.")
                    % {"large": text.replace(marks[0], ""), "small": text.replace(marks[0], ".").rstrip("0")}
                )
            return text.replace(marks[0], "")
        if marks.count(marks[-1]) > 1:
            return None
        whole, _mark, rest = text.rpartition(marks[-1])
        return "".join(letter for letter in whole if letter.isdigit()) + "." + rest


def _digit(letter: str) -> str:
    return str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter


@dataclass(frozen=True)
class ShoreFields:
    """The fields of one side, to stand beside those of the others."""

    side: SideCard
    fields: tuple[forms.BoundField, ...]


class ActivityForm(forms.Form):
    """An activity. Times are those of the writer's own clock."""

    kind = forms.ChoiceField(label=_("What?"), choices=ActivityKind.choices)
    state = forms.ChoiceField(label=_("Planned or held?"), choices=ActivityState.choices)
    title = forms.CharField(
        label=_("Title"),
        max_length=2 * LONGEST_NAME,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say in a few words what it is.")},
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day."),
            "invalid": _("Write the day as year-month-day, such as 2026-11-22."),
        },
    )
    begins = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Choose when it begins."),
            "invalid": _("Write the time as hours and minutes, such as 14:30."),
        },
    )
    ends = forms.TimeField(
        label=_("To"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time as hours and minutes, such as 14:30.")},
    )
    last_day = forms.DateField(
        label=_("Last day, if there are several"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as year-month-day, such as 2026-11-22.")},
    )
    mode = forms.ChoiceField(label=_("How did you meet?"), choices=Mode.choices)
    place = forms.CharField(
        label=_("Place, or how to get in"),
        required=False,
        max_length=2 * LONGEST_LINE,
        widget=forms.TextInput({"dir": "auto"}),
    )
    host = forms.ChoiceField(label=_("Who hosted?"), required=False)
    language_used = forms.ChoiceField(label=_("Language most used"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[("", "–"), *Topic.choices])
    goals = forms.TypedMultipleChoiceField(
        label=_("Sustainable Development Goals"),
        required=False,
        coerce=int,
        choices=[(number, str(number)) for number in GOALS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("The goals are numbered from 1 to 17.")},
    )
    about = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=2 * LONGEST_ABOUT,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    outcome = forms.CharField(
        label=_("What came out of it"),
        required=False,
        max_length=2 * LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    story = forms.CharField(
        label=_("The story, for the report"),
        required=False,
        max_length=2 * LONGEST_ABOUT,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    put_to_use = forms.ChoiceField(
        label=_("Has what was learned changed something at home?"),
        required=False,
        choices=[(OPEN, _("not known yet")), (YES, _("yes")), (NO, _("no"))],
    )
    put_to_use_by = forms.ChoiceField(label=_("On which side?"), required=False)
    is_public = forms.BooleanField(label=_("May stand on the public page"), required=False)
    language = forms.ChoiceField(
        label=_("Language of your texts"),
        error_messages={"invalid_choice": _("Choose one of the languages.")},
    )
    carriers = forms.TypedMultipleChoiceField(
        label=_("Who of you carried the contact?"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose people of your own side.")},
    )
    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": KEY_AGAIN, "invalid": KEY_AGAIN}
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, workspace: Workspace, people: Sequence[Carrier], **more: Any) -> None:
        super().__init__(*args, **more)
        self.workspace = workspace
        sides = [("", gettext("both together")), *((str(one.pk), one.name) for one in workspace.sides)]
        self._choices("host", sides)
        self._choices("put_to_use_by", [("", gettext("on all sides")), *sides[1:]])
        spoken = [code for one in workspace.sides for code in one.card.languages]
        languages = list(language_choices(tuple(dict.fromkeys([*spoken, *COMMON, writing_language()]))))
        self._choices("language", languages)
        self._choices("language_used", [("", "–"), *languages])
        self._choices("carriers", [(one.pk, one.name) for one in people])
        for side in workspace.sides:
            self._add_side(side)

    def _choices(self, name: str, choices: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def _add_side(self, side: SideCard) -> None:
        currency = self.workspace.partnership.currency
        self.fields.update(
            {
                gift_field(side.pk, "people"): Amount(label=_("People taking part"), decimals=0),
                gift_field(side.pk, "new_people"): Amount(label=_("For the first time"), decimals=0),
                gift_field(side.pk, "hours"): Amount(
                    label=_("Hours of all together"), hint=_("Preparing included.")
                ),
                gift_field(side.pk, "money"): Amount(
                    label=gettext("Money (%(currency)s)") % {"currency": currency}
                ),
                gift_field(side.pk, "in_kind"): forms.CharField(
                    label=_("In kind: rooms, things"),
                    required=False,
                    max_length=2 * LONGEST_LINE,
                    widget=forms.TextInput({"dir": "auto"}),
                ),
                gift_field(side.pk, "in_kind_worth"): Amount(
                    label=gettext("Worth about (%(currency)s)") % {"currency": currency}
                ),
            }
        )

    @property
    def shores(self) -> tuple[ShoreFields, ...]:
        return tuple(
            ShoreFields(side, tuple(self[gift_field(side.pk, name)] for name in GIFT_FIELDS))
            for side in self.workspace.sides
        )

    @property
    def has_more(self) -> bool:
        """Whether something stands in the fields that are folded away, or is wrong there."""
        return any(
            self[name].errors or self[name].value()
            for name in ("about", "outcome", "story", "topic", "goals", "put_to_use", "is_public")
        )

    def clean_day(self) -> dt.date:
        return _possible_day(self.cleaned_data["day"])

    def clean_last_day(self) -> dt.date | None:
        day = self.cleaned_data["last_day"]
        return _possible_day(day) if day else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "day" in data and data.get("begins") is not None:
            data["starts_at"] = self._moment("begins", data["day"], data["begins"])
            data["ends_at"] = self._end(data)
        return data

    def _end(self, data: dict[str, Any]) -> dt.datetime | None:
        last, ends = data.get("last_day"), data.get("ends")
        if last is None and ends is None:
            return None
        return self._moment("ends", last or data["day"], ends or data["begins"])

    def _moment(self, name: str, day: dt.date, clock: dt.time) -> dt.datetime | None:
        """On the writer's clock; an hour that the clocks leave out cannot be."""
        moment = dt.datetime.combine(day, clock, tzinfo=timezone.get_current_timezone())
        if moment.astimezone(dt.UTC).astimezone(moment.tzinfo).time() != clock:
            self.add_error(name, gettext("On that day the clocks leave this hour out. Choose another."))
            return None
        return moment.astimezone(dt.UTC)

    @property
    def facts(self) -> ActivityFacts:
        """What was typed; for a form that is valid."""
        data = self.cleaned_data
        plain = {name: data[name] for name in PLAIN_FIELDS if name != "is_put_to_use"}
        return ActivityFacts(
            **plain,
            host=_number(data["host"]),
            goals=tuple(data["goals"]),
            is_put_to_use={YES: True, NO: False}.get(data["put_to_use"]),
            put_to_use_by=_number(data["put_to_use_by"]),
            gifts={side.pk: self._gift(side.pk) for side in self.workspace.sides},
            carriers=frozenset(data["carriers"]),
        )

    def _gift(self, side: int) -> Gift:
        given: dict[str, Any] = {name: self.cleaned_data.get(gift_field(side, name)) for name in GIFT_FIELDS}
        for name in ("people", "new_people"):
            given[name] = None if given[name] is None else int(given[name])
        return Gift(**{**given, "in_kind": given["in_kind"] or ""})


def new_activity(
    workspace: Workspace, people: Sequence[Carrier], *, me: int, now: dt.datetime
) -> ActivityForm:
    """An empty form, about a meeting today, hosted by both."""
    local = timezone.localtime(now)
    initial = {
        "kind": ActivityKind.MEETING,
        "state": ActivityState.HELD,
        "mode": Mode.ONLINE,
        "day": local.date(),
        "language": writing_language(),
        "form_key": new_key(),
        "carriers": [me],
    }
    return ActivityForm(workspace=workspace, people=people, initial=initial)


def activity_form(view: ActivityView, workspace: Workspace, people: Sequence[Carrier]) -> ActivityForm:
    """The form of an activity as it stands."""
    initial = typed_of(view.activity, view)
    return ActivityForm(workspace=workspace, people=people, initial=initial)


def typed_of(activity: Activity, view: ActivityView) -> dict[str, Any]:
    """What the fields hold for an activity as it stands."""
    begins = timezone.localtime(activity.starts_at)
    ends = timezone.localtime(activity.ends_at) if activity.ends_at else None
    put = {True: YES, False: NO, None: OPEN}[activity.is_put_to_use]
    initial: dict[str, Any] = {
        name: getattr(activity, name)
        for name in PLAIN_FIELDS
        if name not in {"starts_at", "ends_at", "is_put_to_use"}
    }
    initial |= {
        "day": begins.date(),
        "begins": begins.time().replace(second=0, microsecond=0),
        "ends": ends.time().replace(second=0, microsecond=0) if ends else None,
        "last_day": ends.date() if ends and ends.date() != begins.date() else None,
        "host": activity.host_id or "",
        "goals": activity.goals,
        "put_to_use": put,
        "put_to_use_by": activity.put_to_use_by_id or "",
        "carriers": [one.person_id for one in activity.people.all()],
        "form_key": activity.form_key,
        "revision": activity.revision,
    }
    for given in view.gifts:
        for name in GIFT_FIELDS:
            amount = getattr(given.gift, name) if given.gift else None
            initial[gift_field(given.side.pk, name)] = "" if amount is None else _written(amount)
    return initial


def differences(form: ActivityForm, theirs: ActivityForm) -> list[tuple[str, str, str]]:
    """Label, what stands there now, and what was typed, for each field in which they differ."""
    found = []
    for name, field in form.fields.items():
        if name in {"form_key", "revision"}:
            continue
        mine, stands = _shown(form[name]), _shown(theirs[name])
        if mine != stands:
            found.append((str(field.label), stands or "–", mine or "–"))
    return found


def _shown(bound: forms.BoundField) -> str:
    value = bound.value()
    field = bound.field
    if isinstance(field, forms.MultipleChoiceField):
        chosen = {str(one) for one in value or ()}
        return ", ".join(str(label) for key, label in cast("Any", field.choices) if str(key) in chosen)
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in cast("Any", field.choices)}
        return labels.get(str(value or ""), "")
    if isinstance(field, forms.BooleanField):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _possible_day(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(
            gettext("Choose a day between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return day


def _number(text: str) -> int | None:
    return int(text) if text else None


def _written(amount: object) -> str:
    if isinstance(amount, Decimal):
        return f"{amount.normalize():f}"
    return str(amount)
