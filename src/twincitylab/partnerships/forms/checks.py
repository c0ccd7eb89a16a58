"""What the eye-level check asks: how long a round is open, and the twenty questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twincitylab.partnerships.operations.checking import FEWEST_WEEKS, MOST_WEEKS, USUAL_WEEKS
from twincitylab.partnerships.rules.questions import (
    CANNOT_SAY,
    DIMENSIONS,
    LABEL_CANNOT_SAY,
    QUESTION_COUNT,
    SCALE,
    scale_labels,
)

ANSWER_IT = _("Choose one of the answers, or “I cannot say”.")


class RoundForm(forms.Form):
    """How many weeks a round is open."""

    weeks = forms.TypedChoiceField(
        label=_("Open for how many weeks?"),
        choices=[(number, str(number)) for number in range(FEWEST_WEEKS, MOST_WEEKS + 1)],
        coerce=int,
        initial=USUAL_WEEKS,
        error_messages={"invalid_choice": _("Choose one of the numbers.")},
    )


@dataclass(frozen=True)
class Option:
    """One step of the scale in one question."""

    id: str
    value: str
    label: Promise
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """A question with its steps, the answer that stands apart from them, and what is wrong."""

    number: int
    name: str
    text: Promise
    steps: tuple[Option, ...]
    cannot_say: Option
    errors: Sequence[str]

    @property
    def value(self) -> str:
        return next((one.value for one in (*self.steps, self.cannot_say) if one.is_chosen), "")

    @property
    def answer(self) -> Promise | str:
        return next((one.label for one in (*self.steps, self.cannot_say) if one.is_chosen), "")


@dataclass(frozen=True)
class Group:
    """A dimension with its two questions."""

    key: str
    label: Promise
    questions: tuple[Question, ...]


class AnswersForm(forms.Form):
    """The twenty questions. Every one needs an answer, and "I cannot say" is one."""

    round = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, sides: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.labels = scale_labels(sides=sides)
        values = [*map(str, SCALE), CANNOT_SAY]
        for number in range(QUESTION_COUNT):
            self.fields[_name(number)] = forms.ChoiceField(
                choices=[(value, value) for value in values],
                error_messages={"required": ANSWER_IT, "invalid_choice": ANSWER_IT},
            )

    @property
    def groups(self) -> tuple[Group, ...]:
        numbers = iter(range(QUESTION_COUNT))
        return tuple(
            Group(
                one.key,
                one.label,
                tuple(self._question(next(numbers), text) for text in one.questions),
            )
            for one in DIMENSIONS
        )

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Those that still need an answer."""
        return tuple(one for group in self.groups for one in group.questions if one.errors)

    @property
    def answers(self) -> list[int | None]:
        """For a form that is valid."""
        given = [self.cleaned_data[_name(number)] for number in range(QUESTION_COUNT)]
        return [None if answer == CANNOT_SAY else int(answer) for answer in given]

    def _question(self, number: int, text: Promise) -> Question:
        name = _name(number)
        typed = str(self.data.get(name, "")) if self.is_bound else ""

        def option(value: str, label: Promise) -> Option:
            return Option(f"{name}-{value}", value, label, typed == value)

        return Question(
            number + 1,
            name,
            text,
            tuple(option(str(value), label) for value, label in zip(SCALE, self.labels, strict=True)),
            option(CANNOT_SAY, LABEL_CANNOT_SAY),
            tuple(str(error) for error in self.errors.get(name, ())) if self.is_bound else (),
        )


def _name(number: int) -> str:
    return f"q{number + 1}"
