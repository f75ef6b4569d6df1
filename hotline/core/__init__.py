"""The ground floor: database, time, errors, permissions, audit, privacy, language."""
