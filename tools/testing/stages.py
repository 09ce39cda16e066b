"""pytest plugin: stages in order, the record build/last-test.json, and honest skips where there is no bench.

A test's stage is the first folder under tests/. Site and browser tests import Frappe, so without a bench
their modules are read, not imported, and each of their tests is counted as skipped with the reason.

Stages run one after the other, each by all workers; a module stays with one worker, and long modules come
first, so that no worker ends alone with one. A browser test that fails is run once more and, if it passes then, told as
flaky; no other test is.
"""

from __future__ import annotations

import ast
import json
import math
import os
import subprocess
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tools import python_env, services
from tools.paths import ROOT
from tools.testing.workers import site_of
from tools.testing_names import BENCH_VARIABLE, ON_BENCH, RECORD_VARIABLE, STAGES

TESTS = ROOT / "tests"

BUDGET = TESTS / "budget.json"
"""Seconds each stage may take, and the modules that are begun first."""


@dataclass
class Counts:
	"""What became of a stage's tests, and when its first began and its last ended."""

	passed: int = 0
	failed: int = 0
	skipped: int = 0
	flaky: list[str] = field(default_factory=list)
	began: float = math.inf
	ended: float = 0.0

	@property
	def seconds(self) -> float:
		"""Wall seconds; with several workers the tests' own seconds add up to more."""
		return max(0.0, self.ended - self.began)


_results: dict[str, Counts] = {}
_run_twice: set[str] = set()


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
	"""Run the stages in their order, cheap ones first, and the long modules of each stage before the others."""
	first = [str(ROOT / name) for name in _budget().get("first", [])]

	def place(item: pytest.Item) -> tuple[int, int]:
		file = str(item.path)
		return STAGES.index(stage_of(item.path)), first.index(file) if file in first else len(first)

	items.sort(key=place)
	for item in items:
		if stage_of(item.path) == "browser":
			item.add_marker(pytest.mark.flaky(reruns=1))


def _budget() -> dict[str, Any]:
	return dict(json.loads(BUDGET.read_text(encoding="utf-8")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
	item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
	"""A failing test on the bench names the site it ran on."""
	report = yield
	if report.failed and stage_of(item.path) in ON_BENCH:
		report.sections.append(("Site", site_of(item.config)))
	return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
	"""Count each test once in its stage."""
	counts = _counts(report.nodeid)
	counts.began = min(counts.began, report.start)
	counts.ended = max(counts.ended, report.stop)
	if str(report.outcome) == "rerun":
		_run_twice.add(report.nodeid)
	elif report.failed:
		counts.failed += 1
	elif report.skipped:
		counts.skipped += 1
	elif report.when == "call":
		counts.passed += 1
		if report.nodeid in _run_twice:
			counts.flaky.append(report.nodeid)


def _counts(nodeid: str) -> Counts:
	return _results.setdefault(stage_of(ROOT / nodeid.split("::")[0]), Counts())


def pytest_collectreport(report: pytest.CollectReport) -> None:
	"""A module that cannot be imported is a failure of its stage."""
	if report.failed:
		_counts(report.nodeid).failed += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
	"""Write the record that `make test` asked for; a worker leaves that to the process that hears all of them."""
	record = os.environ.get(RECORD_VARIABLE)
	if record and not hasattr(session.config, "workerinput"):
		Path(record).parent.mkdir(parents=True, exist_ok=True)
		Path(record).write_text(json.dumps(_record(), indent=1) + "\n", encoding="utf-8")


def _record() -> dict[str, object]:
	stages = {stage: _results.get(stage, Counts()) for stage in STAGES}
	return {
		"commit": _git("rev-parse", "HEAD"),
		"changed_since": bool(_git("status", "--porcelain")),
		**{
			stage: {
				"passed": counts.passed,
				"failed": counts.failed,
				"skipped": counts.skipped,
				"seconds": round(counts.seconds, 1),
			}
			for stage, counts in stages.items()
		},
		"flaky": [name for counts in stages.values() for name in counts.flaky],
	}


def _git(*words: str) -> str:
	done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
	return done.stdout.strip()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
	"""One line per stage above pytest's closing line; what was flaky, slow or could not run."""
	terminalreporter.section("stages")
	for line in _summary():
		terminalreporter.write_line(line)


def _summary() -> Iterator[str]:
	budget = _budget()["seconds"]
	found = [(stage, _results[stage]) for stage in STAGES if stage in _results]
	for stage, counts in found:
		numbers = {word: getattr(counts, word) for word in ("passed", "failed", "skipped")}
		words = [f"{number} {word}" for word, number in numbers.items() if number]
		yield f"{stage:<10} {', '.join(words)} ({counts.seconds:.0f} s of {budget[stage]} s)"
	for stage, counts in found:
		if counts.seconds > budget[stage]:
			yield f"warning: {stage} took {counts.seconds:.0f} s; its budget is {budget[stage]} s ({BUDGET.name})"
	for name in (name for _stage, counts in found for name in counts.flaky):
		yield f"flaky: {name} failed and passed when it was run again (build/traces/)"
	state = bench_state()
	if state != "ready" and any(stage in ON_BENCH for stage, _counts in found):
		yield f"site and browser tests were not run: {state.partition(': ')[2]}"
