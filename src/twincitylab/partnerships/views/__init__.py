"""The pages of introductions, the inbox, and the way out of mails."""
