"""Everything that changes people and communities: each change one transaction with an audit row."""
