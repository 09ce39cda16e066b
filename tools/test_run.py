"""`make test`: prepare what can be prepared, then one pytest run over all stages."""

from __future__ import annotations

import subprocess

from tools import debian, python_env, services
from tools.fetched_apps import SourceMissing
from tools.paths import BUILD, PYTHON, ROOT, command_environment, make_folders
from tools.report import Problem, say
from tools.start import make_bench, serve_bench
from tools.testing_names import BENCH_VARIABLE, ON_BENCH, RECORD_VARIABLE, STAGES

RECORD = BUILD / "last-test.json"


def test(words: list[str]) -> int:
	"""Run the tests.

	:param words: nothing for everything (and the record in build/last-test.json); else stage names or
	    words for pytest.
	:returns: pytest's exit code; its closing line is the last that is printed.
	"""
	make_folders()
	environment = {}
	started: list[str] = []
	if _needs_bench(words):
		state, started = _prepare_bench()
		environment[BENCH_VARIABLE] = state
	python_env.ensure("package", "development")
	if not words:
		environment[RECORD_VARIABLE] = str(RECORD)
	chosen = [f"tests/{word}" if word in STAGES else word for word in words] or ["tests"]
	try:
		command = [str(PYTHON), "-m", "pytest", *chosen]
		return subprocess.run(command, cwd=ROOT, env=command_environment(environment), check=False).returncode
	finally:
		services.stop(started)


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
