"""How the demo is made: a province's worth of invented people, then a few weeks of their lives, told by acts."""
