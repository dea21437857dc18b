"""A real inference server with a tiny random model, made on the spot: what real streams look like.

Its words are nonsense; that is the point: nothing of it may be shown.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.assistant.generate.statements import SOURCES

START_S = 55
_CHAT = (
    "{% for message in messages %}<s>{{ message['role'] }}: {{ message['content'] }}</s>"
    "{% endfor %}{% if add_generation_prompt %}<s>assistant: {% endif %}"
)

_MARKS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "</s>"}


def make_model(folder: Path) -> None:
    """Write a Llama of about 120,000 random weights and a vocabulary of 600 pieces."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    texts = [path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.md"))[:3]]
    pieces = ByteLevelBPETokenizer()
    pieces.train_from_iterator(texts, vocab_size=600, special_tokens=["<s>", "</s>"])
    fast = PreTrainedTokenizerFast(tokenizer_object=pieces._tokenizer, **_MARKS)
    fast.chat_template = _CHAT
    fast.save_pretrained(folder)
    torch.manual_seed(1)
    size = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2}
    config = LlamaConfig(vocab_size=600, max_position_embeddings=8192, **size, **heads)
    config.bos_token_id, config.eos_token_id, config.pad_token_id = 0, 1, 1
    LlamaForCausalLM(config).save_pretrained(folder)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run ``transformers serve`` with the model and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("transformers")
    command = [program, "serve", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, server)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(10)


def _wait(port: int, server: subprocess.Popen) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError("the server has stopped")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server didn't come up")
