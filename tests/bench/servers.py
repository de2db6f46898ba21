"""Servers to measure: ours as `streamlit run` starts it, and the naive page, built on the spot."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import shapely
from shapely.geometry import mapping, shape

ROOT = Path(__file__).resolve().parents[2]
NAIVE_VERTICES = 10_000  # as the city's own sub-areas have at full resolution
START_SECONDS = 60
PORTS = range(8640, 8650)


@dataclass(frozen=True)
class Server:
    """A running server. `started` is when its process was started, in seconds since the epoch."""

    url: str
    pid: int
    started: float

    def wait_for_door(self) -> None:
        """Return as soon as the server takes connections.

        Raises
        ------
        TimeoutError
            If that takes longer than `START_SECONDS`.
        """
        deadline = time.monotonic() + START_SECONDS
        while _free(urlsplit(self.url).port):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.url} took no connection within {START_SECONDS} s")
            time.sleep(0.01)

    def peak_memory(self) -> int:
        """Return the most memory that the process has held, in bytes (Linux only)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
        raise RuntimeError(f"no VmHWM in /proc/{self.pid}/status")

    def cpu_seconds(self) -> float:
        """Return the processor time that the process has used (Linux only; steps of 10 ms)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def ours(wait: bool = True, pack: str = "") -> Iterator[Server]:
    """Run the app as script/server does, on the shipped pack unless another is named."""
    with _streamlit("app.py", ROOT, wait, pack=pack) as server:
        yield server


@contextmanager
def naive(wait: bool = True) -> Iterator[Server]:
    """Run the naive page with Streamlit as it comes: no middleware, no settings of ours."""
    with tempfile.TemporaryDirectory(prefix="naive-") as folder:
        shutil.copy(Path(__file__).with_name("naive_page.py"), folder)
        for file in (ROOT / "data" / "observations").glob("*.csv"):
            shutil.copy(file, folder)
        Path(folder, "areas.geojson").write_text(json.dumps(full_resolution()))
        with _streamlit("naive_page.py", Path(folder), wait, "--browser.gatherUsageStats", "false") as server:
            yield server


def full_resolution() -> dict:
    """Return the shipped boundaries with points added along their edges, about `NAIVE_VERTICES` in all.

    The shipped boundaries are simplified; the added points stand for what simplification removed, so that
    the naive page sends as much geometry as a page that takes the published file as it is.
    """
    file = next((ROOT / "data" / "boundaries").glob("*.geojson"))
    collection = json.loads(file.read_text())
    polygons = [shape(feature["geometry"]) for feature in collection["features"]]
    longest, dense = 0.01, polygons
    while sum(map(shapely.get_num_coordinates, dense)) < NAIVE_VERTICES:
        longest *= 0.95
        dense = [shapely.segmentize(polygon, longest) for polygon in polygons]
    for feature, polygon in zip(collection["features"], dense, strict=True):
        feature["geometry"] = mapping(polygon)
    return collection


def wait_until_healthy(server: Server, process: subprocess.Popen, log: Path) -> None:
    """Return when the server answers.

    Raises
    ------
    RuntimeError
        If it stops or stays silent, with what it has written.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"no answer from {server.url}; the server wrote:\n{log.read_text()}")


@contextmanager
def _streamlit(script: str, folder: Path, wait: bool, *options: str, pack: str = "") -> Iterator[Server]:
    port = next(port for port in PORTS if _free(port))
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += ["--server.headless", "true", *options]
    with tempfile.TemporaryDirectory(prefix="log-") as logs:
        log = Path(logs, "server.log")
        with log.open("w") as out:
            started = time.time()
            process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, env=os.environ | ({"OMRADESBILD_PACK": pack} if pack else {}))
        server = Server(f"http://127.0.0.1:{port}", process.pid, started)
        try:
            if wait:
                wait_until_healthy(server, process, log)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
