"""When something binds: whose yes it needs, to what exactly, and which stage may follow which. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from twincitylab.partnerships.choices import ProposalKind, Stage

Payload = Mapping[str, Any]

NEXT_STAGES: Mapping[str, tuple[Stage, ...]] = {
    Stage.EXPLORING: (Stage.AGREED, Stage.ACTIVE, Stage.PAUSED),
    Stage.AGREED: (Stage.ACTIVE, Stage.REVIEW, Stage.PAUSED),
    Stage.ACTIVE: (Stage.REVIEW, Stage.PAUSED),
    Stage.REVIEW: (Stage.ACTIVE, Stage.PAUSED),
    Stage.PAUSED: (Stage.ACTIVE, Stage.REVIEW),
    Stage.ENDED: (),
}
"""Where a partnership may go by consent. The end is a proposal of its own kind."""

LEAST_SIDES = 2


@dataclass(frozen=True)
class Vote:
    """Of one version: the sides whose yes it needs, and the sides that have said yes to exactly it."""

    needed: frozenset[int]
    given: frozenset[int]

    @property
    def missing(self) -> frozenset[int]:
        return self.needed - self.given

    @property
    def is_carried(self) -> bool:
        """Whether it takes effect: every side whose yes is needed has said it."""
        return bool(self.needed) and not self.missing


def canonical(payload: Payload) -> str:
    """The one way to write a payload down.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(payload: Payload) -> str:
    """SHA-256 of what is proposed: a yes names it, so that it holds for exactly this."""
    return hashlib.sha256(canonical(payload).encode()).hexdigest()


def voters(
    kind: str, payload: Payload, *, active: Collection[int], gone: Collection[int] = ()
) -> frozenset[int]:
    """The sides whose yes is needed: all that are here, and the one that is to join.

    Of sides that have vanished (``gone``) nobody can say yes any more: those that are left may pause or end
    without them, and nothing else.

    >>> sorted(voters("budget", {}, active=[1, 2]))
    [1, 2]
    >>> sorted(voters("new-side", {"side": 3}, active=[1, 2]))
    [1, 2, 3]
    >>> sorted(voters("ending", {}, active=[1, 2], gone=[2]))
    [1]
    """
    here = frozenset(active)
    if kind == ProposalKind.NEW_SIDE:
        return here | {int(payload["side"])}
    stops = kind == ProposalKind.ENDING or (
        kind == ProposalKind.STAGE and payload.get("stage") == Stage.PAUSED
    )
    return (here - frozenset(gone)) or here if stops else here


def differing(before: Payload, after: Payload) -> tuple[str, ...]:
    """The keys under which two payloads differ, in the order of the alphabet."""
    return tuple(key for key in sorted({*before, *after}) if before.get(key) != after.get(key))
