"""What visitors send to matching."""
