"""拒绝: the one exception by which an act is refused, carrying the verdict that refused it."""

from lunheng.core.verdict import Verdict


class Refused(Exception):
    """An act was not permitted; `verdict` says by which clause and what to do next."""

    def __init__(self, verdict: Verdict, shown: Verdict | None = None) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict
        self.shown = verdict if shown is None else shown
        """What the person reads: less than what is kept, where the ground itself would tell what exists."""
        self.is_kept = False
        """Whether the refused attempt has been written down already."""
        self.files: tuple[int, ...] = ()
        """Keys of the files that the act held when it was refused."""
        self.is_passing = False
        """Whether the same try may be right a little later: load of ours, or a budget that fills up again."""


def require(verdict: Verdict) -> Verdict:
    """Return the verdict, so that its warnings can be recorded, or raise Refused unless it is ALLOWED."""
    if not verdict.is_allowed:
        raise Refused(verdict)
    return verdict
