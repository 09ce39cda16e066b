"""`make test`: prepare what can be prepared, then one pytest run over all stages."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tools import debian, python_env, services
from tools.fetched_apps import SourceMissing
from tools.paths import BUILD, PYTHON, ROOT, command_environment, make_folders
from tools.report import Problem, say
from tools.start import make_bench, serve_bench
from tools.testing_names import BENCH_VARIABLE, ON_BENCH, PROPERTIES_VARIABLE, RECORD_VARIABLE, STAGES

RECORD = BUILD / "last-test.json"
MOST_WORKERS = 4
LONG = "long"
"""The marker of tests that need size, faults or many minutes; `make test-long` runs them, `make test` all others."""


def test(words: list[str]) -> int:
	"""`make test`: all tests but the long ones."""
	return run_tests(words, f"not {LONG}", {})


def test_long(words: list[str]) -> int:
	"""`make test-long`: the long ones, and random properties on many more examples."""
	return run_tests(words, f"{LONG} or hypothesis", {PROPERTIES_VARIABLE: "wide"})


def run_tests(words: list[str], marker: str, environment: dict[str, str]) -> int:
	"""Run the tests.

	:param words: nothing for everything (and the record in build/last-test.json); else stage names or
	    words for pytest.
	:param marker: which of them, as pytest's option -m takes it.
	:param environment: variables for the tests.
	:returns: pytest's exit code; its closing line is the last that is printed.
	"""
	make_folders()
	# Workers must collect the same tests in the same order, also where a set is gone through.
	environment = {"PYTHONHASHSEED": "0", **environment}
	started: list[str] = []
	if _needs_bench(words):
		environment[BENCH_VARIABLE], started = _prepare_bench()
	python_env.ensure("package", "development")
	whole = not words and marker == f"not {LONG}"
	if whole:
		environment[RECORD_VARIABLE] = str(RECORD)
	named = [word for word in words if word in STAGES]
	chosen = [f"tests/{word}" if word in STAGES else word for word in words] or ["tests"]
	parallel = _parallel() if named or not words else []
	try:
		with _snapshot_meanwhile(environment.get(BENCH_VARIABLE) == "ready" and bool(parallel)):
			command = [str(PYTHON), "-m", "pytest", "-m", marker, *parallel, *chosen]
			return subprocess.run(
				command, cwd=ROOT, env=command_environment(environment), check=False
			).returncode
	finally:
		services.stop(started)


def _parallel() -> list[str]:
	"""As many workers as cores, each with whole modules, in the order of the stages."""
	workers = max(1, min(len(os.sched_getaffinity(0)), MOST_WORKERS))
	return ["-n", str(workers), "--dist", "loadscope", "--no-loadscope-reorder"] if workers > 1 else []


@contextmanager
def _snapshot_meanwhile(wanted: bool) -> Iterator[None]:
	"""Make the demo site's snapshot while the stages that need no site run; who needs it waits for it."""
	if not wanted:
		yield
		return
	say(
		"  The snapshot of the demo site is made meanwhile where there is none for the present code (build/snapshot.log)."
	)
	with (BUILD / "snapshot.log").open("wb") as log:
		maker = subprocess.Popen(
			[str(PYTHON), "-m", "tools", "snapshot"],
			cwd=ROOT,
			env=command_environment(),
			stdout=log,
			stderr=subprocess.STDOUT,
		)
	try:
		yield
	finally:
		services.stop_process(maker.pid if maker.poll() is None else None)
		maker.wait()


def _needs_bench(words: list[str]) -> bool:
	named = [word for word in words if word in STAGES or word.startswith("tests/")]
	return not named or any(stage in word for word in named for stage in ON_BENCH)


def _prepare_bench() -> tuple[str, list[str]]:
	"""Have a bench with running servers; what the site stages are told, and which servers were started."""
	try:
		make_bench("development", packages=debian.BROWSER)
		return "ready", serve_bench()
	except SourceMissing as problem:
		say(f"  No bench, so the site and browser stages are not run: {problem.message} {problem.remedy}")
		return f"missing: {problem.message}", []
	except Problem as problem:
		say(f"  The bench could not be prepared: {problem.message}\n  To do: {problem.remedy}")
		return f"broken: {problem.message} {problem.remedy}", []
