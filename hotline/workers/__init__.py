"""The people who call and write: their numbers, names and wishes, kept sealed."""
