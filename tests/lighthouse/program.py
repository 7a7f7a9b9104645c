"""Lighthouse itself: installed once with npm, and asked about one page."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paspor.dev.console import Trouble

# The last that runs on Node 20; 13 wants 22.
VERSION = "12.8.2"
FOLDER = Path(__file__).resolve().parents[2] / ".local" / "lighthouse"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE = 300  # seconds for a page on a busy machine
# The browser's record of a page may begin too late, and Lighthouse asks to try again.
AGAIN, TRIES = "NO_NAVSTART", 3


@dataclass(frozen=True)
class Rated:
    """``scores`` of 100; ``faults`` are the audits that cost any of the first three."""

    scores: dict[str, int]
    seconds: dict[str, float]
    shift: float
    faults: tuple[str, ...]


def install() -> None:
    """Into .local/, and nowhere else; what is there already stays."""
    if _installed() == VERSION:
        return
    if not shutil.which("npm"):
        raise Trouble("Lighthouse needs Node 20 and npm: apt-get install nodejs npm")
    FOLDER.mkdir(parents=True, exist_ok=True)
    words = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(FOLDER)]
    subprocess.run([*words, f"lighthouse@{VERSION}"], check=True)


def _installed() -> str:
    told = FOLDER / "node_modules" / "lighthouse" / "package.json"
    return json.loads(told.read_text())["version"] if told.exists() else ""


def rate(url: str, *, browser: str, cookie: str = "") -> Rated:
    words = [
        *("node", str(PROGRAM), url, "--quiet", "--output=json"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]
    if cookie:
        words += [f"--extra-headers={json.dumps({'Cookie': cookie})}", "--disable-storage-reset"]
    environment = os.environ | {"CHROME_PATH": shutil.which(browser) or browser}
    for _try in range(TRIES):
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if not done.returncode:
            return _read(json.loads(done.stdout))
        if AGAIN not in done.stdout + done.stderr:
            break
    raise Trouble(f"Lighthouse could not rate {url}:\n{done.stderr[-2000:]}")


def _read(told: dict[str, Any]) -> Rated:
    audits, categories = told["audits"], told["categories"]
    scores = {name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES}
    measured = {"FCP": "first-contentful-paint", "LCP": "largest-contentful-paint"}
    seconds = {name: audits[audit]["numericValue"] / 1000 for name, audit in measured.items()}
    faults = [
        f"{name}: {audits[one['id']]['title']}"
        for name in CATEGORIES
        for one in categories[name]["auditRefs"]
        if one["weight"] and (audits[one["id"]]["score"] or 0) < 0.9
        and audits[one["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
    ]  # fmt: skip
    shift = audits["cumulative-layout-shift"]["numericValue"]
    return Rated(scores, seconds, shift, tuple(faults))
