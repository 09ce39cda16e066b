"""How fast the configuration engine answers, on the sample catalogue and on feature models given as files.

In one run, against bare python-sat (the same solver on the whole CNF) and, where the Python of an environment
with flamapy is given, against flamapy. Times are CPU milliseconds of one process, so that a shared machine
disturbs them little: median / 99th percentile.

	configuration_engine.py [--flamapy /path/to/python] [--queries N] [MODEL.uvl MODEL.dimacs ...]
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from _subjects import ON, Subject, feature_model, sample
from pysat.solvers import Minisat22

from order_review.adapters import catalogue_folder
from order_review.engine import Catalogue
from order_review.engine.feature_models import write_dimacs
from order_review.engine.solver import Context, availability
from order_review.engine.solver.compiled import CompiledModel

HERE = Path(__file__).resolve().parent
GOALS_MS = {"conflict": 5.0, "repair": 50.0, "completion": 50.0}
AVAILABILITY_MS = {"sample": 15.0, "public": 40.0}
COMPILE_MS = {"sample": 100.0, "public": 2_000.0}
VALID_TIMES_BARE = 2.0
VALID_TIMES_FLAMAPY = 50.0
AVAILABILITY_TIMES_FLAMAPY = {"automotive02_v1.uvl": 5_000.0}
AVAILABILITY_TIMES_FLAMAPY_ELSEWHERE = 15.0
MEMORY_MB = 300.0
PEER_QUERIES = {"valid": 20, "availability": 3}
PEER_SECONDS = 600


class Report:
	"""Prints rows and remembers which goals were missed."""

	def __init__(self) -> None:
		self.missed: list[str] = []
		self.rows: list[dict[str, Any]] = []

	def row(
		self, subject: str, question: str, times: Sequence[float], goal: float | None, figure: str
	) -> None:
		"""One line: `figure` says which number the goal is for (p50 or p99), in milliseconds."""
		middle, high = quantile(times, 0.5), quantile(times, 0.99)
		value = high if figure == "p99" else middle
		missed = goal is not None and value > goal
		verdict = "" if goal is None else f"goal {figure} ≤ {goal:g} ms {'MISSED' if missed else 'met'}"
		print(f"  {question:<28}{middle:>10.3f} /{high:>10.3f} ms  n={len(times):<5}{verdict}", flush=True)
		self.rows.append({"subject": subject, "question": question, "p50": middle, "p99": high, "goal": goal})
		if missed:
			self.missed.append(f"{subject}: {question} {figure} {value:.2f} ms > {goal:g} ms")

	def ratio(self, subject: str, question: str, ratio: float, goal: float | None, *, least: bool) -> None:
		"""A ratio to a peer; `least` when the goal is a lower bound."""
		missed = goal is not None and (ratio < goal if least else ratio > goal)
		verdict = (
			"" if goal is None else f"goal {'≥' if least else '≤'} {goal:g}× {'MISSED' if missed else 'met'}"
		)
		print(f"  {question:<28}{ratio:>10.2f}×{'':<20}{verdict}", flush=True)
		self.rows.append({"subject": subject, "question": question, "ratio": ratio, "goal": goal})
		if missed:
			self.missed.append(f"{subject}: {question} {ratio:.2f}× (goal {goal:g}×)")


def quantile(times: Sequence[float], share: float) -> float:
	"""A quantile in milliseconds."""
	ordered = sorted(times)
	return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000


def timed(work: Callable[[Any], object], queries: Iterable[Any]) -> list[float]:
	"""CPU seconds of each query, each asked once."""
	times = []
	for query in queries:
		started = time.process_time()
		work(query)
		times.append(time.process_time() - started)
	return times


def measure(subject: Subject, kind: str, peer: str | None, report: Report) -> None:
	"""All questions of one model."""
	options = sum(name is not None for name in subject.problem.names)
	print(f"\n{subject.name}: {options} options, {len(subject.problem.rules)} rules")
	queries, answers = subject.queries, subject.answers
	partial, clashing = queries.partial, queries.clashing
	for question in ("valid", "conflict", "completion"):  # what is built at the first question is not counted
		answers[question](clashing[0] if question == "conflict" else partial[0])
	gc.collect()
	report.row(
		subject.name,
		"compile and lint",
		timed(lambda _: subject.compile_and_lint(), range(5)),
		COMPILE_MS[kind],
		"p99",
	)
	bare, ours = _valid(subject)
	report.row(subject.name, "valid", ours, None, "p50")
	report.row(subject.name, "valid, bare python-sat", bare, None, "p50")
	report.ratio(
		subject.name,
		"valid: ours / bare",
		quantile(ours, 0.5) / quantile(bare, 0.5),
		VALID_TIMES_BARE,
		least=False,
	)
	statuses = timed(answers["availability"], partial)
	report.row(subject.name, "availability", statuses, AVAILABILITY_MS[kind], "p99")
	report.row(subject.name, "conflict", timed(answers["conflict"], clashing), GOALS_MS["conflict"], "p99")
	report.row(
		subject.name, "best repair", timed(answers["repair"], queries.whole), GOALS_MS["repair"], "p99"
	)
	report.row(
		subject.name, "completion", timed(answers["completion"], partial), GOALS_MS["completion"], "p99"
	)
	if peer is not None:
		_against_peer(subject, peer, ours, statuses, report)


def _valid(subject: Subject) -> tuple[list[float], list[float]]:
	"""CPU seconds of valid, bare and ours, the two asked in turns."""
	_, clauses, _ = subject.problem.expanded()
	mixed = [
		query
		for pair in zip(subject.queries.partial, subject.queries.clashing, strict=False)
		for query in pair
	]
	bare: list[float] = []
	ours: list[float] = []
	with Minisat22(bootstrap_with=[list(clause) for clause in clauses]) as solver:
		for query in mixed:
			bare += timed(lambda literals: solver.solve(assumptions=literals), [query])
			ours += timed(subject.answers["valid"], [query])
	return bare, ours


def _against_peer(
	subject: Subject, peer: str, ours: list[float], statuses: list[float], report: Report
) -> None:
	found = ask_peer(subject, peer)
	if found is None:
		print("  flamapy: no answer within the time given")
		return
	report.row(subject.name, "valid, flamapy", found["times"]["valid"], None, "p50")
	report.row(subject.name, "availability, flamapy", found["times"]["availability"], None, "p50")
	report.row(subject.name, "compile and lint, flamapy", found["times"]["compile and lint"], None, "p50")
	valid = quantile(found["times"]["valid"], 0.5) / quantile(ours, 0.5)
	report.ratio(subject.name, "valid: flamapy / ours", valid, VALID_TIMES_FLAMAPY, least=True)
	availability_ratio = quantile(found["times"]["availability"], 0.5) / quantile(statuses, 0.5)
	goal = AVAILABILITY_TIMES_FLAMAPY.get(subject.name, AVAILABILITY_TIMES_FLAMAPY_ELSEWHERE)
	report.ratio(subject.name, "availability: flamapy / ours", availability_ratio, goal, least=True)


def ask_peer(subject: Subject, peer: str) -> dict[str, Any] | None:
	"""Times of flamapy on the same CNF and queries, None when it takes too long."""
	queries = {name: subject.queries.partial[:number] for name, number in PEER_QUERIES.items()}
	with tempfile.TemporaryDirectory() as folder:
		model, asked = Path(folder, "model.dimacs"), Path(folder, "queries.json")
		model.write_text("".join(write_dimacs(subject.problem)), encoding="utf-8")
		asked.write_text(json.dumps(queries), encoding="utf-8")
		try:
			done = subprocess.run(
				[peer, str(HERE / "_flamapy.py"), str(model), str(asked)],
				capture_output=True,
				check=True,
				timeout=PEER_SECONDS,
			)
		except subprocess.TimeoutExpired:
			return None
	found: dict[str, Any] = json.loads(done.stdout)
	return found


def memory(catalogue: Catalogue, report: Report) -> None:
	"""All sample models in 50 contexts each, every one asked for availability, a reason and a completion."""
	kept = []
	for model in catalogue.models.values():
		for number in range(50):
			grade, use = model.grades[number % len(model.grades)], (model.default_use, None)[number % 2]
			compiled = CompiledModel(catalogue, model, Context(ON, grade, use, qty=1 + number))
			availability(compiled, [model.standard[0]])
			kept.append(compiled)
	used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
	missed = used > MEMORY_MB
	print(
		f"\nmemory with {len(kept)} compiled models: {used:.0f} MB, goal ≤ {MEMORY_MB:g} MB {'MISSED' if missed else 'met'}"
	)
	report.rows.append({"subject": "memory", "megabytes": used, "goal": MEMORY_MB})
	if missed:
		report.missed.append(f"memory {used:.0f} MB > {MEMORY_MB:g} MB")


def main() -> int:
	"""Measure and say which goals were missed; exit status 1 when any was."""
	from order_review.cli.common import SAMPLE_CATALOGUE

	arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	arguments.add_argument("files", nargs="*", type=Path, metavar="FILE", help="UVL or DIMACS feature models")
	arguments.add_argument("--catalog", type=Path, default=SAMPLE_CATALOGUE)
	arguments.add_argument("--flamapy", metavar="PYTHON", help="Python of an environment with flamapy")
	arguments.add_argument("--queries", type=int, default=200)
	arguments.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
	given = arguments.parse_args()
	report = Report()
	catalogue = catalogue_folder.load(given.catalog)
	memory(catalogue, report)
	print("\nCPU milliseconds, median / 99th percentile")
	for code, model in catalogue.models.items():
		if model.active:
			measure(sample(catalogue, code, given.queries), "sample", given.flamapy, report)
	for file in given.files:
		measure(feature_model(file, given.queries), "public", given.flamapy, report)
	if given.json is not None:
		given.json.write_text(json.dumps(report.rows, indent=1), encoding="utf-8")
	print("\n" + ("\n".join(["Goals missed:", *report.missed]) if report.missed else "All goals met."))
	return 1 if report.missed else 0


if __name__ == "__main__":
	sys.exit(main())
