"""Every error we raise on purpose.

SozialraumError              has a code, and a German message naming the item and the remedy
├── DataFolderError          the data folder can't be used
│   └── IngestRunningError   another process is reading in
├── GenerationError          a generation is missing, damaged, or newer than this program
├── ModelError               the embedding model can't be loaded or doesn't fit the generation
├── FileRefusedError         one file can't be read in; the others go on
├── WorkerError              the process that reads files doesn't start
├── CatalogueError           werkstaetten.yaml or glossary.yaml is malformed
├── CorrectionError          an editor's correction makes no sense
├── UnknownItemError         no document, workshop, passage or page of that name
└── QuestionError            the question can't be processed
"""


class SozialraumError(Exception):
    """Base of all our errors. ``str()`` is the German message for the person."""

    code = "ERR_SOZIALRAUM"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class DataFolderError(SozialraumError):
    """The data folder can't be read or written."""

    code = "ERR_DATA_FOLDER"


class IngestRunningError(DataFolderError):
    """Another process holds the writer's lock."""

    code = "ERR_INGEST_RUNNING"


class GenerationError(SozialraumError):
    """A generation is missing, damaged, or written by a newer program."""

    code = "ERR_GENERATION"


class ModelError(SozialraumError):
    """The embedding model can't be loaded, or isn't the one the generation was built with."""

    code = "ERR_EMBEDDER"


class FileRefusedError(SozialraumError):
    """One file can't be read in. ``code`` is one of the closed list in ``ingest``."""

    code = "ERR_FILE"


class WorkerError(SozialraumError):
    """The process in which files are read doesn't start."""

    code = "ERR_WORKER"


class CatalogueError(SozialraumError):
    """A catalogue or glossary file is malformed."""

    code = "ERR_CATALOGUE"


class CorrectionError(SozialraumError):
    """What an editor wants to correct isn't a value that can be."""

    code = "ERR_CORRECTION"


class UnknownItemError(SozialraumError):
    """No document, workshop, passage or page of that name."""

    code = "ERR_UNKNOWN"


class QuestionError(SozialraumError):
    """The question is empty, too long, or not text."""

    code = "ERR_QUESTION"
