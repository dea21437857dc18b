#!/bin/sh
# Installs into .venv what the lock file given names, and the project itself.
#
# PyTorch for Linux comes from the package registry with gigabytes of GPU libraries that
# this project never uses. So its small CPU build is looked for first: among wheels that
# pip finds locally, then on PyTorch's own index; the registry comes last.
set -eu

lock=$1
torch=$(sed -n 's/^torch==//p' requirements.lock)
cpu_index=${TORCH_CPU_INDEX:-https://download.pytorch.org/whl/cpu}
python=.venv/bin/python

[ -x "$python" ] || "${PYTHON:-python3}" -m venv .venv
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 oder neuer ist nötig: make run PYTHON=python3.12" >&2
    rm -rf .venv
    exit 1
}
pip() { "$python" -m pip --disable-pip-version-check "$@"; }

if ! "$python" -c 'import torch' 2>/dev/null; then
    if pip install --quiet --no-deps --no-index "torch==$torch" 2>/dev/null; then
        echo "PyTorch $torch: CPU-Fassung von dieser Maschine."
    elif [ "$(uname -s)" = Linux ] && pip install --quiet --no-deps --retries 0 --timeout 10 \
        --index-url "$cpu_index" "torch==$torch" 2>/dev/null; then
        echo "PyTorch $torch: CPU-Fassung aus dem Verzeichnis von PyTorch."
    else
        echo "PyTorch $torch: aus dem allgemeinen Paketverzeichnis."
        echo "Unter Linux bringt das GPU-Bibliotheken von mehreren Gigabyte mit, weil das"
        echo "Verzeichnis von PyTorch nicht erreichbar war."
        pip install --quiet "torch==$torch"
    fi
fi

echo "Installiert wird, was in $lock steht (einige Minuten beim ersten Mal) …"
# The lock is complete, so nothing has to be resolved.
pip install --quiet --no-deps -r "$lock"
pip install --quiet --no-deps --no-build-isolation -e .
pip check >/dev/null
