"""Pages of panels, by topic."""
