"""Parsers that run in a child process with little memory and little time. Nothing of Django is imported here."""
