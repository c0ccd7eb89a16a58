"""What the pages of matches tell of introductions: where one community stands with others."""

import datetime as dt

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from twincitylab.community.models import CommunityBlock
from twincitylab.matching.choices import PairState
from twincitylab.matching.queries.pair_states import Lines, Said, Teller
from twincitylab.partnerships.choices import OPEN_STATES, Answer, IntroductionState
from twincitylab.partnerships.models import Interest, Introduction, IntroductionNote


def teller() -> Teller:
    """Tells of open and accepted introductions, and of what was said in private."""
    return Teller(lines=_lines, address=_address)


def _lines(pk: int, now: dt.datetime) -> Lines:
    said = Interest.objects.order_by().filter(community=pk)
    return [
        _introductions(pk, "a", "b", now=now),
        _introductions(pk, "b", "a", now=now),
        said.values_list("other_id", _word(PairState.PRIVATE), Value(0)),
    ]


def _introductions(
    pk: int, us: str, them: str, *, now: dt.datetime
) -> QuerySet[Introduction, tuple[object, ...]]:
    """Those of one side, without proposals of whom it has blocked."""
    notes = IntroductionNote.objects.filter(introduction=OuterRef("pk"), side__isnull=False)
    blocked = CommunityBlock.objects.filter(community=OuterRef(us), blocked=OuterRef(them))
    is_asked = Q(state=IntroductionState.ASKED, last_side=F(them))
    has_asked = Q(state=IntroductionState.ASKED, last_side=F(us))
    state = Case(
        When(state=IntroductionState.ACCEPTED, then=_word(PairState.MET)),
        When(has_asked, **{f"answer_{us}": Answer.NONE}, then=_word(PairState.ASKED)),
        When(Q(**{f"answer_{us}": Answer.NONE}), then=_word(PairState.ANSWER)),
        When(is_asked, then=_word(PairState.REPLY)),
        default=_word(PairState.SENT),
        output_field=CharField(),
    )
    is_open = Q(state__in=OPEN_STATES, expires_at__gt=now)
    return (
        Introduction.objects.order_by()
        .filter(is_open | Q(state=IntroductionState.ACCEPTED), ~Exists(blocked), **{us: pk})
        .alias(last_side=Subquery(notes.order_by("-written_at", "-pk").values("side")[:1]))
        .values_list(f"{them}_id", state, "pk")
    )


def _word(state: PairState) -> Value:
    return Value(state.value, output_field=CharField())


def _address(said: Said, us: str, them: str) -> str:
    if said.number:
        return f"{reverse('partnerships:introduction', args=[said.number])}?as={us}"
    return reverse("partnerships:introduce", args=[us, them])
