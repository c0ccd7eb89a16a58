"""Everything that reads introductions."""
