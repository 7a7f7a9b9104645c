"""The Makefile and what `make test` decides before it starts anything."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from paspor.dev import testing
from paspor.dev.__main__ import split
from paspor.dev.console import Trouble
from tests.paspor import launching

TARGETS = {"run", "test", "check", "fmt", "lock", "migrations", "openapi", "shell", "backup"}


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A fresh copy, without a virtual environment."""
    for name in ("Makefile", "requirements-dev.txt"):
        shutil.copy(launching.ROOT / name, tmp_path)
    return tmp_path


def test_make_alone_lists_the_targets(unpacked: Path):
    done = make(unpacked)
    assert done.returncode == 0
    assert set(re.findall(r"^  make (\w+) +\S", done.stdout, re.M)) >= TARGETS


def test_an_old_python_is_told_in_one_sentence(unpacked: Path):
    old = unpacked / "python-of-old"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    for python in (str(old), "no-such-python", ""):
        done = make(unpacked, "test", f"PYTHON={python}")
        assert done.returncode == 2
        assert "needs Python 3.13 or newer: get it with 'pyenv install 3.13'" in done.stderr
        assert not (unpacked / ".venv").exists()


def test_what_follows_two_dashes_is_handed_on_untouched():
    words = ["test", "--", "-q", "-k", "holds and not n", "--", "--pdb"]
    assert split(words) == (["test"], ["-q", "-k", "holds and not n", "--", "--pdb"])
    assert split(["with", "--test"]) == (["with", "--test"], [])


def test_a_test_run_keeps_bytecode_for_the_programs_it_starts():
    given = {"PYTHONDONTWRITEBYTECODE": "1", "PATH": "/bin"}
    assert testing.compiling_once(given) == {"PATH": "/bin"}


def test_the_arguments_of_make_test_reach_pytest(unpacked: Path):
    done = make(unpacked, "test", "-n", "-o", ".venv/.ready", "ARGS=-q -k 'a b'")
    assert "-m paspor.dev test -- -q -k 'a b'" in done.stdout


@pytest.mark.parametrize(
    ("words", "added"),
    [
        ([], testing.IN_PARALLEL),
        (["-k", "holds and not n"], testing.IN_PARALLEL),
        (["tests/queueing"], testing.IN_PARALLEL),
        (["-n", "0"], ()),
        (["-n4"], ()),
        (["--numprocesses=4"], ()),
        (["-x", "--pdb"], ()),
        (["-p", "no:xdist"], ()),
    ],
)
def test_several_processes_unless_the_words_say_otherwise(words: list[str], added: tuple[str, ...]):
    assert testing.in_parallel(words) == added


def test_a_browser_that_was_named_must_be_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHROMIUM", "/bin/sh")
    assert testing.chromium() == "/bin/sh"
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(Trouble, match="CHROMIUM=/no/such/browser cannot be run"):
        testing.chromium()


def test_no_browser_and_no_right_to_install_one_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert testing.chromium() is None
    monkeypatch.setattr(testing.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(testing, "BROWSERS", ("no-such-browser",))
    assert testing.chromium() is None
