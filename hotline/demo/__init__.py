"""The demonstration: invented people, a fortnight of history, and a runner that starts it all."""
