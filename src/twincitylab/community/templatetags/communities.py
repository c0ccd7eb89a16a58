"""What pages tell of a person's communities."""

from django import template

from twincitylab.community.models import Community, Person
from twincitylab.community.queries.mine import MyCommunity, given_up, my_communities

register = template.Library()


@register.simple_tag
def communities_of(person: Person) -> tuple[MyCommunity, ...]:
    """The communities in which a person has a seat: three queries."""
    return my_communities(person)


@register.simple_tag
def given_up_of(person: Person) -> tuple[Community, ...]:
    """The closed communities in which a person has a seat: one query."""
    return given_up(person)
