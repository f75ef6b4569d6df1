"""Asking the caller, after a matter is settled, whether it helped."""
