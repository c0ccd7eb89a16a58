"""An answer to what somebody else has changed meanwhile."""

from typing import Any

from ninja import Field

from twincitylab.api.schemas.atlas import RefusalOut


class ConflictOut(RefusalOut):
    """Somebody was quicker: how it stands now, and what was sent, with the same names."""

    current: dict[str, Any] = Field(default_factory=dict)
    yours: dict[str, Any] = Field(default_factory=dict)
