"""Recordings: fetched from the carrier, sealed, heard with a reason, and gone in time."""
