"""Partnerships: two communities that are introduced, and what they agree on."""
