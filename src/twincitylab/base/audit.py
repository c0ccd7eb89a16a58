"""Writing the audit trail."""

import datetime as dt

from twincitylab.base.models import AuditEntry


def record(
    *, actor: str, action: str, subject: str, now: dt.datetime, detail: dict[str, object] | None = None
) -> AuditEntry:
    """Write one audit row; call it inside the transaction of the change it describes."""
    return AuditEntry.objects.create(
        happened_at=now, actor=actor, action=action, subject=subject, detail=detail or {}
    )
