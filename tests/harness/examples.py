"""Which examples Hypothesis tries (loaded by ``-p tests.harness.examples``).

``pinned``, which the project's settings name: always the same ones, so that a run fails for what was changed and for nothing
else. ``--hypothesis-profile=random``, which ``make drill`` names: others every time, and those that failed again first.
"""

from hypothesis import settings

settings.register_profile("pinned", derandomize=True, database=None)
settings.register_profile("random", print_blob=True)
