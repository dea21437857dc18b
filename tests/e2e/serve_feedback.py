"""Serve both pages: python -m tests.e2e.serve_feedback PORT DATA FOLDER.

DATA is a data folder that is only read; feedback and golden questions lie in FOLDER.
"""

import sys
from pathlib import Path

import uvicorn

from assistant.evaluation.feedback import Feedback
from corpus.store import Store
from ui.local import LocalService
from ui.quality import Quality
from ui.web.routes import create_app

if __name__ == "__main__":
    port, data, folder = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    service = LocalService(Store(data), None)
    service.assistant()
    feedback = Feedback(folder / "feedback")
    quality = Quality(service, folder / "evaluations", folder / "golden", feedback)
    app = create_app(service, lambda: True, quality=quality, feedback=feedback)
    uvicorn.run(app, port=port, log_level="warning", timeout_graceful_shutdown=2)
