"""`make lint`: style and types. The same checks are the lint stage of the tests."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from tools import python_env
from tools.paths import ENV, ROOT, command_environment
from tools.report import say

OURS = ("apps/order_review", "tests", "tools", "benchmarks")


@dataclass(frozen=True)
class Check:
	"""One program that judges our source."""

	name: str
	command: tuple[str, ...]


def checks() -> list[Check]:
	"""What is checked, with the folders that exist."""
	folders = tuple(folder for folder in OURS if any((ROOT / folder).rglob("*.py")))
	ruff = str(ENV / "bin" / "ruff")
	mypy = (str(ENV / "bin" / "mypy"), "--cache-dir", "var/mypy")
	return [
		Check("ruff", (ruff, "check", "--no-cache", *folders)),
		Check("format", (ruff, "format", "--no-cache", "--check", *folders)),
		Check("types of the engine", (*mypy, "apps/order_review/order_review/engine")),
		Check("types of the tools", (*mypy, "tools")),
	]


def run_check(check: Check) -> tuple[bool, str]:
	"""Run one check; whether it passed, and what it printed."""
	done = subprocess.run(
		check.command,
		cwd=ROOT,
		env=command_environment(),
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
		check=False,
	)
	return done.returncode == 0, done.stdout


def lint() -> int:
	"""Run all checks, print what the failing ones say; 0 when all pass."""
	python_env.ensure("package", "development")
	failed = []
	for check in checks():
		passed, output = run_check(check)
		say(f"  {check.name}: {'passed' if passed else 'FAILED'}")
		if not passed:
			failed.append(check.name)
			say(output)
	say("Style and types are in order." if not failed else f"Not in order: {', '.join(failed)}.")
	return 1 if failed else 0
