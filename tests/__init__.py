"""The tests of 论衡: the tree mirrors ``src/lunheng``."""
