"""Who belongs to a community; for its members only."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Value, When

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Membership, Person


@dataclass(frozen=True)
class MemberLine:
    """One seat; ``is_reader`` marks one's own."""

    pk: int
    name: str
    role: Role
    role_label: str
    since: dt.datetime
    is_reader: bool

    @property
    def is_steward(self) -> bool:
        return self.role is Role.STEWARD


def members_of(community: Community, *, reader: Person) -> tuple[MemberLine, ...]:
    """Stewards first, then those who have been there longest."""
    stewards_first = Case(When(role=Role.STEWARD, then=Value(0)), default=Value(1))
    held = Membership.objects.filter(community=community).select_related("person")
    return tuple(
        MemberLine(
            pk=seat.pk,
            name=seat.person.name,
            role=Role(seat.role),
            role_label=str(seat.get_role_display()),
            since=seat.since,
            is_reader=seat.person_id == reader.pk,
        )
        for seat in held.order_by(stewards_first, "since", "pk")
    )
