"""Where somebody may stand who is not in the register yet: forms that wait, and files that nobody has read to their end."""
