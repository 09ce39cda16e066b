"""pytest plugin: stages in order, the record build/last-test.json, and honest skips where there is no bench.

A test's stage is the first folder under tests/. Site and browser tests import Frappe, so without a bench
their modules are read, not imported, and each of their tests is counted as skipped with the reason.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import python_env, services
from tools.paths import ROOT
from tools.testing_names import BENCH_VARIABLE, ON_BENCH, RECORD_VARIABLE, STAGES

TESTS = ROOT / "tests"

_results: dict[str, dict[str, float]] = {}


def stage_of(path: Path) -> str:
	"""The stage of a test file: its first folder under tests/, "engine" for a file that has none."""
	parts = path.resolve().relative_to(TESTS).parts if path.resolve().is_relative_to(TESTS) else ()
	return parts[0] if len(parts) > 1 and parts[0] in STAGES else "engine"


def bench_state() -> str:
	"""Whether site tests can run; decided by `make test`, or looked up when pytest was called by hand."""
	said = os.environ.get(BENCH_VARIABLE)
	if said:
		return said
	if not python_env.has("bench"):
		return "missing: this checkout has no bench; `make test` makes one"
	if services.running() != set(services.SERVERS):
		return "missing: the bench's servers do not run; `make test` starts them"
	return "ready"


class AbsentTest(pytest.Item):
	"""A test that cannot run here: skipped, or failed when the bench should have been there."""

	def runtest(self) -> None:
		kind, _, reason = bench_state().partition(": ")
		if kind == "broken":
			pytest.fail(f"The bench could not be prepared: {reason}", pytrace=False)
		pytest.skip(reason)

	def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
		return str(excinfo.value)

	def reportinfo(self) -> tuple[Path, int | None, str]:
		return self.path, None, self.name


class AbsentModule(pytest.File):
	"""A test module that is read but not imported."""

	def collect(self) -> Iterator[AbsentTest]:
		tree = ast.parse(self.path.read_text(encoding="utf-8"))
		for name in _test_names(tree):
			yield AbsentTest.from_parent(self, name=name)


def _test_names(tree: ast.Module) -> Iterator[str]:
	for node in ast.walk(tree):
		if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
			yield node.name


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
	"""Replace the modules of site and browser tests where no bench is ready."""
	if stage_of(module_path) in ON_BENCH and bench_state() != "ready":
		return AbsentModule.from_parent(parent, path=module_path)
	return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	"""Run the stages in their order, cheap ones first."""
	items.sort(key=lambda item: STAGES.index(stage_of(item.path)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
	"""Count each test once in its stage, and every phase's seconds."""
	stage = stage_of(ROOT / report.nodeid.split("::")[0])
	counts = _results.setdefault(stage, {"passed": 0, "failed": 0, "skipped": 0, "seconds": 0.0})
	counts["seconds"] += report.duration
	if report.failed:
		counts["failed"] += 1
	elif report.skipped:
		counts["skipped"] += 1
	elif report.when == "call":
		counts["passed"] += 1


def pytest_collectreport(report: pytest.CollectReport) -> None:
	"""A module that cannot be imported is a failure of its stage."""
	if report.failed:
		stage = stage_of(ROOT / report.nodeid.split("::")[0])
		counts = _results.setdefault(stage, {"passed": 0, "failed": 0, "skipped": 0, "seconds": 0.0})
		counts["failed"] += 1


def pytest_sessionfinish() -> None:
	"""Write the record that `make test` asked for."""
	if record := os.environ.get(RECORD_VARIABLE):
		Path(record).parent.mkdir(parents=True, exist_ok=True)
		Path(record).write_text(json.dumps(_record(), indent=1) + "\n", encoding="utf-8")


def _record() -> dict[str, object]:
	none = {"passed": 0, "failed": 0, "skipped": 0, "seconds": 0.0}
	stages = {stage: dict(_results.get(stage, none)) for stage in STAGES}
	for counts in stages.values():
		counts["seconds"] = round(counts["seconds"], 1)
	return {
		"commit": _git("rev-parse", "HEAD"),
		"changed_since": bool(_git("status", "--porcelain")),
		**stages,
	}


def _git(*words: str) -> str:
	done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
	return done.stdout.strip()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
	"""One line per stage above pytest's closing line, and one on what could not run."""
	terminalreporter.section("stages")
	for stage in STAGES:
		if stage in _results:
			counts = _results[stage]
			words = [f"{counts[word]:.0f} {word}" for word in ("passed", "failed", "skipped") if counts[word]]
			terminalreporter.write_line(f"{stage:<10} {', '.join(words)} ({counts['seconds']:.0f} s)")
	state = bench_state()
	if state != "ready" and any(stage in _results for stage in ON_BENCH):
		terminalreporter.write_line(f"site and browser tests were not run: {state.partition(': ')[2]}")
