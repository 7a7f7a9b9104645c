"""python -m paspor.dev: what the Makefile calls."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from paspor.dev.console import Trouble, complain, say
from paspor.dev.dump import backup, restore
from paspor.dev.folders import remove
from paspor.dev.mail_sink import receive
from paspor.dev.portal import run_portal, running_process
from paspor.dev.processes import Stopped, requests, run
from paspor.dev.servers import BENCH, RUN, TEST, Ground, clear_away, ground, serving
from paspor.dev.testing import run_tests


def main(words: Sequence[str]) -> int:
    requests.listen()
    ours, handed_on = split(words)
    try:
        return _obey(_parser().parse_args(ours), handed_on)
    except Stopped as stopped:
        say("Stopped; nothing is left running.")
        return 128 + stopped.number
    except Trouble as trouble:
        complain(f"paspor: {trouble}")
        return 2


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Our own words, and those after the first `--`, which are somebody else's to understand."""
    middle = words.index("--") if "--" in words else len(words)
    return list(words[:middle]), list(words[middle + 1 :])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m paspor.dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="servers, demo data and the portal, until Ctrl-C")
    commands.add_parser("test", help="pytest on servers of its own; after -- its words")
    companion = commands.add_parser("with", help="after -- a command, with the servers up")
    empty = companion.add_mutually_exclusive_group()
    empty.add_argument("--test", action="store_true", help="empty servers, not those of `run`")
    empty.add_argument("--bench", action="store_true", help="empty ones that write safely")
    for name in ("backup", "restore"):
        commands.add_parser(name).add_argument("file", type=Path)
    commands.add_parser("stop", help="stop the portal and what a killed one has left")
    commands.add_parser("clean", help="stop, and throw the data of `run` and `test` away")
    sink = commands.add_parser("smtp", help="receive mail on loopback and keep it in files")
    sink.add_argument("--port", type=int, required=True)
    sink.add_argument("--folder", type=Path, required=True)
    return parser


def _obey(asked: argparse.Namespace, words: list[str]) -> int:
    if asked.command == "smtp":
        return receive(asked.port, asked.folder)
    where = ground()
    match asked.command:
        case "run":
            return run_portal(where)
        case "test":
            return run_tests(where, words)
        case "with":
            kind = TEST if asked.test else BENCH if asked.bench else RUN
            return _accompany(where, words, kind)
        case "backup":
            return backup(where, asked.file.resolve())
        case "restore":
            return restore(where, asked.file.resolve())
        case "stop":
            return _stop(where)
        case _:
            return _clean(where)


def _accompany(where: Ground, words: list[str], kind: str) -> int:
    if not words:
        raise Trouble("Which command? python -m paspor.dev with -- COMMAND …")
    with serving(where, kind) as servers:
        return run(words, servers.environment, in_terminal=True)


def _stop(where: Ground) -> int:
    portal = running_process(where)
    if portal:
        say(f"Stopping the portal (process {portal})")
        os.kill(portal, signal.SIGTERM)
        while running_process(where) == portal:
            requests.check()
            time.sleep(0.1)
    used = [folder.name for folder in where.folders() if not clear_away(where, folder)]
    if used:
        raise Trouble(f"Another command still uses the servers of: {', '.join(used)}.")
    say("Nothing is running.")
    return 0


def _clean(where: Ground) -> int:
    _stop(where)
    remove(where.base)
    say(f"Removed {where.base}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
