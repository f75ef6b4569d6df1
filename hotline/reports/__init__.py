"""What leaders read: the cockpit, the wall, and the daily, weekly, monthly and special reports."""
