"""Callbacks: whoever did not reach us is called, until they are reached or truly cannot be."""
