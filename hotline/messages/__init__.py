"""Every word that comes in or goes out by SMS, and notices on the desk."""
