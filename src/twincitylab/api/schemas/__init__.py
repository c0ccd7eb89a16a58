"""The shapes of the answers and of what is sent, as the OpenAPI description tells them."""
