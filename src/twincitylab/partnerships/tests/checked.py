"""A partnership in which enough people can answer an eye-level check, and their answers."""

from collections.abc import Sequence

from twincitylab.community.models import Person
from twincitylab.community.tests.world import NOW, make_person, seat
from twincitylab.partnerships.models import EyeLevelCheck, Partnership, Side
from twincitylab.partnerships.operations.checking import answer_check, open_check
from twincitylab.partnerships.rules.questions import QUESTION_COUNT
from twincitylab.partnerships.tests.pair import Pair, partnered

US, BOTH, THEM = [2] * QUESTION_COUNT, [0] * QUESTION_COUNT, [-2] * QUESTION_COUNT
"""What somebody answers who always says the same."""


def make_sides(pair: Pair) -> tuple[Partnership, Side, Side]:
    """The partnership of the pair with its two sides, four people each."""
    partnership = partnered(pair)
    a, b = partnership.sides.all()
    for community, count in ((pair.a, 2), (pair.b, 1)):
        for number in range(count):
            seat(community, make_person(f"Member {community.pk} {number}"))
    return partnership, a, b


def people_of(side: Side) -> list[Person]:
    return list(Person.objects.filter(memberships__community=side.community_id).order_by("pk"))


def opened(pair: Pair, partnership: Partnership, a: Side) -> EyeLevelCheck:
    return open_check(partnership=partnership, side=a, by=pair.ada, now=NOW)


def answered(check: EyeLevelCheck, side: Side, *answers: Sequence[int | None]) -> None:
    """The first people of the side answer, in their order."""
    for person, given in zip(people_of(side), answers, strict=False):
        answer_check(check=check, side=side, answers=given, by=person, now=NOW)
