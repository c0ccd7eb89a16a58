"""What the templates of partnerships show in many places."""
