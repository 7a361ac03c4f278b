"""Ticks: who among many workers does the periodic work now."""

from django.db import models


class Tick(models.Model):
    """One periodic duty; the worker that moves ``due_at`` on has won it."""

    name = models.CharField(max_length=64, primary_key=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
