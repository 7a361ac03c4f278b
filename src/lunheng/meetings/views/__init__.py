"""Screens of the meeting."""
