"""The atlas: countries, real cities, their names, and the twinnings known between them."""
