"""Serve the real product with its page for measuring, over golden questions of one's own.

python -m tests.e2e.serve_quality PORT DATA GOLDEN
"""

import sys
from pathlib import Path

import uvicorn

from corpus.store import Store
from ui.evaluation.places import EVALUATIONS
from ui.local import LocalService
from ui.quality import Quality
from ui.web.routes import create_app

if __name__ == "__main__":
    port, data, golden = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    service = LocalService(Store(data), None)
    quality = Quality(service, data / EVALUATIONS, golden)
    app = create_app(service, lambda: True, quality=quality)
    uvicorn.run(app, port=port, log_level="warning", timeout_graceful_shutdown=2)
