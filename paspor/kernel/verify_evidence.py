#!/usr/bin/env python3
"""Check a sealed file of evidence, on any computer: python verify_evidence.py FILE --key ID:PUBLIC

This one file is all of it. It needs Python 3.12 and `pip install cryptography`, nothing of the
portal: no checkout, no database, no settings, no network. Take it and the public key by another
way than the file of evidence: what came along with a file proves nothing about it. The
arithmetic of the chain is written out here and not imported, so that it can be read as a whole.
What each answer means is in docs/cases.md. Exit status: 0 genuine, 1 not,
2 not checked at all.
"""

import argparse
import base64
import hashlib
import json
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
EVENTS, HEADS = "chain/events.jsonl", "chain/heads.json"
MOST_BYTES = 500 * 1024 * 1024  # of all files unpacked: a check must not fill the machine


@dataclass(frozen=True)
class Link:
    seq: int
    event_digest: str
    digest: str


@dataclass
class Verdict:
    """What a check found. ``covered`` names the streams that reach a published head."""

    about: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)

    @property
    def is_genuine(self) -> bool:
        return not self.problems


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def link(prev: str, seq: int, event_digest: str) -> str:
    """The digest of a link: over the one before it, its number and its event."""
    return digest(f"{prev}:{seq}:{event_digest}".encode())


def verify(content: bytes, *, keys: Mapping[str, str]) -> Verdict:
    """Signature, every hash, the chain's arithmetic and its heads. Never raises for a bad file."""
    verdict = Verdict()
    try:
        files = _unpacked(content, verdict)
    except (BadZipFile, OSError, ValueError, RuntimeError) as problem:
        verdict.problems.append(f"not a readable ZIP: {problem}")
        return verdict
    if not _check_manifest(files, keys, verdict):
        return verdict
    try:
        _check_chain(files, verdict)
    except (KeyError, ValueError, TypeError) as problem:
        verdict.problems.append(f"the chain cannot be read: {problem}")
    return verdict


def _unpacked(content: bytes, verdict: Verdict) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        found = archive.infolist()
        if sum(one.file_size for one in found) > MOST_BYTES:
            raise ValueError("larger than any file of ours")
        names = [one.filename for one in found]
        verdict.problems += [
            f"twice in the ZIP: {name}" for name in sorted(set(names)) if names.count(name) > 1
        ]
        files = {}
        for one in found:
            try:
                files[one.filename] = archive.read(one)
            except (BadZipFile, zlib.error, EOFError):
                verdict.problems.append(f"damaged: {one.filename}")
                files[one.filename] = b""
        return files


def _check_manifest(files: Mapping[str, bytes], keys: Mapping[str, str], verdict: Verdict) -> bool:
    """Whether there is anything to go on with."""
    if MANIFEST not in files or SIGNATURE not in files:
        verdict.problems.append(f"missing: {MANIFEST} or {SIGNATURE}")
        return False
    try:
        verdict.about = json.loads(files[MANIFEST])
        key_id, promised = verdict.about["key"], dict(verdict.about["files"])
    except (ValueError, KeyError, TypeError):
        verdict.problems.append(f"{MANIFEST} cannot be read")
        return False
    try:
        signature = files[SIGNATURE].decode(errors="replace")
        _check_signature(files[MANIFEST], signature, keys[key_id])
    except (KeyError, ValueError, InvalidSignature):
        verdict.problems.append(f"the manifest is not signed by a known key (it names {key_id})")
    there = set(files) - {MANIFEST, SIGNATURE}
    verdict.problems += [f"missing: {name}" for name in sorted(set(promised) - there)]
    verdict.problems += [f"added: {name}" for name in sorted(there - set(promised))]
    verdict.problems += [
        f"changed: {name}"
        for name in sorted(there & set(promised))
        if digest(files[name]) != promised[name]
    ]
    return True


def _check_signature(message: bytes, signature: str, public: str) -> None:
    """Ed25519 over the manifest. Raises ValueError or InvalidSignature."""
    Ed25519PublicKey.from_public_bytes(_decoded(public)).verify(_decoded(signature), message)


def _decoded(text: str) -> bytes:
    """base64url without padding, and only the one spelling of it."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise ValueError(text)
    return raw


def _check_chain(files: Mapping[str, bytes], verdict: Verdict) -> None:
    chains: dict[str, dict[int, Link]] = {}
    for name in sorted(files):
        stream = name.removeprefix("chain/").removesuffix(".tsv")
        if name == f"chain/{stream}.tsv":
            chains[stream] = _walked(stream, files[name].decode(), verdict)
    for line in files.get(EVENTS, b"").decode().splitlines():
        told = json.loads(line)
        held = chains.get(told["stream"], {}).get(told["seq"])
        if held is None or digest(told["text"].encode()) != held.event_digest:
            verdict.problems.append(f"not the event of its link: {told['stream']} {told['seq']}")
    _check_heads(files.get(HEADS, b'{"results": []}').decode(), chains, verdict)


def _walked(stream: str, text: str, verdict: Verdict) -> dict[int, Link]:
    """Every link follows from the one before it, or the first that does not is named."""
    first, *lines = text.splitlines()
    prev, seq = first.split("\t")[1], None
    links: dict[int, Link] = {}
    for line in lines:
        number, event_digest, own = line.split("\t")
        follows = seq is None or int(number) == seq + 1
        if not follows or link(prev, int(number), event_digest) != own:
            verdict.problems.append(f"link does not follow: {stream} {number}")
            break
        seq, prev = int(number), own
        links[seq] = Link(seq, event_digest, own)
    return links


def _check_heads(text: str, chains: Mapping[str, Mapping[int, Link]], verdict: Verdict) -> None:
    known = _published(text)
    for stream, links in chains.items():
        reached = [seq for named, seq in known if named == stream and seq in links]
        if any(links[seq].digest != known[stream, seq] for seq in reached):
            verdict.problems.append(f"not the published head: {stream}")
        (verdict.covered if reached else verdict.uncovered).append(stream)


def _published(text: str) -> dict[tuple[str, int], str]:
    """The heads of each day, by stream and number, where they give the day's digest."""
    known: dict[tuple[str, int], str] = {}
    for day in json.loads(text)["results"]:
        lines = sorted(f"{one['stream']}:{one['seq']}:{one['digest']}" for one in day["heads"])
        told = "".join(f"{line}\n" for line in [day["day"], *lines])
        if digest(told.encode()) != day["digest"]:
            raise ValueError(f"the heads of {day['day']} do not give its digest")
        known |= {(one["stream"], int(one["seq"])): one["digest"] for one in day["heads"]}
    return known


def read_key(text: str) -> tuple[str, str]:
    key_id, _, public = text.partition(":")
    if not (key_id and public):
        raise ValueError(text)
    return key_id, public


def verdict_lines(content: bytes, verdict: Verdict) -> Iterator[str]:
    """The verdict, a line each; the last says whether the file is genuine."""
    yield f"sha256 {digest(content)}"
    for stream in verdict.covered:
        yield f"{stream}: reaches a published head"
    for stream in verdict.uncovered:
        yield f"{stream}: ends before any published head"
    for problem in verdict.problems:
        yield f"  {problem}"
    if verdict.is_genuine:
        about = verdict.about
        yield f"genuine: case {about['case']}, made {about['made_at']}"
    else:
        yield "This file is not as it was made."


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check a sealed file of evidence.")
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--key",
        action="append",
        required=True,
        type=read_key,
        metavar="ID:PUBLIC",
        help="a public key that was handed over by another way; may be repeated",
    )
    asked = parser.parse_args(arguments)
    try:
        content = asked.file.read_bytes()
    except OSError as problem:
        parser.error(str(problem))
    verdict = verify(content, keys=dict(asked.key))
    print(*verdict_lines(content, verdict), sep="\n")  # noqa: T201  # its one way of answering
    return 0 if verdict.is_genuine else 1


if __name__ == "__main__":
    sys.exit(main())
