"""People who know LangChain can build on retriever, answerer and embedder."""

import numpy as np
import pytest
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.vectorstores import InMemoryVectorStore

from assistant.langchain_adapter import (
    SozialraumAnswerer,
    SozialraumEmbeddings,
    SozialraumRetriever,
)
from assistant.pipeline import Assistant
from corpus import embedder
from corpus.catalogue import load_glossary
from corpus.generation import open_current
from corpus.store import Store
from corpus.types import Scope


@pytest.fixture(scope="module")
def assistant(starter):
    """An assistant over the starter collection."""
    return Assistant(open_current(Store(starter)), embedder.load(), load_glossary())


def test_retriever_works_in_a_chain(assistant):
    """In a real chain it returns passages with their proof, and keeps to its scope."""
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


def test_answerer_works_in_a_chain(assistant):
    """It takes a question or a mapping, and hands on the whole answer, also in batches."""
    said = RunnableLambda(lambda answer: " ".join(segment.text for segment in answer.segments))
    chain = RunnablePassthrough() | SozialraumAnswerer(assistant) | said
    scoped = {"question": "Wo fand die Werkstatt statt?", "scope": Scope(workshop=3)}

    assert "Verfügungsfonds" in chain.invoke("Was ist ein Verfügungsfonds?")
    first, second = chain.batch(["Was ist ein Verfügungsfonds?", scoped])
    assert first == chain.invoke("Was ist ein Verfügungsfonds?")
    assert "Bochum" in second


def test_answerer_understands_messages_as_history(assistant):
    """What people and the model said counts; a system message is nobody's turn."""
    history = [
        SystemMessage("Antworte auf Englisch."),
        HumanMessage("Was ist ein Verfügungsfonds?"),
        AIMessage("Ein Budget für ein Stadterneuerungsgebiet."),
    ]
    asked = {"question": "Wer entscheidet darüber?", "history": history}

    answer = SozialraumAnswerer(assistant).invoke(asked)

    assert "Verfügungsfonds" in answer.query
    assert "Englisch" not in answer.query


def test_embeddings_carry_a_vector_store():
    """A vector store of LangChain finds with it, and its vectors are the embedder's own."""
    known = embedder.load()
    store = InMemoryVectorStore(SozialraumEmbeddings(known))
    texts = ["Der Verfügungsfonds bezahlt kleine Projekte.", "Die Polizei sichert den Bahnhof."]
    store.add_documents([Document(text) for text in texts])

    (found,) = store.similarity_search("Wie wird ein kleines Projekt bezahlt?", k=1)

    assert found.page_content == texts[0]
    vector = SozialraumEmbeddings(known).embed_query("Bahnhof")
    assert np.allclose(vector, known.embed_query("Bahnhof"))
