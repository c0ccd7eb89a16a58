"""The door for programs: the versioned JSON API."""
