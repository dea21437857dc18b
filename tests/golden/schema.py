"""Write the JSON schema of the YAML files for editors: ``python -m tests.golden.schema``."""

import json
from pathlib import Path

from assistant.evaluation.golden import json_schema

FILE = Path(__file__).parent / "schema.json"


def content() -> str:
    """Return what the file has to say."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(content(), encoding="utf-8")
