"""How fast the configuration engine answers, on the sample catalogue and on feature models given as files.

In one run, against bare python-sat (the same solver on the whole CNF) and, where the Python of an environment
with flamapy is given, against flamapy. Times are CPU milliseconds of one process, so that a shared machine
disturbs them little: median / 99th percentile.

	configuration_engine.py [--flamapy /path/to/python] [--queries N] [--orders N] [MODEL.uvl MODEL.dimacs ...]

All rows are printed with their goals; a missed one fails nothing.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
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
from order_review.engine.feature_models import read_dimacs, write_dimacs
from order_review.engine.solver import Context, availability
from order_review.engine.solver.compiled import CompiledModel
from order_review.engine.solver.session import Session

sys.path.append(str(Path(__file__).resolve().parents[1]))
HERE = Path(__file__).resolve().parent
LARGE = 500
"""Options above which ratios to flamapy have goals."""
GOALS_MS = {
	"sample": {
		"compile and lint": 15.0,
		"availability": 1.0,
		"conflict": 1.0,
		"repair": 20.0,
		"completion": 20.0,
	},
	"public": {"availability": 10.0, "conflict": 5.0, "repair": 20.0, "completion": 20.0},
}
LARGEST_MS = {"repair": 60.0, "completion": 60.0}
"""Goals on models of more than LARGEST options."""
LARGEST = 2_600
VALID_MS = 0.1
VALID_TIMES_BARE = 1.5
VALID_TIMES_FLAMAPY = 50.0
AVAILABILITY_TIMES_FLAMAPY = 15.0
AVAILABILITY_TIMES_FLAMAPY_LARGEST = 50_000.0
REPAIR_TIMES_RC2 = 20.0
COMPILE_TIMES_FLAMAPY = 1.0
REVIEWS_PER_SECOND = {"without reasons": 2_500.0, "with reasons": 1_000.0}
SHELL_SECONDS = 0.35
REPLAY_PER_SECOND = 500_000.0
MEMORY_MB = 300.0
PEER_QUERIES = {"valid": 20, "availability": 3}
RC2_QUERIES = 12
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

	def rate(self, question: str, rate: float, goal: float | None) -> None:
		"""Something done so often a second."""
		missed = goal is not None and rate < goal
		verdict = "" if goal is None else f"goal ≥ {goal:,.0f} {'MISSED' if missed else 'met'}"
		print(f"  {question:<28}{rate:>14,.0f} a second    {verdict}", flush=True)
		self.rows.append({"subject": "orders", "question": question, "rate": rate, "goal": goal})
		if missed:
			self.missed.append(f"{question}: {rate:,.0f} a second (goal {goal:,.0f})")


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


def goal_of(kind: str, question: str, options: int) -> float | None:
	"""Milliseconds a question may take."""
	if options > LARGEST:
		return LARGEST_MS.get(question, GOALS_MS[kind].get(question) if question == "conflict" else None)
	return GOALS_MS[kind].get(question)


def measure(subject: Subject, kind: str, peer: str | None, report: Report) -> None:
	"""All questions of one model."""
	options = sum(name is not None for name in subject.problem.names)
	print(f"\n{subject.name}: {options} options, {len(subject.problem.rules)} rules")
	queries, answers = subject.queries, subject.answers
	partial = queries.partial
	asked = {"valid": partial, "availability": partial, "conflict": queries.clashing}
	asked |= {"repair": queries.whole, "completion": partial}
	for question, given in asked.items():  # what is built at the first question is not counted
		answers[question](given[0])
	gc.collect()

	def row(question: str, times: Sequence[float], named: str = "") -> None:
		report.row(subject.name, named or question, times, goal_of(kind, question, options), "p99")

	row("compile and lint", timed(lambda _: subject.compile_and_lint(), range(5)))
	bare, ours = _valid(subject)
	small = kind == "public" and options <= LARGE
	report.row(subject.name, "valid", ours, VALID_MS if small else None, "p99")
	report.row(subject.name, "valid, bare python-sat", bare, None, "p50")
	ratio = quantile(ours, 0.5) / quantile(bare, 0.5)
	report.ratio(subject.name, "valid: ours / bare", ratio, VALID_TIMES_BARE, least=False)
	statuses = timed(answers["availability"], partial)
	row("availability", statuses)
	row("conflict", timed(answers["conflict"], queries.clashing))
	if queries.clashing_orders:
		row("repair", timed(answers["repair"], queries.clashing_orders), "repair of 40 choices")
		_against_rc2(subject, report, goal_of(kind, "repair", options))
	else:
		row("repair", timed(answers["repair"], queries.whole), "three best repairs")
	row("completion", timed(answers["completion"], partial))
	if peer is not None:
		_against_peer(subject, peer, ours, statuses, report, options)


def _against_rc2(subject: Subject, report: Report, goal: float | None) -> None:
	"""Repair of full orders, every option soft, against a fresh RC2 of python-sat."""
	from pysat.examples.rc2 import RC2
	from pysat.formula import WCNF

	_, clauses, _ = subject.problem.expanded()

	def fresh(order: Sequence[int]) -> int:
		formula = WCNF()
		for clause in clauses:
			formula.append(list(clause))
		for literal in order:
			formula.append([literal], weight=1)
		with RC2(formula) as solver:
			solver.compute()
			return int(solver.cost)

	repair = subject.answers["repair"]
	for order in subject.queries.whole[:RC2_QUERIES]:
		given_up = repair(order)
		assert isinstance(given_up, list)
		assert len(given_up) == fresh(order), "the repair is not the smallest"
	theirs = timed(fresh, subject.queries.whole[:RC2_QUERIES])
	ours = timed(repair, subject.queries.whole)
	report.row(subject.name, "repair of full orders", ours, goal, "p99")
	report.row(subject.name, "repair, fresh RC2", theirs, None, "p50")
	ratio = quantile(theirs, 0.5) / quantile(ours, 0.5)
	report.ratio(subject.name, "repair: RC2 / ours", ratio, REPAIR_TIMES_RC2, least=True)


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
		for query in mixed:  # a solver gets slower with use: both have answered as much before
			solver.solve(assumptions=query)
			subject.answers["valid"](query)
		for query in mixed:
			bare += timed(lambda literals: solver.solve(assumptions=literals), [query])
			ours += timed(subject.answers["valid"], [query])
	return bare, ours


def _against_peer(
	subject: Subject, peer: str, ours: list[float], statuses: list[float], report: Report, options: int
) -> None:
	found = ask_peer(subject, peer)
	if found is None:
		print("  flamapy: no answer within the time given")
		return
	times = found["times"]
	report.row(subject.name, "valid, flamapy", times["valid"], None, "p50")
	report.row(subject.name, "availability, flamapy", times["availability"], None, "p50")
	report.row(subject.name, "load and backbone, flamapy", times["compile and lint"], None, "p50")
	report.row(subject.name, "load and backbone, ours", found["ours"], None, "p50")
	large = options > LARGE
	valid = quantile(times["valid"], 0.5) / quantile(ours, 0.5)
	report.ratio(
		subject.name, "valid: flamapy / ours", valid, VALID_TIMES_FLAMAPY if large else None, least=True
	)
	ratio = quantile(times["availability"], 0.5) / quantile(statuses, 0.5)
	goal = AVAILABILITY_TIMES_FLAMAPY_LARGEST if options > LARGEST else AVAILABILITY_TIMES_FLAMAPY
	report.ratio(subject.name, "availability: flamapy / ours", ratio, goal if large else None, least=True)
	ratio = quantile(times["compile and lint"], 0.5) / quantile(found["ours"], 0.5)
	report.ratio(
		subject.name, "load: flamapy / ours", ratio, COMPILE_TIMES_FLAMAPY if large else None, least=True
	)


def ask_peer(subject: Subject, peer: str) -> dict[str, Any] | None:
	"""Times of flamapy on the same CNF and queries, None when it takes too long."""
	queries = {name: subject.queries.partial[:number] for name, number in PEER_QUERIES.items()}
	with tempfile.TemporaryDirectory() as folder:
		model, asked = Path(folder, "model.dimacs"), Path(folder, "queries.json")
		model.write_text("".join(write_dimacs(subject.problem)), encoding="utf-8")
		asked.write_text(json.dumps(queries), encoding="utf-8")
		ours = timed(lambda _: _load_and_backbone(model), range(3))
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
	return {**found, "ours": ours}


def _load_and_backbone(file: Path) -> object:
	with file.open("rb") as stream:
		return Session(read_dimacs(stream, file.name).problem).availability()


def reviews(report: Report, number: int) -> None:
	"""Whole reviews as the command line makes them, from plain order data to a line of JSON."""
	import command_line

	from order_review.cli.common import SAMPLE_CATALOGUE
	from order_review.cli.working import Task, work

	for what, explain in (("without reasons", False), ("with reasons", True)):
		catalogue = catalogue_folder.load(SAMPLE_CATALOGUE)
		orders = command_line.varied_orders(catalogue, number)
		task = Task("json", "en", explain=explain)
		spent = sum(timed(lambda order, c=catalogue, t=task: work(c, t, order, ""), orders))
		report.rate(f"reviews {what}", number / spent, REVIEWS_PER_SECOND[what])
	_from_the_shell(report)


def _from_the_shell(report: Report) -> None:
	"""One order with reasons from the shell: processor and elapsed seconds of the second run and those after it."""
	import command_line
	import yaml

	from order_review.cli.common import SAMPLE_CATALOGUE

	with tempfile.TemporaryDirectory() as folder:
		orders = yaml.safe_load((SAMPLE_CATALOGUE / "orders.yaml").read_text("utf-8"))["orders"]
		file = Path(folder, "order.json")
		order = next(each for each in orders if each["id"] == "IO-07")
		file.write_text(json.dumps(order, default=command_line._iso), encoding="utf-8")
		program = "import sys; from order_review.cli import main; sys.exit(main())"
		command = [sys.executable, "-c", program, "review", str(file), "--format", "json"]
		seconds = []
		for _ in range(6):
			before = resource.getrusage(resource.RUSAGE_CHILDREN)
			subprocess.run(
				command, capture_output=True, check=False, env={**os.environ, "XDG_CACHE_HOME": folder}
			)
			after = resource.getrusage(resource.RUSAGE_CHILDREN)
			seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
	value = sorted(seconds[1:])[2]
	met = "met" if value <= SHELL_SECONDS else "MISSED"
	print(
		f"  {'one order from the shell':<28}{value:>10.3f} s (first run {seconds[0]:.3f} s)  goal ≤ {SHELL_SECONDS} s {met}"
	)
	report.rows.append({"subject": "reviews", "question": "one order from the shell", "seconds": value})
	if value > SHELL_SECONDS:
		report.missed.append(f"one order from the shell {value:.2f} s > {SHELL_SECONDS} s")


def replays(catalogue: Catalogue, report: Report, number: int = 100_000) -> None:
	"""Complete orders with the first violated rule each."""
	from order_review.engine.replay import Bank
	from order_review.engine.rulebook import rulebook

	chance = random.Random(1)
	model = catalogue.models["XQK6128H"]
	context = Context(ON, "G1", "tourism")
	offered = {f: catalogue.offered(f, model) for f in model.families if catalogue.families[f].single}
	orders = []
	for _ in range(number):
		changed = chance.sample(sorted(offered), 3)
		kept = [c for c in model.standard if catalogue.options[c].family not in changed]
		orders.append(frozenset([*kept, *(chance.choice(offered[family]) for family in changed)]))
	started = time.process_time()
	bank = Bank(catalogue, model, orders)
	built = time.process_time() - started
	rules = [rule for rule, _ in rulebook(catalogue, model).rules if rule.severity == "error"]
	times = timed(lambda _: bank.first_violated(rules, context.fields(), ON), range(5))
	report.rate("bank of orders, built", number / built, None)
	report.rate(f"replay of {len(rules)} rules", number / times[0], REPLAY_PER_SECOND)
	report.rate("replay again", number / quantile(times, 0.5) * 1_000, REPLAY_PER_SECOND)


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


def main() -> None:
	"""Measure and say which goals were met."""
	from order_review.cli.common import SAMPLE_CATALOGUE

	arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	arguments.add_argument("files", nargs="*", type=Path, metavar="FILE", help="UVL or DIMACS feature models")
	arguments.add_argument("--catalog", type=Path, default=SAMPLE_CATALOGUE)
	arguments.add_argument("--flamapy", metavar="PYTHON", help="Python of an environment with flamapy")
	arguments.add_argument("--queries", type=int, default=200)
	arguments.add_argument("--orders", type=int, default=10_000)
	arguments.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
	given = arguments.parse_args()
	report = Report()
	catalogue = catalogue_folder.load(given.catalog)
	memory(catalogue, report)
	print("\nOrders, on one core")
	reviews(report, given.orders)
	replays(catalogue, report)
	print("\nCPU milliseconds, median / 99th percentile")
	for code, model in catalogue.models.items():
		if model.active:
			measure(sample(catalogue, code, given.queries), "sample", given.flamapy, report)
	for file in given.files:
		measure(feature_model(file, given.queries), "public", given.flamapy, report)
	if given.json is not None:
		given.json.write_text(json.dumps(report.rows, indent=1), encoding="utf-8")
	print("\n" + ("\n".join(["Goals missed:", *report.missed]) if report.missed else "All goals met."))


if __name__ == "__main__":
	main()
