"""Reciprocal matching: blocks -> space -> top (with certificate) -> candidates -> rounds."""
