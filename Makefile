# Two commands do all the set-up on a fresh machine: make run, make test.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check format bench bench-retrieval corpus embedder lock clean

run: .venv/.run
	$(BIN)/sozialraum serve

test: .venv/.dev
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.extraction

# Finding passages, against the usual ways; a set of one's own:
# make bench-retrieval BENCH="--beir FOLDER" (docs/retrieval.md)
bench-retrieval: .venv/.dev
	$(BIN)/python -m tests.bench.retrieval $(BENCH)

# Typesets corpus/sources into corpus/documents; the PDF files are part of the repository.
corpus: .venv/.dev
	$(BIN)/python -m corpus.typeset

# Trains the default embedder anew: make embedder TRAINING="FOLDER FOLDER"
embedder: .venv/.dev
	$(BIN)/python -m corpus.train_embedder $(TRAINING) corpus/sources

# Writes the lock files anew from pyproject.toml, starting from the versions they hold.
lock: .venv/.dev
	$(BIN)/python lock.py

.venv/.run: requirements.lock pyproject.toml install.sh
	PYTHON=$(PYTHON) sh install.sh requirements.lock
	touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	PYTHON=$(PYTHON) sh install.sh requirements-dev.lock
	touch $@

clean:
	rm -rf .venv build *.egg-info
