"""The 12351 hotline: every matter has an outcome, every voice an answer."""

__version__ = "0.1.0"
