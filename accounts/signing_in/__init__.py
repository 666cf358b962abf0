"""Signing in: a password, then a second factor. The flow is allauth's; limits, words, encryption and trace are ours."""
