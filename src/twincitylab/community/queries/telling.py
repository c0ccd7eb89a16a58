"""The one rule for what a text tells of a community in safety mode: its real name, or a hidden city."""

from collections.abc import Iterable

from twincitylab.community.models import Community
from twincitylab.community.queries.places import names_of_city
from twincitylab.community.rules.safety import told_city, told_name


def told_in(texts: Iterable[str], *, community: Community) -> str:
    """The first name of a community in safety mode that one of the texts tells; nothing otherwise."""
    if not community.is_safe_mode:
        return ""
    return told_of(texts, name=community.name, city=community.city_id, hides_city=community.hides_city)


def told_of(texts: Iterable[str], *, name: str, city: int, hides_city: bool) -> str:
    """The real name, or, where the city is hidden, any by which the atlas knows it, that one of the texts
    tells; nothing otherwise."""
    written = [text for text in texts if text]
    places = names_of_city(city) if written and hides_city else []
    found = (told_name(text, names=[name]) or told_city(text, names=places) for text in written)
    return next(filter(None, found), "")
