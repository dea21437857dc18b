"""What a file holds but doesn't show: gathered while it is read, reported, never indexed."""

from corpus.types import Concealment, HiddenText
from ingest.characters import cleaned, concealed

MAX_ENTRIES = 100
MAX_CHARS = 200


class HiddenTexts:
    """Gathers hidden texts, shortened, up to a hundred of them."""

    def __init__(self) -> None:
        self._found: list[HiddenText] = []

    def add(self, concealment: Concealment, text: str, page: int | None = None) -> None:
        """Note a text that isn't shown; white space alone is none."""
        plain = " ".join(cleaned(text[: 10 * MAX_CHARS]).split())
        if plain and len(self._found) < MAX_ENTRIES:
            self._found.append(HiddenText(concealment, plain[:MAX_CHARS], page))

    def visible(self, text: str, page: int | None = None) -> str:
        """Return the text as the product keeps it; note what tag characters say in it."""
        if secret := concealed(text):
            self.add("Steuerzeichen", secret, page)
        return cleaned(text)

    def listed(self) -> tuple[HiddenText, ...]:
        """Return what was found, in reading order."""
        return tuple(self._found)
