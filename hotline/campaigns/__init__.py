"""Campaigns: matters gathered under a tag for some weeks, with a target and what came of it."""
