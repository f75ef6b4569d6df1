"""Wages that are owed: who claims what, what was paid on which proof, and what is to come when."""
