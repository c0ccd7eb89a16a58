"""Two stewards who change a community at once: what goes together does, the second chooses of the rest."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from twincitylab.atlas.models import City
from twincitylab.atlas.queries.words import language_name
from twincitylab.base.components.words import joined
from twincitylab.community.choices import CommunityKind, CommunitySize, Mode, Topic, Visibility
from twincitylab.community.forms.communities import (
    SEVERAL,
    TICKED,
    CommunityForm,
    city_label,
    city_values,
    facts_stored_in,
    form_of,
    names_of_facts,
)
from twincitylab.community.models import Community
from twincitylab.community.rules.facts import CommunityFacts, facts_of

THEIRS, MINE = "theirs", "mine"
_CHOICES: dict[str, Any] = {
    "topics": Topic,
    "modes": Mode,
    "kind": CommunityKind,
    "size": CommunitySize,
    "visibility": Visibility,
}


@dataclass(frozen=True)
class Clash:
    """A field that somebody else has changed meanwhile; ``is_open`` when both have, each in their way.

    ``result`` is what the form holds now, ``chosen`` what was chosen of an open one.
    """

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    result: str = ""
    is_open: bool = False
    chosen: str = ""

    @property
    def field(self) -> str:
        """Under which name the choice is sent."""
        return choice_field(self.name)


def choice_field(name: str) -> str:
    return f"decide-{name}"


def merged(
    *, before: CommunityFacts | None, theirs: CommunityFacts, mine: CommunityFacts
) -> tuple[CommunityFacts, list[Clash]]:
    """Mine with what they have changed: of lists what each added and took away, of others what only they did.

    Where both have changed the same, or nobody knows what it was before, mine stays and is told as open.
    """
    result, clashes = mine, []
    for name in CommunityFacts.__dataclass_fields__:
        there, here = getattr(theirs, name), getattr(mine, name)
        was = getattr(before, name) if before else None
        if there == here or (before and there == was):
            continue
        both, is_open = _both(name, was=was, there=there, here=here) if before else (here, True)
        result = replace(result, **{name: both})
        told = {"before": was, "theirs": there, "mine": here, "result": both}
        words = {part: fact_words(name, value) for part, value in told.items()}
        clashes.append(Clash(name=name, label=_label(name), is_open=is_open, **words))
    return result, clashes


def form_of_both(form: CommunityForm, *, current: Community) -> tuple[CommunityForm, list[Clash]]:
    """The form once more, from what is stored now, with the sender's own facts where they changed them."""
    before, theirs = form.facts_before, facts_of(current)
    facts, clashes = merged(before=before, theirs=theirs, mine=form.facts)
    again = form_of(
        facts,
        before=theirs,
        revision=current.revision,
        city=City.objects.select_related("country").get(pk=facts.city),
        base=before,
        undecided=[clash.name for clash in clashes if clash.is_open],
    )
    return again, clashes


def decided(sent: QueryDict) -> QueryDict:
    """What was sent, with theirs wherever those were chosen; what nobody decided stays undecided."""
    names, theirs = names_of_facts(sent.get("undecided", "")), facts_stored_in(sent.get("before", ""))
    if not names:
        return sent
    data = sent.copy()
    if theirs is None:  # nobody knows any more what to choose between: it is told anew
        data["undecided"] = data["revision"] = ""
        return data
    for name in names:
        if sent.get(choice_field(name)) == THEIRS:
            _put(data, name, theirs)
    open_still = [name for name in names if sent.get(choice_field(name)) not in (THEIRS, MINE)]
    data["undecided"] = ",".join(open_still)
    return data


def still_open(form: CommunityForm, *, sent: QueryDict) -> list[Clash]:
    """What the sender of the form has still to choose."""
    theirs = form.facts_before
    if theirs is None:
        return []
    base = facts_stored_in(str(form["base"].value() or ""))
    return [
        Clash(
            name=name,
            label=_label(name),
            before=fact_words(name, getattr(base, name) if base else None),
            theirs=fact_words(name, getattr(theirs, name)),
            mine=fact_words(name, form[name].value()),
            is_open=True,
            chosen=sent.get(choice_field(name), ""),
        )
        for name in form.open_facts
    ]


def fact_words(name: str, value: Any) -> str:
    """A fact as a reader would say it, also one that was only typed."""
    if value in ("", None, (), []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "city" and isinstance(value, int):
        city = City.objects.select_related("country").filter(pk=value).first()
        return city_label(city) if city else "–"
    if name == "languages":
        return str(joined(sorted(language_name(code) for code in value)))
    if name == "about_language":
        return language_name(value)
    if name in _CHOICES:
        return _labels(_CHOICES[name], [value] if isinstance(value, str) else value)
    return str(value)


def _labels(choices: Any, values: Iterable[str]) -> str:
    labels = dict(choices.choices)
    return str(joined([str(labels.get(value, value)) for value in values]))


def _both(name: str, *, was: Any, there: Any, here: Any) -> tuple[Any, bool]:
    """What both together want, and whether that is for somebody to decide."""
    if name in SEVERAL:
        kept = (set(here) | (set(there) - set(was))) - (set(was) - set(there))
        order = Mode.values if name == "modes" else sorted(kept)
        return tuple(value for value in order if value in kept), False
    return (there, False) if here == was else (here, True)


def _label(name: str) -> str:
    return str(CommunityForm.base_fields[name].label)


def _put(data: QueryDict, name: str, facts: CommunityFacts) -> None:
    value = asdict(facts)[name]
    if name == "city":
        city = City.objects.select_related("country").filter(pk=value).first()
        for field, text in (city_values(city) if city else {}).items():
            data[field] = text
    elif name in SEVERAL:
        data.setlist(name, list(value))
        if name == "languages":
            data["other_languages"] = ""
    elif name in TICKED and not value:
        data.pop(name, None)
    else:
        data[name] = "on" if value is True else "" if value is None else str(value)
