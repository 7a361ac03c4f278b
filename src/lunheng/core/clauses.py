"""条款: the citation that every answer carries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """One numbered place in one document.

    `document` is the full Chinese title of the source, or a short key that the policy pack resolves to it.
    `number` is written as the source writes it (第十二条第一款, 四（五）); `title` says what it is about.
    Raises ValueError when the document or the number is empty: a citation that leads nowhere is no citation.
    """

    document: str
    number: str
    title: str = ""

    def __post_init__(self) -> None:
        if not self.document.strip() or not self.number.strip():
            raise ValueError("条款必须写明文件名称和条款号")

    def __str__(self) -> str:
        return f"《{self.document}》{self.number}"
