"""The column beside a name by which the name is found: its folded key, written whenever the row is."""

from typing import Any

from django.db import models

from lunheng.core.identity import folded


class KeyOf(models.CharField[str, str]):
    """The folded key of another column of the row; nobody sets it."""

    def __init__(self, *args: Any, of: str = "name", **given: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 200, "editable": False, "default": "", **given})

    def deconstruct(self) -> Any:
        name, path, args, given = super().deconstruct()
        return name, path, args, {**given, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The key of the name as it is now."""
        key = folded(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key
