"""Screens of opinions, the report, its upload and the closing."""
