"""Who works here: accounts, sessions, tokens, and whether somebody can take a call."""
