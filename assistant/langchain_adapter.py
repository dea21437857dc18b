"""Retriever, answerer and embedder as LangChain knows them, for chains that build on them."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict

from assistant.pipeline import Assistant
from assistant.types import Answer, Turn
from corpus.embedder import Embedder
from corpus.types import Document, Hit, Scope

Question = str | Mapping[str, Any]
"""The question, or ``{"question": …, "history": [messages], "scope": Scope}``."""


class SozialraumRetriever(BaseRetriever):
    """Ranked passages with title, workshop, section and page in their metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 10
    scope: Scope = Scope()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        documents = self.assistant.generation.documents
        hits = self.assistant.search(query, self.k, self.scope)
        return [_langchain_document(hit, documents[hit.passage.document]) for hit in hits]


class SozialraumAnswerer(Runnable[Question, Answer]):
    """Verified answers: what goes in is a question, what comes out the answer object."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def invoke(
        self,
        input: Question,
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401  # as LangChain has it
    ) -> Answer:
        """Answer one question. Raises SozialraumError."""
        return self._call_with_config(self._ask, input, config, run_type="chain")

    def _ask(self, question: Question) -> Answer:
        asked: Mapping[str, Any] = {"question": question} if isinstance(question, str) else question
        history = _turns(asked.get("history") or ())
        return self._assistant.ask(asked["question"], history, asked.get("scope"))


class SozialraumEmbeddings(Embeddings):
    """The collection's embedder: unit vectors, prefixes included."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages."""
        found: list[list[float]] = self._embedder.embed_passages(texts).tolist()
        return found

    def embed_query(self, text: str) -> list[float]:
        """Embed a question."""
        found: list[float] = self._embedder.embed_query(text).tolist()
        return found


def _turns(messages: Sequence[BaseMessage]) -> tuple[Turn, ...]:
    """Keep what people and the assistant said; other messages are nobody's turn."""
    roles = {HumanMessage: "user", AIMessage: "assistant"}
    return tuple(
        Turn(role, str(message.content))  # type: ignore[arg-type]  # one of the two roles
        for message in messages
        if (role := roles.get(type(message)))
    )


def _langchain_document(hit: Hit, document: Document) -> LangChainDocument:
    passage = hit.passage
    return LangChainDocument(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document": document.id,
            "title": document.title,
            "workshop": passage.workshop,
            "section": list(passage.section),
            "pages": list(passage.pages),
            "origin": document.origin,
            "score": hit.score,
        },
    )
