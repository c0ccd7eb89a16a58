"""What may be asked of the directory of communities."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from babel import Locale
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from twincitylab.atlas.choices import Continent
from twincitylab.atlas.queries import AmbiguousCity, UnknownCity, country_name, resolve_city
from twincitylab.base.components.selects import LongSelect
from twincitylab.base.figures import grouped
from twincitylab.base.text import fold
from twincitylab.community.choices import CommunityKind, Direction, ExchangeKind, Topic
from twincitylab.community.forms.choosing import say_plainly
from twincitylab.community.queries.directory import Wanted
from twincitylab.community.rules.languages import COMMON, language_choices, written_codes

LONGEST_QUERY = 200
MOST_PAGES = 1_000_000
# What it is called in the address, where that is shorter than its name.
ADDRESS_NAMES = {"text": "q"}
BY_NAME = "name"


class DirectoryForm(forms.Form):
    """Words and filters; whatever is left empty asks for nothing."""

    q = forms.CharField(
        required=False,
        max_length=LONGEST_QUERY,
        label=_("Words"),
        widget=forms.TextInput({"type": "search", "dir": "auto", "autocomplete": "off"}),
    )
    topic = forms.ChoiceField(required=False, label=_("Topic"), widget=LongSelect)
    direction = forms.ChoiceField(
        required=False,
        label=_("They seek or bring"),
        widget=LongSelect,
        choices=[
            ("", _("either")),
            (Direction.NEED, _("seek something")),
            (Direction.OFFER, _("bring something")),
        ],
    )
    exchange = forms.ChoiceField(
        required=False,
        label=_("What changes hands"),
        widget=LongSelect,
        choices=[("", _("anything")), *ExchangeKind.choices],
    )
    kind = forms.ChoiceField(
        required=False,
        label=_("Kind of community"),
        widget=LongSelect,
        choices=[("", _("any")), *CommunityKind.choices],
    )
    language = forms.ChoiceField(required=False, label=_("Works in"), widget=LongSelect)
    city = forms.CharField(
        required=False,
        max_length=LONGEST_QUERY,
        label=_("City"),
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    country = forms.ChoiceField(required=False, label=_("Country"), widget=LongSelect)
    continent = forms.ChoiceField(
        required=False,
        label=_("Continent"),
        widget=LongSelect,
        choices=[("", _("any")), *(choice for choice in Continent.choices if choice[0] != "AN")],
    )
    verified = forms.BooleanField(required=False, label=_("Verified only"))
    order = forms.ChoiceField(
        required=False,
        label=_("Order"),
        widget=forms.HiddenInput,
        choices=[("", _("newest first")), (BY_NAME, _("by name"))],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAGES, label=_("Page"))

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, label_suffix="", auto_id="%s")
        say_plainly(self)
        topics = sorted(((topic.value, str(topic.label)) for topic in Topic), key=lambda pair: fold(pair[1]))
        self._choose("topic", topics)
        asked = str(data.get("language") or "")
        self._choose("language", language_choices({*COMMON, asked} & written_codes()))
        self.offer_countries({})

    def offer_countries(self, counts: Mapping[str, int]) -> None:
        """What the drop-down of countries holds: those with communities, and the one asked for."""
        asked = str(self.data.get("country") or "").upper()
        codes = {*counts, asked} & _territories()
        named = ((code, country_name(code, english=code)) for code in codes)
        self._choose(
            "country",
            [
                (code, f"{name} ({grouped(counts[code])})" if code in counts else name)
                for code, name in sorted(named, key=lambda pair: fold(pair[1]))
            ],
        )

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_city(self) -> int:
        text = self.cleaned_data["city"]
        if not text:
            return 0
        try:
            found = resolve_city(text)
        except AmbiguousCity as several:
            places = "; ".join(f"{hit.name}, {hit.place}" for hit in several.choices[:5])
            raise forms.ValidationError(f"{several} {places}") from several
        except UnknownCity as unknown:
            raise forms.ValidationError(str(unknown)) from unknown
        self.city_name = found.name
        return found.pk

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        values = self.cleaned_data
        return Wanted(
            text=values["q"],
            **{name: values[name] for name in Wanted.__dataclass_fields__ if name != "text"},
        )

    @property
    def is_by_name(self) -> bool:
        """Whether the list is asked for in the order of names."""
        return bool(self.cleaned_data["order"] == BY_NAME)

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """The fields of the panel, in their order."""
        names = ("topic", "direction", "exchange", "kind", "language", "city", "country", "continent")
        return [self[name] for name in names]

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", _("any")), *choices]


def filters_in(params: QueryDict, *, leave_out: Iterable[str] = ()) -> QueryDict:
    """What an address asks of the directory, without the number of the page and what is left empty."""
    kept = QueryDict(mutable=True)
    for name in DirectoryForm.base_fields:
        if (asked := params.get(name)) and name not in {"page", *leave_out}:
            kept[name] = str(asked)
    return kept


def as_address(filters: QueryDict) -> str:
    """``?topic=waste``, or nothing."""
    return f"?{filters.urlencode()}" if filters else ""


def _territories() -> frozenset[str]:
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha())
