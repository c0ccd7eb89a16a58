"""Everything that reads people and communities."""
