"""Time limits: the calendar of working days, the service classes, and the counting."""
