"""The plan of the house: imports run one way, and heavy libraries stay behind their doors."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "corpus": {"corpus"},
    "ingest": {"corpus", "ingest"},
    "assistant": {"corpus", "assistant"},
    "ui": {"corpus", "ingest", "assistant", "ui"},
}
# The packages in which an outside library may be imported at all.
DOORS = {
    "chromadb": {"corpus"},
    "tantivy": {"corpus"},
    "sentence_transformers": {"corpus"},
    "huggingface_hub": {"corpus"},
    "torch": {"corpus"},
    "simplemma": {"corpus"},
    "Stemmer": {"corpus"},
    "sqlite3": {"corpus"},
    "pypdfium2": {"ingest"},
    "pdfplumber": {"ingest"},
    "bs4": {"ingest"},
    "httpcore": {"ingest"},
    "httpx": {"ingest", "corpus", "assistant"},  # corpus: the hub's errors; assistant: timeouts
    "mammoth": {"ingest"},
    "pptx": {"ingest"},
    "docx": {"ui"},  # writing one; reading is mammoth's
    "typst": {"corpus", "ui"},  # corpus: the typesetter of the starter collection
    "watchfiles": {"ingest"},
    "markdown_it": {"ingest", "corpus"},  # corpus: the typesetter of the starter collection
    "langchain": {"assistant"},
    "langchain_core": {"assistant"},
    "langchain_ollama": {"assistant"},
    "langchain_openai": {"assistant"},
    "authlib": {"ui"},
    "gradio": {"ui"},
    "fastapi": {"ui"},
    "typer": {"ui"},
    "nh3": {"ui"},
}
NEVER = {"pickle", "dill", "shelve", "marshal", "langchain_community"}


def imports(path: Path) -> set[str]:
    """Return the dotted names a module imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return names


MODULES = [path for package in ALLOWED for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path):
    """A package imports only from those below it, and outside libraries only behind its door."""
    package = path.relative_to(ROOT).parts[0]
    tops = {name.split(".")[0] for name in imports(path)}

    assert (tops & set(ALLOWED)) <= ALLOWED[package]
    assert not tops & NEVER
    for library, packages in DOORS.items():
        assert library not in tops or package in packages, f"{library} in {package}"


def test_chat_models_have_one_room():
    """Only ``assistant/generate`` knows them, and only inside functions: they load when asked."""
    libraries = {"langchain_ollama", "langchain_openai", "langsmith", "httpx"}
    for path in (ROOT / "assistant").rglob("*.py"):
        tops = {name.split(".")[0] for name in imports(path)}
        assert not tops & libraries or path == ROOT / "assistant" / "generate" / "model.py", path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        first = [
            ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        assert not any(library in line for line in first for library in libraries), path


def test_guard_sees_imports():
    """The guard isn't blind: it finds the imports that are known to be there."""
    assert len(MODULES) > 30
    assert "corpus.types" in imports(ROOT / "ingest" / "blocks.py")


def test_no_unsafe_yaml():
    """YAML is only ever loaded by the safe loader."""
    for path in MODULES:
        assert "yaml.load(" not in path.read_text(encoding="utf-8"), path
