"""The door for people: the pages, their templates, styles and small scripts."""
