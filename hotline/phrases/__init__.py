"""Canned texts and macros: what is written and done again and again, filled for a ticket."""
