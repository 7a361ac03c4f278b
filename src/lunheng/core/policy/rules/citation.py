"""What a rule stands on: places in documents, and what we chose where the text leaves room."""

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Strict and frozen: an unknown field or a value of the wrong kind is an error, never a guess."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", populate_by_name=True)


class Citation(Model):
    """One more place that the rule stands on; `source` is a key of sources.toml, empty for the main one."""

    clause: str = Field(min_length=1)
    source: str = ""
    title: str = ""


class Assumption(Model):
    """解释: what we chose where the text leaves room, and which setting changes it."""

    reading: str = Field(min_length=1)
    trap: str = Field(min_length=1)
    setting: str = Field(min_length=1)
    effect: str = Field(min_length=1)
