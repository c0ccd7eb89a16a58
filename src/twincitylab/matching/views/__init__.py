"""The pages on which a community meets others."""
