"""Announced inside the transaction of the change, for what stands above: ``now`` and ``by`` come along."""

from django.dispatch import Signal

community_closed = Signal()
"""``community`` was given up."""
community_begins_anew = Signal()
"""``community`` is seen under another name from now on, and nothing may lead from the one to the other."""
community_hides = Signal()
"""``community`` is seen by nobody but its members from now on, and by those it has met."""
community_blocked = Signal()
"""``community`` no longer wants to hear from ``blocked``."""
