"""The matters: a ticket from the first word to the archive."""
