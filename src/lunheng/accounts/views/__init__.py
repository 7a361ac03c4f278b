"""Screens of logging in, leaving, and choosing a seat."""
