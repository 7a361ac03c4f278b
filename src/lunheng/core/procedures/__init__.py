"""办理流程: the steps of a review and of the files beside it, each declared once, one row per act.

What a row says is written nowhere else: the lawful order, what of it is sealed, whose turn it is, the desk's duties, buttons,
words. ``step`` says what a row holds; ``preparing`` to ``closing`` and ``files`` hold the rows; ``table`` reads them.
"""
