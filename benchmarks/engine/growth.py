"""How times grow with options, rules and orders: four points each, printed as tables and drawn as an SVG.

	growth.py [--svg docs/images/engine-growth.svg]

Models are made by chance: families of five options under one root, and rules between options of different families
(one needs the other, both exclude each other, one of three is needed). Times are CPU milliseconds, medians.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))

import command_line

from order_review.adapters import catalogue_folder
from order_review.cli.common import SAMPLE_CATALOGUE
from order_review.cli.working import Task, work
from order_review.engine.solver.problem import Problem, ProblemBuilder
from order_review.engine.solver.session import Session

OPTIONS = (500, 1_000, 2_000, 4_000)
RULES = (250, 500, 1_000, 2_000)
RULES_OF_OPTIONS = 2
"""Options for one rule where the options grow."""
OPTIONS_OF_RULES = 1_000
ORDERS = (1_000, 2_000, 5_000, 10_000)
QUERIES = 60
FAMILY = 5
QUESTIONS = ("compile and lint", "valid", "availability", "conflict", "repair", "completion")

Curve = list[tuple[int, float]]


def made(options: int, rules: int, seed: int = 1) -> Problem:
	"""A model of chance that has a configuration."""
	chance = random.Random(seed)
	builder = ProblemBuilder()
	root = builder.option("root")
	builder.clause((root,), builder.rule("root"))
	families = []
	for number in range(options // FAMILY):
		members = [builder.option(f"F{number}-{place}") for place in range(FAMILY)]
		builder.group(members, parent=root, rule=builder.rule(f"family {number}"))
		families.append(members)
	standard = {family[0] for family in families}
	for number in range(rules):
		one, other, third = (chance.choice(family) for family in chance.sample(families, 3))
		clause = chance.choice(((-one, other), (-one, -other), (-one, other, third)))
		if any((literal in standard) if literal > 0 else (-literal not in standard) for literal in clause):
			builder.clause(clause, builder.rule(f"R{number}"))
	return builder.build()


def middle(work: Callable[[Any], object], queries: Iterable[Any]) -> float:
	"""Median CPU milliseconds."""
	times = []
	for query in queries:
		started = time.process_time()
		work(query)
		times.append(time.process_time() - started)
	return sorted(times)[len(times) // 2] * 1_000


def questions(problem: Problem) -> dict[str, float]:
	"""Milliseconds of each question."""
	session = Session(problem)
	chance = random.Random(2)
	families = [group.members for group in problem.groups]
	partial, clashing = [], []
	while len(partial) < QUERIES:
		picks = [chance.choice(family) for family in chance.sample(families, chance.randint(1, 12))]
		if session.check(picks):
			partial.append(picks)
	while len(clashing) < QUERIES:
		picks = [chance.choice(family) for family in chance.sample(families, min(60, len(families)))]
		if not session.check(picks):
			clashing.append(picks)
	for answer, query in ((session.availability, partial[0]), (session.complete, partial[0])):
		answer(query)
	session.conflict(clashing[0])
	session.repair(clashing[0])
	return {
		"compile and lint": middle(lambda _: Session(problem).availability(), range(3)),
		"valid": middle(session.check, partial),
		"availability": middle(session.availability, partial),
		"conflict": middle(session.conflict, clashing),
		"repair": middle(session.repair, clashing),
		"completion": middle(session.complete, partial),
	}


def of_orders() -> dict[str, Curve]:
	"""Milliseconds for so many orders, from plain data to a line of JSON, the catalogue just read."""
	curves: dict[str, Curve] = {}
	for what, explain in (("reviews", False), ("reviews with reasons", True)):
		for number in ORDERS:
			catalogue = catalogue_folder.load(SAMPLE_CATALOGUE)
			orders = command_line.varied_orders(catalogue, number)
			task = Task("json", "en", explain=explain)
			started = time.process_time()
			for order in orders:
				work(catalogue, task, order, "")
			curves.setdefault(what, []).append((number, (time.process_time() - started) * 1_000))
	return curves


def of_models(sizes: Sequence[int], build: Callable[[int], Problem]) -> dict[str, Curve]:
	"""A curve for each question."""
	curves: dict[str, Curve] = {question: [] for question in QUESTIONS}
	for size in sizes:
		for question, value in questions(build(size)).items():
			curves[question].append((size, value))
	return curves


def table(title: str, curves: dict[str, Curve]) -> None:
	"""Print the curves as a Markdown table."""
	sizes = [size for size, _ in next(iter(curves.values()))]
	print(f"\n| {title} | " + " | ".join(f"{size:,}" for size in sizes) + " |")
	print("|---|" + "---|" * len(sizes))
	for name, curve in curves.items():
		print(f"| {name} | " + " | ".join(f"{value:,.3g}" for _, value in curve) + " |", flush=True)


# --- drawing ---------------------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, TOP = 330, 300, 60, 40
COLOURS = ("#1f5fa8", "#c2410c", "#15803d", "#7c3aed", "#b91c1c", "#0f766e")


def drawn(panels: dict[str, dict[str, Curve]]) -> str:
	"""All curves as an SVG: both axes by factors."""
	parts = [
		f'<svg xmlns="http://www.w3.org/2000/svg" width="{len(panels) * (WIDTH + 90)}" height="{HEIGHT + 190}" '
		'font-family="sans-serif" font-size="11">',
		'<rect width="100%" height="100%" fill="#ffffff"/>',
	]
	for number, (title, curves) in enumerate(panels.items()):
		parts += _panel(number * (WIDTH + 90) + LEFT, title, curves)
	return "\n".join([*parts, "</svg>\n"])


def _panel(left: int, title: str, curves: dict[str, Curve]) -> list[str]:
	points = [point for curve in curves.values() for point in curve]
	sizes = sorted({size for size, _ in points})
	low = 10 ** math.floor(math.log10(min(value for _, value in points)))
	high = 10 ** math.ceil(math.log10(max(value for _, value in points)))

	def x(size: float) -> float:
		return left + WIDTH * math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])

	def y(value: float) -> float:
		return TOP + HEIGHT * (1 - math.log(value / low) / math.log(high / low))

	parts = [f'<text x="{left}" y="{TOP - 16}" font-size="13" font-weight="bold">{title}</text>']
	for size in sizes:
		parts.append(
			f'<line x1="{x(size):.1f}" x2="{x(size):.1f}" y1="{TOP}" y2="{TOP + HEIGHT}" stroke="#e5e7eb"/>'
		)
		parts.append(f'<text x="{x(size):.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{size:,}</text>')
	for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
		at = y(10**power)
		parts.append(f'<line x1="{left}" x2="{left + WIDTH}" y1="{at:.1f}" y2="{at:.1f}" stroke="#e5e7eb"/>')
		parts.append(f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{10**power:g} ms</text>')
	for number, (name, curve) in enumerate(curves.items()):
		colour = COLOURS[number]
		line = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in curve)
		parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
		parts += [f'<circle cx="{x(s):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for s, v in curve]
		at = TOP + HEIGHT + 40 + 18 * number
		parts.append(
			f'<line x1="{left}" x2="{left + 22}" y1="{at - 4}" y2="{at - 4}" stroke="{colour}" stroke-width="2"/>'
		)
		parts.append(f'<text x="{left + 28}" y="{at}">{name}</text>')
	return parts


def main() -> None:
	"""Measure, print and draw."""
	arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	arguments.add_argument("--svg", type=Path, metavar="FILE", help="draw the curves into this file")
	given = arguments.parse_args()
	panels = {
		"options (a rule for every second)": of_models(OPTIONS, lambda n: made(n, n // RULES_OF_OPTIONS)),
		f"rules ({OPTIONS_OF_RULES:,} options)": of_models(RULES, lambda n: made(OPTIONS_OF_RULES, n)),
		"orders": of_orders(),
	}
	for title, curves in panels.items():
		table(title, curves)
	if given.svg is not None:
		given.svg.write_text(drawn(panels), encoding="utf-8")


if __name__ == "__main__":
	main()
