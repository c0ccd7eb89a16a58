"""What communities say of each other, and the rounds that serve them all, computed in the background."""

import datetime as dt
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from twincitylab.base.audit import record
from twincitylab.community.models import Community, Person
from twincitylab.community.operations.changes import touch
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.matching.choices import AsideReason, RunState
from twincitylab.matching.engine.communities import rounds, store
from twincitylab.matching.engine.store import world as current_world
from twincitylab.matching.models import CommunityRounds, Feedback, KnownPair
from twincitylab.matching.queries.communities import (
    LEARNED_FROM,
    newest_change,
    newest_word,
    pairs_apart,
    rounds_state,
)

ACTOR = "background worker"
SILENT_FOR = dt.timedelta(minutes=3)
REST = dt.timedelta(seconds=60)
"""Rounds rest for this long after the last ones, or for as long as those took, if that is longer."""
SECONDS_BETWEEN_SIGNS_OF_LIFE = 1.0
FAILURES_KEPT = 3


class Superseded(Exception):
    """Somebody took this computation for dead, so that another one counts."""


def remember_pair(a: Community, b: Community, now: dt.datetime) -> KnownPair:
    """The two have found each other: neither is shown to the other any more."""
    first, second = sorted((a, b), key=lambda community: community.pk)
    with transaction.atomic():
        pair, _is_new = KnownPair.objects.get_or_create(a=first, b=second, defaults={"since": now})
    return pair


def learn_from(community: Community, other: Community, reason: str, now: dt.datetime) -> Feedback:
    """The community did not want this match: it is set aside, and the list learns from the reason.

    Said again with another reason, the newer one counts.
    """
    with transaction.atomic():
        feedback, _is_new = Feedback.objects.update_or_create(
            community=community, other=other, defaults={"reason": reason, "given_at": now}
        )
        if reason in LEARNED_FROM:
            touch(community, now=now)
    return feedback


def forget_refusals_of(other: Community) -> None:
    """Nobody has turned this community down any more: that it is missing from a list would tell which it was
    before. Part of a change after which it is another to everybody."""
    Feedback.objects.filter(other=other).delete()


def set_aside(
    *, community: Community, other: Community, reason: str, by: Person, now: dt.datetime
) -> Feedback:
    """A steward does not want this match; the other side is never told."""
    if reason not in AsideReason.values:
        raise Refused(_("Choose one of the reasons."), field="reason")
    with transaction.atomic():
        require_standing(by, community, Standing.STEWARD)
        feedback = learn_from(community, other, reason, now)
        record(
            actor=f"person {by.pk}",
            action="set a match aside",
            subject=f"community {community.pk}",
            now=now,
            detail={"other": other.pk, "reason": reason},
        )
    return feedback


def ask_for_rounds(*, now: dt.datetime) -> bool:
    """Queue new rounds if anything changed since the last ones and they have rested; True if queued."""
    state = rounds_state()
    _give_up_dead(now=now)
    if not _is_due(state.ready, now=now):
        return False
    try:
        with transaction.atomic():
            CommunityRounds.objects.create(asked_at=now)
            community_rounds_task.enqueue()
    except IntegrityError:
        return False
    return True


def compute_rounds(*, now: Callable[[], dt.datetime] = timezone.now) -> CommunityRounds | None:
    """Compute the rounds that wait; None when none wait or somebody else computes them."""
    run = _claim(now=now())
    if run is None:
        return None
    try:
        return _compute(run, now=now)
    except Superseded:
        return None
    except Exception as trouble:
        _fail(run, now=now(), trouble=f"{type(trouble).__name__}: {trouble}")
        raise


@task()
def community_rounds_task() -> str:
    """Compute the rounds of communities in the background worker."""
    return "done" if compute_rounds() else "nothing to do"


def _is_due(ready: CommunityRounds | None, *, now: dt.datetime) -> bool:
    changed = newest_change()
    if changed is None or CommunityRounds.objects.filter(state__in=["waiting", "running"]).exists():
        return False
    failed = CommunityRounds.objects.filter(state=RunState.FAILED, finished_at__gte=now - 10 * REST)
    if failed.exists():
        return False
    if ready is None or ready.of is None or ready.finished_at is None or ready.started_at is None:
        return True
    if now < ready.finished_at + max(REST, ready.finished_at - ready.started_at):
        return False
    if ready.version != rounds.version(current_world()):
        return True
    said = newest_word()
    return changed > ready.of or (said is not None and said > ready.of)


def _claim(*, now: dt.datetime) -> CommunityRounds | None:
    """Turn the waiting run into the running one; the database lets only one process do it."""
    waiting = CommunityRounds.objects.filter(state=RunState.WAITING)
    run = waiting.first()
    if run is None:
        return None
    try:
        with transaction.atomic():
            claimed = waiting.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=now, seen_at=now)
    except IntegrityError:
        return None
    run.refresh_from_db()
    return run if claimed else None


def _compute(run: CommunityRounds, *, now: Callable[[], dt.datetime]) -> CommunityRounds:
    # Whoever changes from now on does not count as taken in.
    moment = now()
    memory = store.gather(now=moment)
    lists = rounds.compute(
        memory.assembly.whole(), apart=pairs_apart(now=moment), progress=_Reporter(run, now=now)
    )
    with transaction.atomic():
        CommunityRounds.objects.filter(state=RunState.READY).delete()
        finished = CommunityRounds.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            state=RunState.READY,
            of=moment,
            version=rounds.version(memory.world),
            progress=1.0,
            finished_at=now(),
            ranks=lists.partners.shape[1],
            communities=lists.communities.astype("<i8").tobytes(),
            partners=lists.partners.astype("<i8").tobytes(),
            scores=lists.scores.astype("<f4").tobytes(),
        )
        if not finished:
            raise Superseded
        record(
            actor=ACTOR,
            action="compute community rounds",
            subject="communities",
            now=now(),
            detail={"communities": len(lists.communities), "shown": int((lists.partners > 0).sum())},
        )
    run.refresh_from_db()
    return run


class _Reporter:
    """Writes how far the run is, about once a second."""

    def __init__(self, run: CommunityRounds, *, now: Callable[[], dt.datetime]) -> None:
        self._run, self._now, self._last = run, now, now()

    def __call__(self, fraction: float) -> None:
        moment = self._now()
        if (moment - self._last).total_seconds() < SECONDS_BETWEEN_SIGNS_OF_LIFE:
            return
        self._last = moment
        alive = CommunityRounds.objects.filter(pk=self._run.pk, state=RunState.RUNNING).update(
            progress=min(max(fraction, 0.0), 1.0), seen_at=moment
        )
        if not alive:
            raise Superseded


def _give_up_dead(*, now: dt.datetime) -> None:
    dead = CommunityRounds.objects.filter(state=RunState.RUNNING, seen_at__lt=now - SILENT_FOR)
    for run in dead:
        _fail(run, now=now, trouble="its process ended")


def _fail(run: CommunityRounds, *, now: dt.datetime, trouble: str) -> None:
    with transaction.atomic():
        failed = CommunityRounds.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            state=RunState.FAILED, finished_at=now, trouble=trouble[:500]
        )
        if failed:
            record(
                actor=ACTOR,
                action="fail to compute community rounds",
                subject="communities",
                now=now,
                detail={"trouble": trouble[:500]},
            )
    old = CommunityRounds.objects.filter(state=RunState.FAILED).order_by("-finished_at", "-pk")
    CommunityRounds.objects.filter(pk__in=list(old.values_list("pk", flat=True)[FAILURES_KEPT:])).delete()
