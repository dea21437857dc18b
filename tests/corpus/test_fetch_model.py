"""One command fetches a model, and nothing but what is needed and harmless; all else is said."""

import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from corpus.embedder import load
from corpus.errors import ModelError
from corpus.fetch_model import fetch as fetch_model
from corpus.fetch_model import folder_of
from tests.conftest import ROOT, quiet
from tests.corpus.fake_hub import COMMIT, hub
from tests.corpus.tiny_model import STATIC, write_model

NAME = "anbieter/multilingual-e5-tiny"
NORMALIZE = "sentence_transformers.models.Normalize"


@pytest.fixture
def fetch(tmp_path):
    """Run the command in a process of its own against an address."""

    def run(address, name=NAME, *options):
        # Loading a model in this process forbids the network to it and to its children.
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSFORMERS_"))}
        environment = {
            **kept,
            "HF_ENDPOINT": address,
            "HF_HOME": str(tmp_path / "hf"),
            "SOZIALRAUM_DATA": str(tmp_path / "data"),
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-c", "from ui.cli.main import main; main()", "model", "fetch"]
        return subprocess.run(
            [*command, name, *options], env=environment, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
def offered(tmp_path):
    """A model as such places offer it: weights in several formats, code, papers."""
    return write_model(
        tmp_path / "angebot",
        **{
            "README.md": "Modellkarte",
            "pytorch_model.bin": "kein Pickle von uns",
            "modeling_fremd.py": "raise SystemExit",
            "modules.json": [
                {"idx": 0, "name": "0", "path": "", "type": STATIC},
                {"idx": 1, "name": "1", "path": "1_Normalize", "type": NORMALIZE},
            ],
            "1_Normalize/config.json": "{}",
            "onnx/config.json": "{}",
            "onnx/model.onnx": "Gewichte",
            ".gitattributes": "",
        },
    )


def test_a_model_is_fetched_and_used_by_its_name(fetch, offered, tmp_path):
    """Weights, settings, tokeniser and parts come, nothing else is even asked for."""
    with hub(NAME, offered) as server:
        done = fetch(server.address)

    assert done.returncode == 0, done.stderr
    assert f"SOZIALRAUM_EMBEDDER={NAME}" in done.stdout
    assert COMMIT in done.stdout
    folder = folder_of(NAME, tmp_path / "data")
    kept = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert kept == {
        *("model.safetensors", "modules.json", "tokenizer.json", "1_Normalize/config.json")
    }
    assert all(NAME in path for path in server.asked), server.asked
    asked = {path.partition(COMMIT)[2][1:] for path in server.asked if "/resolve/" in path}
    assert asked == kept
    assert [path.name for path in (tmp_path / "data" / "models").iterdir()] == ["anbieter"]
    model = load(folder)
    assert model.fingerprint.name == "multilingual-e5-tiny"
    assert model.fingerprint.query_prefix == "query: "
    assert model.embed_passages(["fremd"])[0] == pytest.approx([0.5**0.5] * 2)


def test_a_newer_version_takes_the_place_of_the_former(fetch, offered, tmp_path):
    """Fetching again replaces; no file of the former one stays."""
    with hub(NAME, offered) as server:
        (offered / "vocab.txt").write_text("alt")
        fetch(server.address)
        (offered / "vocab.txt").unlink()
        done = fetch(server.address, NAME, "--revision", COMMIT, "--json")

    assert json.loads(done.stdout)["revision"] == COMMIT
    assert not (tmp_path / "data" / "models" / NAME / "vocab.txt").exists()


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"config.json": {"auto_map": {"AutoModel": "fremd.Modell"}}}, "ERR_EMBEDDER", "auto_map"),
        ({"modules.json": [{"path": "", "type": "fremd.Modul"}]}, "ERR_EMBEDDER", "fremd.Modul"),
        ({"model.safetensors": None}, "ERR_MODEL_FORMAT", ".safetensors"),
        ({"model.safetensors": "kaputt"}, "ERR_EMBEDDER", "model.safetensors"),
    ],
)
def test_unfit_models_leave_nothing_behind(fetch, offered, tmp_path, change, code, says):
    """Foreign code, other formats and damage are refused; what was there before stays."""
    before = write_model(tmp_path / "data" / "models" / NAME)
    for file, content in change.items():
        if content is None:
            (offered / file).unlink()
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            (offered / file).write_text(text)
    with hub(NAME, offered) as server:
        done = fetch(server.address)

    assert done.returncode == 1
    assert done.stderr.startswith(f"{code}: ")
    assert says in done.stderr
    if "auto_map" in says:  # refused before anything large comes
        assert not any("safetensors" in path for path in server.asked)
    assert load(before).embed_query("land") == pytest.approx([0.5**0.5] * 2)
    assert [path.name for path in (tmp_path / "data" / "models").iterdir()] == ["anbieter"]


@pytest.mark.parametrize("arguments", [("anbieter/gibt-es-nicht",), (NAME, "--revision", "v9")])
def test_unknown_names_are_named(fetch, offered, arguments):
    """A model or version that doesn't exist is said with the remedy."""
    with hub(NAME, offered) as server:
        done = fetch(server.address, *arguments)

    assert done.stderr.startswith("ERR_MODEL_NAME: "), done.stderr
    assert f"„{arguments[-1]}“" in done.stderr
    assert "Bitte" in done.stderr


@pytest.mark.parametrize("name", ["../ausbruch", "a/b/c", "/etc", "a/..", "", "a b", ".versteckt"])
def test_what_is_no_name_leads_nowhere(tmp_path, name):
    """Nothing outside the models' folder is ever meant by a name, and nothing is asked."""
    with pytest.raises(ModelError, match="anbieter/modell"):
        fetch_model(name, tmp_path, "main", quiet)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["closed", "silent", "unknown"])
def test_without_network_it_says_so_and_changes_nothing(fetch, tmp_path, kind):
    """A closed port, one that never answers and an unknown name give the same message."""
    with socket.socket() as port, socket.socket() as first, socket.socket() as second:
        port.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{port.getsockname()[1]}"
        if kind == "silent":  # nobody accepts: the queue is full after the first ones
            port.listen(0)
            for waiting in (first, second):
                waiting.setblocking(False)
                waiting.connect_ex(port.getsockname())
        done = fetch("http://rechner.invalid" if kind == "unknown" else address)

    assert done.returncode == 1
    assert done.stderr.startswith("ERR_MODEL_UNREACHABLE: ")
    assert "nicht erreichbar" in done.stderr
    assert not (tmp_path / "data" / "models").exists()


def test_a_folder_goes_before_a_name(tmp_path, monkeypatch):
    """A folder is taken as it is; a name only when such a model was fetched."""
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    assert folder_of("anbieter/modell", data).as_posix() == "anbieter/modell"
    fetched = write_model(data / "models" / "anbieter" / "modell")
    assert folder_of("anbieter/modell", data) == fetched
    assert folder_of("../modell", data).as_posix() == "../modell"
    (tmp_path / "anbieter" / "modell").mkdir(parents=True)
    assert folder_of("anbieter/modell", data).as_posix() == "anbieter/modell"
    assert np.isfinite(load(fetched).embed_query("stadt")).all()
