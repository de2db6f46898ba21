"""A real browser for the tests in this folder."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from looking import PATIENCE, Reader
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox")
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
AXE = "4.14.1"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail(
            "Chromium is missing. Install it (Debian: apt-get install chromium fonts-dejavu-core), "
            "or set OMRADESBILD_NO_BROWSER=1 to leave out the browser tests."
        )
    return found


@pytest.fixture(scope="session")
def browser():
    """Start Chromium once; it can reach nothing but this machine."""
    if os.environ.get("OMRADESBILD_NO_BROWSER") == "1":
        pytest.skip("OMRADESBILD_NO_BROWSER=1: nothing was tried in a browser")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=[*FLAGS, NOWHERE])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def new_reader(browser):
    """Make readers: ``new_reader(url, **options)`` takes the options of a Playwright context."""

    def make(url: str, **options: object) -> Reader:
        options = {"locale": "sv-SE", "viewport": {"width": 1300, "height": 900}} | options
        return Reader(browser.new_context(**options), url)

    return make


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the script of axe-core, fetched from npm once and kept in .cache/."""
    kept = ROOT / ".cache" / f"axe-{AXE}.min.js"
    if not kept.exists():
        script = _fetch_axe()
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_bytes(script)
        partial.replace(kept)
    script = kept.read_bytes()
    if hashlib.sha256(script).hexdigest() != AXE_SHA256:
        pytest.fail(f"{kept} is not axe-core {AXE} as published: its checksum differs. Delete it and try again.")
    return script.decode()


def _fetch_axe() -> bytes:
    advice = f"Install npm and let it reach its registry, or put axe-core's script in .cache/axe-{AXE}.min.js."
    if not shutil.which("npm"):
        pytest.fail(f"npm is missing; the accessibility checks fetch axe-core with it. {advice}")
    folder = ROOT / ".cache" / f"npm-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        command = ["npm", "pack", "--silent", f"axe-core@{AXE}", "--pack-destination", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=folder, check=False)
        packed = next(folder.glob("*.tgz"), None)
        if packed is None:
            pytest.fail(f"npm could not fetch axe-core: {done.stderr.strip() or done.stdout.strip()}. {advice}")
        with tarfile.open(fileobj=io.BytesIO(packed.read_bytes())) as archive:
            return archive.extractfile("package/axe.min.js").read()
    finally:
        shutil.rmtree(folder)
