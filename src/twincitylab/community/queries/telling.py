"""The one rule for what a text tells of a community in safety mode: its real name, or a hidden city."""

from collections.abc import Iterable

from twincitylab.community.models import Community
from twincitylab.community.queries.places import names_of_city
from twincitylab.community.rules.safety import city_names_that_tell, told_name


def names_that_tell(*, name: str, city: int, hides_city: bool) -> list[str]:
    """The real name and, where the city is hidden, every name by which the atlas knows it."""
    return [name, *(city_names_that_tell(names_of_city(city)) if hides_city else ())]


def told_in(texts: Iterable[str], *, community: Community) -> str:
    """The first name of a community in safety mode that one of the texts tells; nothing otherwise."""
    written = [text for text in texts if text]
    if not community.is_safe_mode or not written:
        return ""
    names = names_that_tell(name=community.name, city=community.city_id, hides_city=community.hides_city)
    return next(filter(None, (told_name(text, names=names) for text in written)), "")
