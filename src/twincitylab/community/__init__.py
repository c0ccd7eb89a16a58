"""People, communities, what they need and offer, and whom a city knows."""
