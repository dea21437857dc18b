"""A question on its way: checked, limited, asked, and shown step by step. No gradio in here."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from assistant.evaluation import feedback as store
from corpus.errors import QuestionError
from corpus.types import Scope
from ui.service import Overview, Service
from ui.web.answer.render import MAX_SHOWN_CHARS, Exchange
from ui.web.ask.conversation import Conversation, explain, history
from ui.web.ask.facets import Limits, scope_of
from ui.web.ask.turns import Turns

# The page sends the whole conversation after each answer; at about 6 kB an answer this keeps a
# reply under 300 kB, and a forgotten tab from growing for ever.
MAX_EXCHANGES = 50

ANYWHERE = Limits()


class Halt:
    """Whether the reader wants no answer any more; one for each visitor."""

    def __init__(self) -> None:
        self.wanted = False


def asking(
    service: Service,
    conversation: Conversation,
    question: str,
    limits: Limits,
    max_chars: int,
    turns: Turns,
    *,
    plain: bool = False,
) -> Generator[Conversation, None, None]:
    """Yield the conversation with the question as it comes to be answered; the last one counts.

    That one has the answer or a German error message. The question waits for its turn. Closing
    the generator ends all work on it.
    """
    begun = Exchange(question[: MAX_SHOWN_CHARS + 1], within=limits.words)
    try:
        _check(question, conversation, max_chars)
        held = service.overview()
        scope = scope_of(limits, held)
        begun = replace(begun, searched=searched(scope, held))
        with turns.taken() as turn:
            while ahead := turn.ahead():
                yield (*conversation, replace(begun, stage="search", ahead=ahead))
            with closing(
                service.ask_stream(question, history(conversation), scope, plain=plain)
            ) as steps:
                for step in steps:
                    shown = replace(begun, stage=step.stage, answer=step.answer)
                    if step.stage == "done":
                        shown = replace(shown, question=question, mark=store.new_id())
                    yield (*conversation, shown)
    except Exception as error:
        yield (*conversation, replace(begun, error=explain(error)))


def searched(scope: Scope, held: Overview) -> str:
    """Name what is searched: „17 Unterlagen“, „Werkstatt 3“."""
    if scope.workshop is not None:
        return f"Werkstatt {scope.workshop}"
    if scope.workshops:
        return f"{len(scope.workshops)} Werkstätten"
    if scope.document is not None:
        return "1 Unterlage"
    count = len(scope.documents or held.documents)
    return "1 Unterlage" if count == 1 else f"{count} Unterlagen"


def _check(question: str, conversation: Conversation, max_chars: int) -> None:
    if len(question) > max_chars:
        raise QuestionError(
            f"Die Frage hat {len(question)} Zeichen, erlaubt sind {max_chars}. "
            "Bitte kürzen Sie sie."
        )
    if len(conversation) >= MAX_EXCHANGES:
        raise QuestionError(
            f"Dieses Gespräch hat schon {MAX_EXCHANGES} Fragen. Bitte beginnen Sie ein neues."
        )
