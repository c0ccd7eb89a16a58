"""What stewards say of their community, and what of it is wrong."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from twincitylab.community.choices import CommunityKind, CommunitySize, Mode, Topic, Visibility
from twincitylab.community.models import (
    LONGEST_ABOUT,
    LONGEST_LINE,
    MOST_CAPACITY,
    Community,
)
from twincitylab.community.rules.languages import written_codes
from twincitylab.community.rules.names import fitting_name
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.community.rules.safety import told_city, told_name

EARLIEST_YEAR: Final = 800
SHORTEST_NAME: Final = 2
SHORTEST_PURPOSE: Final = 10
LONGEST_WEBSITE: Final = 300
MOST_TOPICS: Final = 8
MOST_LANGUAGES: Final = 10
# Whoever changes one of these is somebody else to those who trust the badge.
VERIFIED_FACTS: Final = ("name", "city", "kind")


@dataclass(frozen=True)
class CommunityFacts:
    """All that stewards can say and change; ``city`` is a GeoNames id, 0 for none."""

    name: str
    city: int
    kind: str
    purpose: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    about: str = ""
    about_language: str = "en"
    website: str = ""
    since: int | None = None
    size: str = CommunitySize.TENS
    capacity: int = 1
    modes: tuple[str, ...] = (Mode.ONLINE,)
    visibility: str = Visibility.PUBLIC
    is_safe_mode: bool = False
    pseudonym: str = ""
    hides_city: bool = False

    @property
    def shown_name(self) -> str:
        return self.pseudonym if self.is_safe_mode else self.name


def facts_of(community: Community) -> CommunityFacts:
    """What is stored: two queries unless its topics and languages were read before."""
    return CommunityFacts(
        name=community.name,
        city=community.city_id,
        kind=community.kind,
        purpose=community.purpose,
        topics=tuple(sorted(line.topic for line in community.topics.all())),
        languages=tuple(sorted(line.language for line in community.languages.all())),
        about=community.about,
        about_language=community.about_language,
        website=community.website,
        since=community.since,
        size=community.size,
        capacity=community.capacity,
        modes=tuple(community.modes),
        visibility=community.visibility,
        is_safe_mode=community.is_safe_mode,
        pseudonym=community.pseudonym,
        hides_city=community.hides_city,
    )


def checked_facts(
    facts: CommunityFacts, *, this_year: int, city_names: Iterable[str]
) -> tuple[CommunityFacts, dict[str, str]]:
    """The facts as they would be stored, and what is wrong with them: a sentence by field."""
    faults: dict[str, str] = {}
    clean: dict[str, Any] = {}
    checks: dict[str, Callable[[Any], object]] = {**_CHECKS, "since": partial(_year, latest=this_year)}
    for field, check in checks.items():
        try:
            clean[field] = check(getattr(facts, field))
        except Refused as refused:
            faults[field] = refused.message
    facts = replace(facts, **clean, hides_city=facts.hides_city and facts.is_safe_mode)
    if facts.is_safe_mode:
        for field, sentence in _told_in_safety_mode(facts, city_names=list(city_names)).items():
            faults.setdefault(field, sentence)
    return facts, faults


def _name(text: str) -> str:
    clean = fitting_name(text)
    if len(clean) < SHORTEST_NAME:
        raise Refused(_("Give your community a name."))
    return clean


def _purpose(text: str) -> str:
    clean = fitting_text(text, longest=LONGEST_LINE)
    if not clean:
        raise Refused(_("Say in one sentence what your community is for."))
    shortest = SHORTEST_PURPOSE if clean.isascii() else SHORTEST_NAME
    if len(clean) < shortest:
        raise Refused(
            _("Say a little more: at least %(shortest)d characters, up to %(longest)d.")
            % {"shortest": shortest, "longest": LONGEST_LINE}
        )
    return clean


def _website(text: str) -> str:
    clean = fitting_text(text, longest=LONGEST_WEBSITE).replace(" ", "")
    if not clean:
        return ""
    if "://" not in clean and ":" not in clean.partition("/")[0].partition(".")[0]:
        clean = f"https://{clean}"
    wrong = Refused(_("This is no address of a website. Write it like https://www.example.org"))
    try:
        URLValidator(schemes=["http", "https"])(clean)
        parts = urlsplit(clean)
    except (ValidationError, ValueError):
        raise wrong from None
    if parts.username is not None or len(clean) > LONGEST_WEBSITE:
        raise wrong
    return clean


def _year(year: int | None, *, latest: int) -> int | None:
    if year is not None and not EARLIEST_YEAR <= year <= latest:
        words = {"earliest": EARLIEST_YEAR, "latest": latest}
        raise Refused(_("The year must be between %(earliest)d and %(latest)d.") % words)
    return year


def _capacity(count: int) -> int:
    if not 0 <= count <= MOST_CAPACITY:
        raise Refused(_("Choose from 0 to %(most)d new partnerships.") % {"most": MOST_CAPACITY})
    return count


def _one_of(known: Iterable[str]) -> Callable[[str], str]:
    values = frozenset(known)

    def check(value: str) -> str:
        if value not in values:
            raise Refused(_("Choose one of the entries."))
        return value

    return check


def _some_of(known: Callable[[], Iterable[str]], *, most: int) -> Callable[[Iterable[str]], tuple[str, ...]]:
    def check(values: Iterable[str]) -> tuple[str, ...]:
        chosen = tuple(sorted(set(values)))
        if not chosen:
            raise Refused(_("Choose at least one."))
        if not set(chosen) <= set(known()):
            raise Refused(_("Choose from the entries."))
        if len(chosen) > most:
            raise Refused(
                _("Choose at most %(most)d: what says everything says nothing. These are %(count)d.")
                % {"most": most, "count": len(chosen)}
            )
        return chosen

    return check


def _in_order_of_modes(values: Iterable[str]) -> tuple[str, ...]:
    chosen = _some_of(lambda: Mode.values, most=len(Mode))(values)
    return tuple(mode for mode in Mode.values if mode in chosen)


_CHECKS: Final[Mapping[str, Callable[[Any], object]]] = {
    "name": _name,
    "kind": _one_of(CommunityKind.values),
    "purpose": _purpose,
    "topics": _some_of(lambda: Topic.values, most=MOST_TOPICS),
    "languages": _some_of(written_codes, most=MOST_LANGUAGES),
    "about": lambda text: fitting_text(text, longest=LONGEST_ABOUT, one_line=False),
    "about_language": lambda code: _one_of(written_codes())(str(code)),
    "website": _website,
    "size": _one_of(CommunitySize.values),
    "capacity": _capacity,
    "modes": _in_order_of_modes,
    "visibility": _one_of(Visibility.values),
    "pseudonym": fitting_name,
}


def _told_in_safety_mode(facts: CommunityFacts, *, city_names: list[str]) -> dict[str, str]:
    """What the pseudonym or the texts would give away."""
    faults = {}
    if len(facts.pseudonym) < SHORTEST_NAME:
        faults["pseudonym"] = _("In safety mode your community needs another name under which it is seen.")
    elif told_name(facts.pseudonym, names=[facts.name]) or told_name(facts.name, names=[facts.pseudonym]):
        faults["pseudonym"] = _("The name for safety mode must not be part of the real name, nor hold it.")
    elif place := told_city(facts.pseudonym, names=city_names):
        faults["pseudonym"] = _("The name for safety mode must not name the city: “%(word)s”.") % {
            "word": place
        }
    for field in ("purpose", "about"):
        text = getattr(facts, field)
        if told_name(text, names=[facts.name]):
            faults[field] = _("In safety mode the real name must not stand in this text.")
        elif facts.hides_city and (place := told_city(text, names=city_names)):
            faults[field] = _("You hide your city, and this text names it: “%(word)s”.") % {"word": place}
    return faults
