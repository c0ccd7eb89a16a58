"""The pages of people and communities."""
