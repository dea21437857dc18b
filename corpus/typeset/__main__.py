"""``python -m corpus.typeset [SOURCES] [TARGET]``: typeset the starter collection."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from corpus.errors import SozialraumError
from corpus.typeset.press import typeset

CORPUS_FOLDER = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Typeset the folder; progress and errors go to stderr. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m corpus.typeset",
        description="Setzt die Startsammlung: Markdown-Quellen zu zweispaltigen PDF-Heften.",
    )
    parser.add_argument(
        "sources",
        nargs="?",
        type=Path,
        default=CORPUS_FOLDER / "sources",
        help="Ordner mit den Quellen (Vorgabe: corpus/sources)",
    )
    parser.add_argument(
        "target",
        nargs="?",
        type=Path,
        default=CORPUS_FOLDER / "documents",
        help="Ordner für die PDF-Dateien (Vorgabe: corpus/documents)",
    )
    folders = parser.parse_args(arguments)
    try:
        with tqdm(unit=" Dateien", file=sys.stderr) as bar:

            def show(done: int, total: int, name: str) -> None:
                bar.total = total
                bar.set_postfix_str(name, refresh=False)
                bar.update(done - bar.n)

            typeset(folders.sources, folders.target, progress=show)
    except SozialraumError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
