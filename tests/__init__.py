"""The tests of the hotline."""
