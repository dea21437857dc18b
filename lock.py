"""Write requirements.lock and requirements-dev.lock anew from pyproject.toml.

pip resolves; the versions locked today are kept where they still fit. ``--fresh`` lets go
of them.
"""

import json
import subprocess
import sys
from pathlib import Path

RUN, DEV = Path("requirements.lock"), Path("requirements-dev.lock")
# Wheels exist for some systems only; all others do without.
MARKERS = {"uvloop": 'sys_platform != "win32"'}
HEADER = "# Written by `make lock` from pyproject.toml; install.sh installs it.\n"


def resolve(target: str) -> dict[str, str]:
    """Return name and version of all that ``target`` needs."""
    kept = ["-c", str(DEV)] if DEV.exists() and "--fresh" not in sys.argv else []
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
    found = subprocess.run(  # noqa: S603  # pip and our own arguments
        [*command, "--quiet", "--report", "-", *kept, target],
        check=True,
        capture_output=True,
        text=True,
    )
    packages = [item["metadata"] for item in json.loads(found.stdout)["install"]]
    return {
        # "+cpu" names a local build; elsewhere that version doesn't exist.
        package["name"].lower().replace("_", "-"): package["version"].split("+")[0]
        for package in packages
        if package["name"] != "sozialraum-assistent"
        and not package["name"].startswith(("nvidia-", "triton", "cuda-"))
    }


def write(path: Path, packages: dict[str, str]) -> None:
    """Write one line a package, by name."""
    lines = []
    for name, version in sorted(packages.items()):
        marker = f" ; {MARKERS[name]}" if name in MARKERS else ""
        lines.append(f"{name}=={version}{marker}\n")
    path.write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    everything = resolve(".[dev]")
    runtime = resolve(".")
    write(DEV, everything)
    write(RUN, {name: everything[name] for name in runtime})
