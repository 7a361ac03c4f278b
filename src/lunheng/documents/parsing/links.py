"""Links that people may follow: addresses of the web, of mail and telephone, and places in the same file.

Everything else (``file:``, ``\\\\server\\share``, ``javascript:``, a bare path) reaches into the reader's own machine
or network, and is refused.
"""

HARMLESS = ("http://", "https://", "mailto:", "tel:", "www.", "#")


def is_harmless(target: str) -> bool:
    """Whether a link to ``target`` only shows something that the reader asked for."""
    plain = "".join(character for character in target if character > " ").lower()
    return not plain or plain.startswith(HARMLESS)
