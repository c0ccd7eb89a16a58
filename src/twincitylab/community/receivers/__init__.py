"""What others announce or ask, answered for this app."""
