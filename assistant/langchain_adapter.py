"""The retriever as LangChain knows it, for chains that build on this collection."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.pipeline import Assistant
from corpus.types import Document, Hit, Scope


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
