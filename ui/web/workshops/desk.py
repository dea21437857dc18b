"""What the page of the workshops does between an event and its rendering. No gradio in here."""

from corpus.errors import UnknownItemError
from ui.service import Service
from ui.web.ask.conversation import explain
from ui.web.workshops import themes_view, view
from ui.web.workshops.board import board
from ui.web.workshops.themes_view import Opened


def page(service: Service, *, with_page: bool) -> tuple[str, str, str]:
    """Render the series, the map, and how to add; a fault stands where the series would."""
    try:
        counted = service.themes()
        told = board(service.overview(), counted, service.series())
    except Exception as error:
        return view.failure(explain(error)), "", ""
    return (
        view.series(told),
        themes_view.theme_map(told, counted),
        view.adding(told, with_page=with_page),
    )


def opened(service: Service, name: object) -> str:
    """Render the passages of the cell or passage of that name, or why they can't be shown."""
    target = themes_view.read_target(name)
    if target is None:
        return ""
    try:
        counted = service.themes()
        places = service.theme_places(target.theme, target.column)
        if not places:
            raise UnknownItemError(
                "Diese Stellen gibt es nicht mehr, die Sammlung wurde inzwischen geändert. Bitte "
                "laden Sie die Seite neu."
            )
        chosen = min(target.number, len(places) - 1)
        citation = places[chosen].citation
        return themes_view.passages(
            Opened(
                theme=next(theme for theme in counted.themes if theme.id == target.theme),
                column=target.column,
                size=counted.sizes[target.column],
                places=places,
                chosen=chosen,
                document=service.document(citation.document, citation.version),
            )
        )
    except Exception as error:
        return themes_view.failure(explain(error))
