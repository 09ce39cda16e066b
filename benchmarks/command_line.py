"""How fast the command line is: loading the sample catalogue, and reviewing 10,000 orders made of the samples.

The 10,000 orders vary quantity, dates, grade, price and options of the twelve samples; the same seed gives
the same orders. Every figure is the median of several runs, with the fastest and slowest beside it.
"""

from __future__ import annotations

import collections
import contextlib
import io
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from order_review.adapters import catalogue_folder, order_files
from order_review.cli import main
from order_review.cli.common import SAMPLE_CATALOGUE
from order_review.engine import Catalogue, Order, review

ORDERS = 10_000
SEED = 20261116
GOAL = 2_000  # orders a second and core, with a warm catalogue


def measure(
	what: str,
	work: Callable[[], Any],
	runs: int,
	per: int = 0,
	clock: Callable[[], float] = time.process_time,
) -> float:
	"""Run the work several times and print its median; returns the median in seconds.

	The clock counts this process's own time on the processor, so that a busy machine does not blur it; work
	in several processes is measured by ``time.perf_counter``.
	"""
	times = []
	for _ in range(runs):
		started = clock()
		work()
		times.append(clock() - started)
	middle = statistics.median(times)
	rate = f"  {per / middle:>8,.0f} orders/s" if per else ""
	print(
		f"  {what:<58} {middle * 1000:>10,.1f} ms  ({min(times) * 1000:,.1f}–{max(times) * 1000:,.1f}){rate}",
		flush=True,
	)
	return middle


def varied_orders(catalogue: Catalogue, count: int) -> list[dict[str, Any]]:
	"""Orders made by varying the samples; about half of them with findings."""
	samples = [entry.data for entry in order_files.read(SAMPLE_CATALOGUE / "orders.yaml").entries]
	chance = random.Random(SEED)
	return [_varied(catalogue, samples[number % len(samples)], number, chance) for number in range(count)]


def _varied(
	catalogue: Catalogue, sample: dict[str, Any], number: int, chance: random.Random
) -> dict[str, Any]:
	model = catalogue.models[sample["model"]]
	families = chance.sample(model.families, chance.randint(0, 4))
	picks = [*sample["picks"], *(chance.choice(catalogue.offered(family, model)) for family in families)]
	ordered = sample["order_date"] + timedelta(days=chance.randint(-40, 30))
	return {
		**{key: value for key, value in sample.items() if key not in ("expected", "planted")},
		"id": f"V-{number:05d}",
		"qty": chance.randint(1, 60),
		"grade": chance.choice(model.grades),
		"order_date": ordered,
		"requested_delivery": ordered + timedelta(days=chance.randint(20, 150)),
		"picks": list(dict.fromkeys(picks)),
		"negotiated_unit": round(sample["negotiated_unit"] * chance.uniform(0.93, 1.05), -2),
	}


def command_line(arguments: list[str]) -> None:
	"""Run ``order-review`` in this process with its output thrown away."""
	with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as complaints:
		status = main(arguments)
	if status not in (0, 1):
		sys.exit(f"order-review ended with {status}: {complaints.getvalue()[:2000]}")


def main_() -> None:
	"""Measure and print."""
	print("Catalogue: the sample catalogue (6 models, 262 options, 157 rules, 437 translation rules)")
	data, _ = catalogue_folder.read(SAMPLE_CATALOGUE)
	measure("read the folder's seven YAML files", lambda: catalogue_folder.read(SAMPLE_CATALOGUE), 5)
	measure("check and build the catalogue (with its hash)", lambda: Catalogue.from_data(data), 5)
	samples = [entry.data for entry in order_files.read(SAMPLE_CATALOGUE / "orders.yaml").entries]
	measure(
		"build, compile for six models and review the 12 samples",
		lambda: _review_all(Catalogue.from_data(data), samples),
		5,
	)

	catalogue = Catalogue.from_data(data)
	orders = varied_orders(catalogue, ORDERS)
	print(f"\n{ORDERS:,} orders made by varying the samples (seed {SEED}), one core, warm catalogue")
	read = [Order.from_data(order, catalogue) for order in orders]
	verdicts = [review(catalogue, order, explain=False).verdict for order in read]
	print(
		f"  {verdicts.count('clear'):,} clear, {verdicts.count('advice'):,} with advice, {verdicts.count('error'):,} with errors"
	)
	reviewed = measure(
		"review: findings, price, production",
		lambda: [review(catalogue, order, explain=False) for order in read],
		5,
		ORDERS,
	)
	measure("read order data, review, make plain data", lambda: _review_all(catalogue, orders), 3, ORDERS)
	_measure_explained(catalogue, read)
	_measure_files(orders)
	peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
	print(
		f"\nReviews per second and core: {ORDERS / reviewed:,.0f} (goal {GOAL:,}: {ORDERS / reviewed / GOAL:.1f} × the goal)"
	)
	print(f"Peak memory of this process: {peak:,.0f} MB")


def _review_all(catalogue: Catalogue, orders: list[dict[str, Any]]) -> None:
	done(review(catalogue, Order.from_data(order, catalogue), explain=False).as_dict() for order in orders)


def done(results: Iterable[Any]) -> None:
	"""Have every result made and let go of it."""
	collections.deque(results, maxlen=0)


def _measure_explained(catalogue: Catalogue, orders: list[Order]) -> None:
	some = orders[:500]
	measure(
		"review with conflict and three repairs (500 orders)",
		lambda: done(review(catalogue, order) for order in some),
		3,
		len(some),
	)


def _measure_files(orders: list[dict[str, Any]]) -> None:
	print(f"\nThe whole command on a file of {ORDERS:,} orders, catalogue loaded each time")
	with tempfile.TemporaryDirectory() as folder:
		file = Path(folder) / "orders.json"
		file.write_text(json.dumps(orders, default=_iso, ensure_ascii=False), encoding="utf-8")
		arguments = ["review", str(file), "--format", "json", "--out", folder, "--no-explain"]
		measure(
			"review --format json, one process", lambda: command_line(arguments), 3, ORDERS, time.perf_counter
		)
		measure(
			"review --format json --jobs 2",
			lambda: command_line([*arguments, "--jobs", "2"]),
			3,
			ORDERS,
			time.perf_counter,
		)


def _iso(value: date) -> str:
	return value.isoformat()


if __name__ == "__main__":
	main_()
