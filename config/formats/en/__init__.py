"""English as read in several countries."""
