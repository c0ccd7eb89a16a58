"""How the product is put together: settings from the environment, addresses, the WSGI door."""
