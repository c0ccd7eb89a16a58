"""How fast the product is on this machine: ``make bench`` runs all of these; tests never time anything."""
