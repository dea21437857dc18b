"""What stands under an answer for its reader to rate it: buttons, and the form behind one.

Pure. The form holds no text but ours; ``page.js`` puts a copy of it under the answer.
"""

from assistant.evaluation.feedback import KEPT_DAYS, MAX_REMARK_CHARS, Entry, Reason
from ui.markup import Html, fence, join, tag
from ui.web import targets

REASONS: dict[Reason, str] = {
    "wrong": "falsch",
    "incomplete": "unvollständig",
    "source": "Quelle passt nicht",
    "refused": "zu Unrecht abgelehnt",
    "outdated": "veraltet",
    "unclear": "unverständlich",
}
_TERMS = (
    "Gespeichert wird mit Grund, Bemerkung und Tag, ohne Namen und Uhrzeit, höchstens "
    f"{KEPT_DAYS} Tage lang; eine Frage, die zur Prüffrage wird, bleibt länger."
)


def block(exchange: int, rated: Entry | None, trouble: str = "") -> Html:
    """Render what stands under an answer, not yet fenced.

    ``rated`` is what its reader said, ``trouble`` the German message why that wasn't stored.
    """
    said = rated.rating if rated else ""
    words = {"up": "Hilfreich", "down": "Nicht hilfreich"}
    thumbs = [
        tag(
            "button",
            words[choice],
            id=targets.rating(exchange, choice),
            class_=f"thumb {choice}",
            aria_pressed="true" if said == choice else "false",
        )
        for choice in ("up", "down")
    ]
    back = tag("button", "Zurücknehmen", id=targets.rating(exchange, "back"), class_="thumb back")
    return tag(
        "div",
        tag("p", trouble, class_="trouble") if trouble else Html(),
        tag("p", thanks(rated) if rated else "War das hilfreich?", class_="asked"),
        *thumbs,
        back if rated else Html(),
        class_="rating",
        id=f"rating-{exchange}",
        role="group",
        aria_label="Rückmeldung zu dieser Antwort",
        tabindex="-1",  # takes the focus when the form is gone
    )


def thanks(rated: Entry) -> str:
    """Say what became of a rating."""
    if rated.kept:
        return "Danke. Frage und Antwort sind gespeichert."
    return "Danke. Ihre Bewertung ist gezählt."


def forms() -> Html:
    """Render the forms, one for answers and one for refusals, to be copied from."""
    refusal: list[Reason] = sorted(REASONS, key=lambda reason: reason != "refused")
    return fence(join(_form("answered", list(REASONS)), _form("refused", refusal)), form=True)


def _form(kind: str, reasons: list[Reason]) -> Html:
    chosen = [
        tag(
            "label",
            tag("input", type="radio", name_="reason", value=reason),
            tag("span", REASONS[reason]),
        )
        for reason in reasons
    ]
    keep = tag(
        "label",
        tag("input", type="checkbox", name_="keep"),
        tag("span", "Frage und Antwort dürfen gespeichert werden"),
        class_="keep",
    )
    remark = tag(
        "label",
        tag("span", "Bemerkung (freiwillig)"),
        tag("textarea", name_="remark", rows="2", maxlength=str(MAX_REMARK_CHARS)),
        class_="remark",
    )
    return tag(
        "div",
        tag("fieldset", tag("legend", "Was war nicht hilfreich?"), *chosen),
        keep,
        tag("p", _TERMS, class_="terms"),
        remark,
        tag("p", class_="need", role="status"),
        tag(
            "p",
            tag("button", "Senden", class_="send"),
            tag("button", "Abbrechen", class_="cancel"),
        ),
        class_=f"rating-form {kind}",
    )
