"""What may be done by whom, and pure rules of the field."""
