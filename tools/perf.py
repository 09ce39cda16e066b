"""`make perf`: run the measurements in benchmarks/, those of the site on a throw-away one."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import python_env, services, sites, snapshots
from tools.fetched_apps import SourceMissing
from tools.paths import PYTHON, ROOT, command_environment
from tools.report import Problem, say
from tools.start import make_bench, serve_bench

FOLDER = ROOT / "benchmarks"
PERF_SITE = "perf.localhost"


def perf(names: list[str]) -> int:
	"""Run the named benchmarks (all when none is named), each in a process of its own.

	:returns: 1 when one of them missed its aim, else 0.
	:raises Problem: when a name is not one of them.
	"""
	known = benchmarks()
	unknown = [name for name in names if name not in known]
	if unknown or not known:
		raise Problem(
			f"No benchmark named {', '.join(unknown) or '(any)'}.",
			f"There are: {', '.join(known) or 'none'}.",
		)
	chosen = {name: known[name] for name in names or known}
	on_site = {name: file for name, file in chosen.items() if needs_site(file)}
	python_env.ensure("package", "development")
	failed = [name for name, file in chosen.items() if name not in on_site and not _passes(name, file)]
	if on_site:
		failed += _measure_on_site(on_site)
	say(f"\nMeasured: {', '.join(chosen)}." + (f" Missed their aim: {', '.join(failed)}." if failed else ""))
	return 1 if failed else 0


def benchmarks() -> dict[str, Path]:
	"""All benchmarks by name."""
	files = sorted(FOLDER.rglob("*.py"))
	return {
		file.stem: file
		for file in files
		if not file.stem.startswith("_") and "__main__" in file.read_text("utf-8")
	}


def needs_site(file: Path) -> bool:
	"""Whether the benchmark measures Frappe, and so takes --site."""
	return bool(re.search(r"^(import|from) frappe\b", file.read_text(encoding="utf-8"), re.MULTILINE))


def _passes(name: str, file: Path, *words: str) -> bool:
	say(f"\n== {name}")
	return (
		subprocess.run([PYTHON, file, *words], cwd=ROOT, env=command_environment(), check=False).returncode
		== 0
	)


def _measure_on_site(chosen: dict[str, Path]) -> list[str]:
	try:
		with _throw_away_site() as site:
			return [name for name, file in chosen.items() if not _passes(name, file, "--site", site)]
	except SourceMissing as missing:
		say(f"\nNot measured: {', '.join(chosen)}. {missing.message} {missing.remedy}")
		return []


@contextmanager
def _throw_away_site() -> Iterator[str]:
	make_bench()
	started = serve_bench()
	try:
		snapshots.restore(snapshots.demo(), PERF_SITE)
		yield PERF_SITE
	finally:
		sites.drop(PERF_SITE)
		services.stop(started)
