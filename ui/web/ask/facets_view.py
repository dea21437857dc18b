"""The choice of what to search in, as German HTML: a quiet line that unfolds. Pure.

``page.js`` unfolds it; what is pressed is named by ``targets``.
"""

from ui.markup import Html, fence, items, join, tag
from ui.service import Overview
from ui.web import targets
from ui.web.ask.facets import Group, Limits, Option, groups, possible


def control(limits: Limits, held: Overview | None) -> Html:
    """Render what is searched, and what it can be limited to. Without an overview nothing is."""
    offered = groups(held) if held else ()
    if held is None or not offered:
        return fence(tag("p", "Suchen in: gesamte Sammlung", class_="scope-line"))
    line = tag(
        "div",
        tag(
            "button",
            *_asked(limits),
            class_="scope-open",
            id=targets.SCOPE_OPEN,
        ),
        _chips(limits),
        class_="scope-line",
    )
    return fence(join(line, _choices(limits, offered, held)), report=True)


def _asked(limits: Limits) -> tuple[Html, ...]:
    if limits:
        return (tag("span", "Suchen nur in:"),)
    return (tag("span", "Suchen in: "), tag("span", "gesamte Sammlung", class_="scope-all"))


def _chips(limits: Limits) -> Html:
    if not limits:
        return Html()
    chips = [
        tag(
            "button",
            tag("span", option.short),
            tag("span", " nicht mehr zur Einschränkung nehmen", class_="unseen"),
            class_="chip",
            id=targets.dropping(option.facet),
        )
        for option in limits.chosen
    ]
    return items(chips, class_="chips", aria_label="Die Suche ist eingeschränkt auf")


def _choices(limits: Limits, offered: tuple[Group, ...], held: Overview) -> Html:
    unfolding = [_group(number, group, limits, held) for number, group in enumerate(offered)]
    everything = tag("button", "Gesamte Sammlung", class_="everything", id=targets.LIMIT_ALL)
    link = tag("a", "Link zu dieser Auswahl", href=limits.address, class_="address")
    return tag(
        "div",
        tag("p", "Suche einschränken auf", class_="choices-title", id="choices-title"),
        *unfolding,
        tag("p", everything if limits else Html(), link, class_="choices-end"),
        class_="choices",
        role="group",
        aria_labelledby="choices-title",
    )


def _group(number: int, group: Group, limits: Limits, held: Overview) -> Html:
    chosen = next((o for o in group.options if o in limits.chosen), None)
    said = tag("span", chosen.short if chosen else "alle", class_="said")
    buttons = [
        _option(number, at, option, limits)
        for at, option in enumerate(group.options)
        if option == chosen or possible(option, limits, held)
    ]
    head = tag("summary", tag("span", group.name), said, id=targets.facet(number))
    return tag("details", head, items(buttons), class_="facet")


def _option(group: int, number: int, option: Option, limits: Limits) -> Html:
    return tag(
        "button",
        option.label,
        class_="option",
        id=targets.limit(group, number),
        aria_pressed="true" if option in limits.chosen else "false",
    )
