"""Calls: from the first ring to the last word about it, each with exactly one end."""
