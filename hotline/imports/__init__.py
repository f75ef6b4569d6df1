"""Tickets, employers and units from files: read, judged row by row, taken in once each."""
