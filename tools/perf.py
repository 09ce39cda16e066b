"""`make perf`: run the measurements in benchmarks/."""

from __future__ import annotations

import subprocess

from tools import python_env
from tools.paths import PYTHON, ROOT, command_environment
from tools.report import Problem, say

FOLDER = ROOT / "benchmarks"


def perf(names: list[str]) -> int:
	"""Run the named benchmarks (all when none is named), each in a process of its own.

	:raises Problem: when a name is not one of them.
	"""
	known = {file.stem: file for file in sorted(FOLDER.glob("*.py")) if not file.stem.startswith("_")}
	unknown = [name for name in names if name not in known]
	if unknown or not known:
		raise Problem(
			f"No benchmark named {', '.join(unknown) or '(any)'}.",
			f"There are: {', '.join(known) or 'none'}.",
		)
	python_env.ensure("package", "development")
	failed = []
	for name in names or known:
		say(f"\n== {name}")
		done = subprocess.run([PYTHON, known[name]], cwd=ROOT, env=command_environment(), check=False)
		if done.returncode:
			failed.append(name)
	say(f"\nMeasured: {', '.join(names or known)}." if not failed else f"\nFailed: {', '.join(failed)}.")
	return 1 if failed else 0
