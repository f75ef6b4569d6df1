"""How fast the hotline is, as ratios to the least that the same machine could do."""
