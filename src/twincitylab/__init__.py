"""Twin City Lab: match urban communities across the world and make their partnership work at eye level."""

__version__ = "0.1.0"
