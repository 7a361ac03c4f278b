"""Carry-away programs with which outsiders check what the platform publishes; they share no code with it."""
