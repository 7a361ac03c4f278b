"""案件: one matter pinned to one pack digest, and the pattern of the legal act."""
