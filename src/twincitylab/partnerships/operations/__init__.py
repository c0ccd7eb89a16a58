"""Everything that changes introductions: each change one transaction with an audit row."""
