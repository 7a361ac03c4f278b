"""The same seated panels as the meeting's tests have."""

from tests.meetings.conftest import list_of_five, nanning, panel, qingdao

__all__ = ["list_of_five", "nanning", "panel", "qingdao"]
