"""The virtual environment env/: made once, grown in layers, never shrunk."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import debian
from tools.fetched_apps import SourceMissing
from tools.paths import APPS, ENV, OUR_APP, PYTHON, ROOT, command_environment
from tools.report import Problem, run

OLDEST, NEWEST = (3, 10), (3, 13)
OLDEST_PIP = (25, 1)  # knows --group
STATE = ENV / "layers.json"
GIT_FAILED = re.compile(r"[×x] git (clone|fetch|checkout)")  # the head of pip's error report
BENCH_TOOLS = ("frappe-bench>=5.25,<6", "mysqlclient>=2.2,<3")

# Each layer is what `pip install` is given. Layers already there are named again when another is
# added, so that pip resolves them together and never breaks the pins of one for another.
LAYERS: dict[str, list[str]] = {
	"package": ["-e", str(OUR_APP)],
	"development": ["--group", f"{ROOT / 'pyproject.toml'}:dev"],
	"bench": ["-e", str(APPS / "frappe"), "-e", str(APPS / "erpnext"), *BENCH_TOOLS],
}
READ_BY: dict[str, list[Path]] = {
	"package": [OUR_APP / "pyproject.toml"],
	"development": [ROOT / "pyproject.toml"],
	"bench": [APPS / "frappe" / "pyproject.toml", APPS / "erpnext" / "pyproject.toml"],
}


def ensure(*layers: str) -> None:
	"""Make env/ hold these layers (and those it holds already).

	:raises Problem: when this Python is too old or too new, or pip cannot fetch.
	"""
	state = _read_state()
	wanted = [name for name in LAYERS if name in layers or name in state]
	prints = {name: _fingerprint(name) for name in wanted}
	if PYTHON.exists() and state == prints:
		return
	_make()
	_install(wanted)
	STATE.write_text(json.dumps(prints, indent=1) + "\n", encoding="utf-8")


def _install(layers: list[str]) -> None:
	arguments = [word for name in layers for word in LAYERS[name]]
	try:
		run(
			f"Installing Python packages ({', '.join(layers)})",
			[PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments],
			# Frappe's gunicorn and PyPika come from git: fail rather than ask for a name and password.
			env={"GIT_TERMINAL_PROMPT": "0"},
		)
	except Problem as problem:
		if "bench" in layers and GIT_FAILED.search(problem.output):
			raise SourceMissing(
				"Frappe's own gunicorn and PyPika cannot be had from their git addresses",
				"Check the network; apps/frappe/pyproject.toml names the two addresses.",
			) from problem
		raise


def has(layer: str) -> bool:
	"""Whether env/ holds this layer."""
	return PYTHON.exists() and layer in _read_state()


def _read_state() -> dict[str, str]:
	try:
		state = json.loads(STATE.read_text(encoding="utf-8"))
	except (OSError, ValueError):
		return {}
	return {name: str(value) for name, value in state.items() if name in LAYERS}


def _fingerprint(layer: str) -> str:
	digest = hashlib.sha256(" ".join(LAYERS[layer]).encode())
	for file in READ_BY[layer]:
		if not file.exists():
			raise Problem(
				f"{file.relative_to(ROOT)} is missing.",
				"The checkout is not whole; get it again (git status).",
			)
		digest.update(file.read_bytes())
	return digest.hexdigest()


def _make() -> None:
	version = sys.version_info[:2]
	if not OLDEST <= version <= NEWEST:
		raise Problem(
			f"Python {version[0]}.{version[1]} is running; 3.10 to 3.13 is needed.",
			"Install one of them (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=python3.11 …",
		)
	if not (PYTHON.exists() and (ENV / "bin" / "pip").exists()):
		_make_folder()
	if _pip_version() < OLDEST_PIP:
		_update_pip()


def _make_folder() -> None:
	debian.ensure(debian.PYTHON)
	shutil.rmtree(ENV, ignore_errors=True)
	try:
		run("Making the Python environment env/", [sys.executable, "-m", "venv", ENV])
	except Problem:
		shutil.rmtree(ENV, ignore_errors=True)
		raise


def _pip_version() -> tuple[int, ...]:
	command = [str(PYTHON), "-m", "pip", "--version"]
	said = subprocess.run(
		command, env=command_environment(), capture_output=True, text=True, check=False
	).stdout
	match = re.match(r"pip (\d+)\.(\d+)", said)
	return tuple(int(part) for part in match.groups()) if match else (0,)


def _update_pip() -> None:
	wanted = f"pip>={'.'.join(map(str, OLDEST_PIP))}"
	run(
		"Updating pip",
		[
			PYTHON,
			"-m",
			"pip",
			"install",
			"--disable-pip-version-check",
			"--no-input",
			"--upgrade",
			wanted,
		],
	)
