"""The command that fetches an embedding model, the only one that downloads one."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.german_typer import GermanCommand, app
from ui.cli.shared import Json, current_settings, print_json, progress_on_stderr

model = app("Ein anderes Sprachmodell holen als das mitgelieferte.")


@model.callback()
def group() -> None:
    """Ein anderes Sprachmodell holen als das mitgelieferte."""


@model.command(cls=GermanCommand)
def fetch(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name des Modells, „anbieter/modell“.")
    ],
    revision: Annotated[
        str, typer.Option(help="Zweig, Marke oder Fassung; dieselbe Fassung ist stets gleich.")
    ] = "main",
    as_json: Json = False,
) -> None:
    """Holt ein Modell aus dem Netz in den Datenordner; nichts anderes tut das."""
    from corpus.fetch_model import check_network
    from corpus.fetch_model import fetch as run

    settings = current_settings()
    check_network()  # here already: what shows progress takes a second to import
    with progress_on_stderr() as progress:
        fetched = run(name, settings.data, revision, progress)
    if as_json:
        print_json(
            {
                "name": fetched.name,
                "folder": str(fetched.folder),
                "revision": fetched.revision,
                "megabytes": fetched.megabytes,
                "dimension": fetched.dimension,
            }
        )
        return
    print(f"{fetched.name}, Fassung {fetched.revision}: {fetched.megabytes} MB in {fetched.folder}")
    print(
        f"So wird es verwendet: SOZIALRAUM_EMBEDDER={fetched.name} setzen, dann die Unterlagen mit "
        "„sozialraum ingest“ neu einlesen. Dabei wird gemessen, wie gut es zur Sammlung passt; "
        "„sozialraum doctor“ zeigt das Ergebnis."
    )
