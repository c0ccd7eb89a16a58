"""What the pages let a visitor ask for; every field says what would be right."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from twincitylab.atlas.queries import CountrySummary
from twincitylab.base.components.selects import LongSelect
from twincitylab.base.components.words import number
from twincitylab.matching.engine.cards import filter_choices
from twincitylab.matching.engine.presets import blocks, presets
from twincitylab.matching.engine.results import COUNTRY_CODE, LIMITS, Filters, Preset

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_QUERY = 100


class DigitsInput(forms.TextInput):
    """Digits, in a field that keeps whatever was typed."""

    def __init__(self) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off"})


class CountryField(forms.RegexField):
    """A country by its two letters."""

    def __init__(self, label: "StrOrPromise", **options: Any) -> None:
        super().__init__(COUNTRY_CODE, required=False, label=label, **options)


class WholeNumberField(forms.IntegerField):
    """A whole number, or nothing."""

    def __init__(self, label: "StrOrPromise", *, least: int = 0, most: int) -> None:
        super().__init__(required=False, min_value=least, max_value=most, widget=DigitsInput, label=label)


class NumberField(forms.FloatField):
    """A number from 0 on, or nothing."""

    def __init__(self, label: "StrOrPromise", *, most: int, hint: str = "") -> None:
        super().__init__(
            required=False, min_value=0, max_value=most, widget=DigitsInput, label=label, help_text=hint
        )


class SearchForm(forms.Form):
    """A city by name, and which page of a list."""

    q = forms.CharField(required=False, max_length=LONGEST_QUERY, label=_("City"))
    country = CountryField(_("Country"))


class PageForm(forms.Form):
    """Which page of a list."""

    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, label=_("Page"))


class MapForm(PageForm):
    """Whose twinnings the map shows."""

    country = CountryField(
        _("Twinnings of"),
        widget=LongSelect,
        error_messages={"invalid": _("A country is named by its two letters, such as DE.")},
    )

    def offer(self, countries: Iterable[CountrySummary]) -> None:
        """What the drop-down holds."""
        select = cast("LongSelect", self.fields["country"].widget)
        select.choices = [("", _("the whole world")), *((line.iso2, _offered(line)) for line in countries)]


def _offered(line: CountrySummary) -> str:
    return f"{line.name} ({number(line.twinning_count)})" if line.twinning_count else line.name


class MatchForm(forms.Form):
    """How to look for partners: preset, weights, filters, and one city to compare with."""

    preset = forms.ChoiceField(required=False, label=_("What matters"), widget=forms.HiddenInput)
    country = forms.ChoiceField(required=False, label=_("Country"), widget=LongSelect)
    continent = forms.ChoiceField(required=False, label=_("Continent"), widget=LongSelect)
    language = forms.ChoiceField(required=False, label=_("Language spoken there"), widget=LongSelect)
    population_min = WholeNumberField(_("People, at least"), most=LIMITS.population)
    population_max = WholeNumberField(_("People, at most"), most=LIMITS.population)
    distance_min_km = NumberField(_("Kilometres, at least"), most=LIMITS.distance_km)
    distance_max_km = NumberField(_("Kilometres, at most"), most=LIMITS.distance_km)
    own_country = forms.BooleanField(required=False, label=_("Include the own country"))
    include_twinned = forms.BooleanField(required=False, label=_("Include cities already twinned"))
    has_communities = forms.BooleanField(required=False, label=_("Have communities here"))
    top = WholeNumberField(_("How many cities"), least=1, most=LIMITS.top_of_a_page)
    compare = forms.CharField(required=False, max_length=LONGEST_QUERY, label=_("Compare with any city"))

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, label_suffix="")
        self._presets = {preset.key: preset for preset in presets()}
        choices = filter_choices()
        self._choose("preset", [(key, preset.label) for key, preset in self._presets.items()])
        self._choose("country", [(choice.value, choice.label) for choice in choices.countries])
        self._choose("continent", [(choice.value, choice.label) for choice in choices.continents])
        self._choose("language", [(choice.value, choice.label) for choice in choices.languages])
        for block in blocks():
            weight = NumberField(block.label, most=LIMITS.weight, hint=block.sentence)
            self.fields[f"w_{block.name}"] = weight

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        # A callable: hundreds of choices are gone through only when they are needed.
        field.choices = lambda: [("", _("any")), *choices]

    @property
    def place_fields(self) -> list[forms.BoundField]:
        """The drop-downs."""
        return [self["country"], self["continent"], self["language"]]

    def clean(self) -> dict[str, object]:
        values = self.cleaned_data
        self._check_order("population_min", "population_max", _("This must not be below “People, at least”."))
        self._check_order(
            "distance_min_km", "distance_max_km", _("This must not be below “Kilometres, at least”.")
        )
        return values

    def _check_order(self, low: str, high: str, sentence: object) -> None:
        least, most = self.cleaned_data.get(low), self.cleaned_data.get(high)
        if least is not None and most is not None and most < least:
            self.add_error(high, str(sentence))

    @property
    def preset_used(self) -> Preset:
        """The chosen preset, else the first."""
        chosen = self.cleaned_data.get("preset") if self.is_bound and self.is_valid() else ""
        return self._presets[chosen] if chosen else next(iter(self._presets.values()))

    @property
    def filters(self) -> Filters:
        """What the list is narrowed to."""
        return Filters.of({name: None if value == "" else value for name, value in self.cleaned_data.items()})

    @property
    def weights(self) -> dict[str, float] | None:
        """The personal weights; None when the sliders stand where the preset puts them."""
        given = {block.name: self.cleaned_data.get(f"w_{block.name}") for block in blocks()}
        if all(value is None for value in given.values()):
            return None
        usual = slider_positions(self.preset_used.weights)
        personal = {name: usual.get(name, 0) if value is None else value for name, value in given.items()}
        is_usual = all(math.isclose(personal[name], usual.get(name, 0)) for name in personal)
        return None if is_usual else {name: float(value) for name, value in personal.items()}


def slider_positions(weights: Mapping[str, float]) -> dict[str, int]:
    """Where the sliders stand for these weights: the strongest factor at 100."""
    largest = max(weights.values(), default=1.0)
    return {name: round(LIMITS.weight * weight / largest) for name, weight in weights.items()}
