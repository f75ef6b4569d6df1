"""How many must sit there: arrivals foreseen, seats they need, and who is rostered."""
