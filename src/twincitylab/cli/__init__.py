"""The door for the terminal: the command ``twincitylab``."""
