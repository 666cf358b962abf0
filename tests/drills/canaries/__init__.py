"""Telephones and names that nobody has, sent through every flow, and looked for wherever something may be kept."""
