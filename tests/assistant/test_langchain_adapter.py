"""People who know LangChain can build on the retriever."""

from langchain_core.runnables import RunnableLambda

from assistant.langchain_adapter import SozialraumRetriever
from assistant.pipeline import Assistant
from corpus import embedder
from corpus.catalogue import load_glossary
from corpus.generation import open_current
from corpus.store import Store
from corpus.types import Scope


def test_retriever_works_in_a_chain(starter):
    """In a real chain it returns passages with their proof, and keeps to its scope."""
    assistant = Assistant(open_current(Store(starter)), embedder.load(), load_glossary())
    titles = RunnableLambda(lambda documents: [d.metadata["title"] for d in documents])
    chain = SozialraumRetriever(assistant=assistant, k=3) | titles
    scoped = SozialraumRetriever(assistant=assistant, k=5, scope=Scope(workshop=3))

    assert "Quartiersmanagement, Verfügungsfonds und Verstetigung" in chain.invoke(
        "Wie setze ich einen Verfügungsfonds ein?"
    )
    found = scoped.invoke("Sicherheit im Quartier")
    assert len(found) == 5
    assert {d.metadata["workshop"] for d in found} == {3}
    assert all(d.page_content and d.metadata["document"] for d in found)
