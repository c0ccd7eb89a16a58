"""What introductions obey: how many may be open, who may propose to whom, and words to begin with."""
