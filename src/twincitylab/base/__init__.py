"""What every app stands on: the audit trail, page components, identifiers."""
