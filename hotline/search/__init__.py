"""Tickets found by what was said: an index of keyed words, and hits in what each may read."""
