"""The JSON that programs read: stable names, checked by tests against design.md."""

from dataclasses import asdict
from typing import Any

from assistant.search.explain import Explanation
from assistant.types import Answer
from corpus.errors import SozialraumError
from corpus.types import Document, Hit, Scope
from ingest.report import Report

CITATION_KEYS = (
    *("key", "number", "document", "title", "workshop", "workshop_title", "section"),
    *("page_index", "page_label", "quote", "located", "version", "origin", "date"),
)


def answer_object(answer: Answer, id: object = None) -> dict[str, Any]:
    """Return one answer of ``ask --json``."""
    return {
        **({} if id is None else {"id": id}),
        "status": answer.status,
        "question": answer.question,
        "query": answer.query,
        "scope": scope_object(answer.scope),
        "understood": asdict(answer.understood),
        "mode": answer.mode,
        "lead": answer.lead,
        "note": answer.note,
        "plain": answer.plain,
        "terms": [{"term": term, "meaning": meaning} for term, meaning in answer.terms],
        "segments": [asdict(segment) for segment in answer.segments],
        "citations": [
            {key: getattr(citation, key) for key in CITATION_KEYS} for citation in answer.citations
        ],
        "differing": answer.differing,
        "compared": [
            {"heading": heading, "citations": list(keys)} for heading, keys in answer.compared
        ],
        "refusal": asdict(answer.refusal) if answer.refusal else None,
        "suggestions": list(answer.suggestions),
        "nearby": [asdict(near) for near in answer.nearby],
        "generation": answer.generation,
        "timings_ms": answer.timings_ms,
    }


def failed_object(question: str, fault: SozialraumError, id: object = None) -> dict[str, Any]:
    """Return the answer object of a question that couldn't be processed."""
    nothing = answer_object(Answer("error", question, "", Scope()), id)
    return {**nothing, "refusal": {"reason": fault.code, "hint": str(fault)}}


def hit_object(hit: Hit, document: Document) -> dict[str, Any]:
    """Return one hit of ``search --json``."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "passage": passage.id,
        "document": document.id,
        "title": document.title,
        "workshop": passage.workshop,
        "section": passage.section,
        "pages": passage.pages,
        "text": passage.text,
    }


def explained_hit_object(explanation: Explanation, document: Document) -> dict[str, Any]:
    """Return one hit of ``search --explain --json``; all its points add up to the score."""
    terms = [
        {
            "typed": share.typed,
            "field": share.field,
            "searched": share.searched,
            "weight": round(share.weight, 6),
            "added": share.is_added,
            "points": round(share.points, 6),
            "sources": {source: round(points, 6) for source, points in share.sources},
        }
        for share in explanation.terms
    ]
    steps = [
        {"reason": step.reason, "points": round(step.points, 6), "because": step.because or None}
        for step in explanation.steps
    ]
    points = {"terms": terms, "vectors": round(explanation.vectors, 6), "rerank": steps}
    return {**hit_object(explanation.hit, document), "explanation": points}


def report_object(report: Report) -> dict[str, Any]:
    """Return the result of ``ingest --json``."""
    return asdict(report)


def document_object(document: Document, *, passages: int) -> dict[str, Any]:
    """Return one document of ``documents list --json``."""
    return {
        "id": document.id,
        "title": document.title,
        "category": document.category,
        "workshop": document.workshop,
        "origin": document.origin,
        "date": document.date,
        "valid_from": document.valid_from,
        "valid_until": document.valid_until,
        "replaced_by": document.replaced_by,
        "source": document.source,
        "file": document.file,
        "version": document.version,
        "pages": len(document.page_labels),
        "passages": passages,
    }


def scope_object(scope: Scope) -> dict[str, Any]:
    """Return a scope; empty fields don't limit."""
    return {
        "workshop": scope.workshop,
        "document": scope.document,
        "workshops": list(scope.workshops),
        "documents": list(scope.documents),
    }
