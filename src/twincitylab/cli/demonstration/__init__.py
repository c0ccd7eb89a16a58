"""The demonstration world: invented communities in real cities, and how they come and go.

The JSON files hold the communities of each continent, what happened between them, and what came of it.
"""
