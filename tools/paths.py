"""Where things are in this checkout, and what its sites are called."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPS = ROOT / "apps"
BUILD = ROOT / "build"
CONFIG = ROOT / "config"
ENV = ROOT / "env"
LOGS = ROOT / "logs"
SITES = ROOT / "sites"
VAR = ROOT / "var"
RUN = VAR / "run"
NODE = VAR / "node"
STAND_INS = ROOT / "tools" / "bin"
"""Programs that stand in for ones this machine may lack; an installed one is found before them."""

OUR_APP = APPS / "order_review"
SITE = "review.localhost"

PYTHON = ENV / "bin" / "python"
SECRETS_FILE = VAR / "secrets.json"


def command_environment(extra: dict[str, str] | None = None) -> dict[str, str]:
	"""The environment for everything we start: our programs first, no other bench or Python mixed in."""
	environment = {
		name: value
		for name, value in os.environ.items()
		if name
		not in {"PYTHONPATH", "PYTHONHOME", "FRAPPE_BENCH_ROOT", "FRAPPE_SITE", "SITES_PATH", "MAKEFLAGS"}
	}
	ours = [ENV / "bin", NODE / "node_modules" / ".bin"]
	# Debian keeps mariadbd where an ordinary user's PATH does not look.
	path = [*map(str, ours), environment.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"]
	path.append(str(STAND_INS))
	return environment | {"PATH": os.pathsep.join(path), "VIRTUAL_ENV": str(ENV)} | (extra or {})


def make_folders() -> None:
	"""Create the folders that git ignores and bench expects."""
	for folder in (BUILD, LOGS, VAR, RUN, CONFIG / "pids", SITES):
		folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def alone() -> Iterator[None]:
	"""Let one command at a time change what is installed in this checkout; another waits here."""
	make_folders()
	with (RUN / "setup.lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			print("  Waiting for another make in this checkout to finish its set-up …", flush=True)
			fcntl.flock(lock, fcntl.LOCK_EX)
		yield
