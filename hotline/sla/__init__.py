"""What time does to a matter: reminders, the ladder of escalation, timeouts, the archive."""
