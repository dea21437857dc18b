"""A question that asks for several things -> one question for each. Pure."""

import re

_W = (
    r"(?:(?:seit|bis|ab|in|auf|an|mit|für|von|zu|bei|unter|aus) )?"
    r"(?:wann|wo|wer|wen|wem|wie|was|welche[nmrs]?(?: (?-i:[A-ZÄÖÜ])\w+)?|warum|wieso|weshalb|wozu"
    r"|wofür|woher|wohin|womit|worin|wodurch|woran)"
)
# "Wann und wo fand sie statt?"
_SHARED = re.compile(rf"^(?P<one>{_W}) und (?P<other>{_W})\b (?P<rest>.+)$", re.IGNORECASE)
# "Was ist ein Fonds und wer verwaltet ihn?"
_THEN = re.compile(rf"(?:,? und|,? sowie) (?={_W} )", re.IGNORECASE)
_ASKS = re.compile(rf"^(?:und )?{_W}\b", re.IGNORECASE)
# Words; "Wer macht was und wie?" has no second question.
MIN_WORDS = 3


def parts(question: str) -> tuple[str, ...]:
    """Return the questions within a question, in order; itself where it asks for one thing."""
    shared = _SHARED.match(question)
    if shared:
        return (f"{shared['one']} {shared['rest']}", f"{shared['other']} {shared['rest']}")
    pieces = [piece.strip(" ,") for piece in _THEN.split(question)]
    if len(pieces) > 1 and all(_ASKS.match(p) and len(p.split()) >= MIN_WORDS for p in pieces):
        return tuple(pieces)
    return (question,)
