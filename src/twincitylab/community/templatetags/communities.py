"""What pages tell of a person's communities."""

from django import template

from twincitylab.community.models import Person
from twincitylab.community.queries.mine import MyCommunity, my_communities

register = template.Library()


@register.simple_tag
def communities_of(person: Person) -> tuple[MyCommunity, ...]:
    """The communities in which a person has a seat: three queries."""
    return my_communities(person)
