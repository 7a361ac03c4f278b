"""Pages of the engine: the list, one matter, its steps."""
