"""Fixtures shared by all tests: one running server per test worker."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from omradesbild import words
from omradesbild.model import PackInfo
from omradesbild.reader import Reader

ROOT = Path(__file__).resolve().parent.parent
EMBEDDED = Reader(ROOT / "data").record("pack.yaml", PackInfo)
START_SECONDS = 60


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--redraw", action="store_true", help="write tests/golden anew; look at them after")


@pytest.fixture(autouse=True)
def _spoken_of():
    """Let every test, and what is made for the next one, speak of the shipped pack, whatever it comes to speak of itself."""
    words.speak_of(EMBEDDED)
    yield
    words.speak_of(EMBEDDED)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _wait_until_healthy(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the server stopped with code {server.returncode}:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"no answer from {url} within {START_SECONDS} s:\n{log.read_text()}")


@contextmanager
def _serve(log: Path, **environment: str):
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("w") as out:
        server = subprocess.Popen(
            [*command, "--server.headless", "true"],
            cwd=ROOT,
            stdout=out,
            stderr=out,
            env=os.environ | environment,
        )
    try:
        _wait_until_healthy(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


@pytest.fixture(scope="session")
def start_server(tmp_path_factory):
    """Start servers: ``with start_server(NAME="value") as url``, with settings in the environment."""

    def start(**environment: str):
        return _serve(tmp_path_factory.mktemp("server") / "log.txt", **environment)

    return start


@pytest.fixture(scope="session")
def live_server(start_server):
    """Start the app as a reader would and yield its address, without trailing slash."""
    with start_server() as url:
        yield url
