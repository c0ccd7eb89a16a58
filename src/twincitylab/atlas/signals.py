"""What the atlas announces; whoever stands above may listen. Sent after the change is stored."""

from django.dispatch import Signal

# sender: the operation's module name as text; no arguments
atlas_loaded = Signal()
twinnings_changed = Signal()
