"""Translation of a configuration: time of the engine for the lines, the whole version and its trace matrix.

Run: ``python benchmarks/translation.py [rounds]``. Every sample order is translated in each round; the goal is a
99th percentile under 20 ms for one configuration.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import order_review
from order_review.adapters import catalogue_folder
from order_review.engine import Catalogue
from order_review.engine import production_entry as entry
from order_review.engine.configuration import chosen_options
from order_review.engine.order import Order
from order_review.engine.production import silent_fillings, slots_of, translate
from order_review.engine.review import facts_of

DATA = Path(order_review.__file__).parent / "demo" / "data"
GOAL_MS = 20.0
EXPECTED_ASSEMBLIES = 51


def main(rounds: int) -> dict[str, Any]:
	"""Times in milliseconds, first (cold) and later ones, and whether IO-01 gives its assemblies."""
	data = catalogue_folder.load_yaml(DATA / "orders.yaml")["orders"]
	catalogue = catalogue_folder.load(DATA)
	orders = [Order.from_data(order, catalogue) for order in data]
	gc.collect()
	cold = [_timed(_version, catalogue, order) for order in orders]
	lines = sorted(_timed(_lines, catalogue, order) for _ in range(rounds) for order in orders)
	whole = sorted(_timed(_version, catalogue, order) for _ in range(rounds) for order in orders)
	first = next(order for order in orders if order.id == "IO-01")
	return {
		"configurations": len(whole),
		"cold_max_ms": round(max(cold), 2),
		"lines_ms": _figures(lines),
		"version_with_trace_ms": _figures(whole),
		"goal_p99_ms": GOAL_MS,
		"holds": _share(whole, 0.99) < GOAL_MS and _share(sorted(cold), 0.99) < GOAL_MS,
		"assemblies_of_IO-01": len(_version(catalogue, first)),
	}


def _lines(catalogue: Catalogue, order: Order) -> Any:
	return translate(facts_of(catalogue, order, chosen_options(catalogue, order)))


def _version(catalogue: Catalogue, order: Order) -> tuple[entry.EntryLine, ...]:
	facts = facts_of(catalogue, order, chosen_options(catalogue, order))
	slots = [slot.code for slot, _rules in slots_of(catalogue, facts.model)]
	made = entry.compose(translate(facts), (), slots)
	entry.trace(sorted(facts.chosen), made.lines, silent_fillings(facts), {})
	return made.lines


def _timed(work: Any, *given: Any) -> float:
	begin = time.perf_counter()
	work(*given)
	return (time.perf_counter() - begin) * 1000


def _figures(times: list[float]) -> dict[str, float]:
	return {
		"median": round(_share(times, 0.5), 3),
		"p99": round(_share(times, 0.99), 3),
		"max": round(times[-1], 3),
	}


def _share(times: list[float], share: float) -> float:
	return times[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
	found = main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
	print(json.dumps(found, indent=2))
	sys.exit(0 if found["holds"] and found["assemblies_of_IO-01"] == EXPECTED_ASSEMBLIES else 1)
