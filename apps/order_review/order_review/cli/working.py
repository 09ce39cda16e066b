"""Reviewing many orders, in this process or in several."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..adapters.order_entry import OrderEntry
from ..engine.catalogue import Catalogue
from ..engine.errors import BadInput
from ..engine.order import Order
from ..engine.review import review
from .blocks import block, brief
from .common import load_catalogue

CHUNK = 64
"""Orders sent to a process at once; the first ones are reviewed here, so that the processes begin with what was found out."""

FEWEST = 200
"""Orders for each process: with fewer it takes less time to review them than to start it."""


@dataclass(frozen=True)
class Task:
	"""What is to be made of each order.

	Attributes:
		form: table, brief, json, html or pdf.
		out: folder for a file per order (html, pdf).
		internal: whether sheets show floor price and approval level.
		explain: whether conflict and repairs are looked for.
	"""

	form: str
	lang: str
	out: Path | None = None
	internal: bool = False
	explain: bool = True


@dataclass(frozen=True)
class Outcome:
	"""One order's result: its verdict and the text to show, or the path of what is wrong with it."""

	verdict: str = ""
	text: str = ""
	failure: tuple[str, str | None, tuple[str | int, ...]] | None = None


def work(catalogue: Catalogue, task: Task, data: Any, name: str) -> Outcome:
	"""Review one order's data and make of it what the task asks for; ``name`` is its file name."""
	try:
		order = Order.from_data(data, catalogue)
	except BadInput as error:
		return Outcome(failure=(error.message, error.expected, error.path))
	reviewed = review(catalogue, order, explain=task.explain)
	if task.form == "json":
		return Outcome(reviewed.verdict, reviewed.text())
	return Outcome(reviewed.verdict, _made(catalogue, task, order, reviewed.as_dict(), name))


def _made(catalogue: Catalogue, task: Task, order: Order, reviewed: dict[str, Any], name: str) -> str:
	if task.form == "table":
		return block(catalogue, order, reviewed, task.lang)
	if task.form == "brief":
		return brief(order, reviewed, task.lang)
	return _printed(catalogue, task, order, reviewed, name)


def _printed(catalogue: Catalogue, task: Task, order: Order, reviewed: dict[str, Any], name: str) -> str:
	from ..prints import render_html, render_pdf  # loaded only where something is printed
	from ..prints.review_sheet import review_sheet

	context = review_sheet(catalogue, order, reviewed, task.lang, internal=task.internal, production=True)
	html = render_html("review_sheet.html", context, task.lang)
	if task.out is None:
		return html
	path = task.out / f"{name}.{task.lang}.{task.form}"
	path.write_bytes(html.encode() if task.form == "html" else render_pdf(html))
	return str(path)


def file_names(entries: Sequence[OrderEntry]) -> list[str]:
	"""A safe and distinct file name for each order, made of its id."""
	taken: set[str] = set()
	names = []
	for number, entry in enumerate(entries, 1):
		name = re.sub(r"[^\w.-]+", "_", entry.id).strip("._")[:80] or f"order-{number}"
		if name.lower() in taken:
			name = f"{name}-{number}"
		taken.add(name.lower())
		names.append(name)
	return names


# --- several processes -----------------------------------------------------------------------------------

_Items = Sequence[tuple[Any, str]]
"""Data and file name of each order."""

_worker: tuple[Catalogue, Task, _Items] | None = None


def _start_worker(catalogue: Catalogue | Path, task: Task, items: _Items) -> None:
	"""A forked process has the catalogue already, with all that was found out about it; another reads it."""
	global _worker
	_worker = (catalogue if isinstance(catalogue, Catalogue) else load_catalogue(catalogue), task, items)


def _work_here(span: tuple[int, int]) -> list[Outcome]:
	assert _worker is not None
	catalogue, task, items = _worker
	return [work(catalogue, task, data, name) for data, name in items[slice(*span)]]


def processes(jobs: int, orders: int) -> int:
	"""How many processes help: no more than there are cores, and each needs enough orders to be worth its start."""
	cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
	return max(1, min(jobs, cores, orders // FEWEST))


def outcomes(
	catalogue: Catalogue, folder: Path, task: Task, entries: Sequence[OrderEntry], jobs: int
) -> Iterator[Outcome]:
	"""The outcome of each order, in the order of the entries, whatever the number of processes.

	Raises:
		BadInput: through the outcomes' consumer only; a faulty order becomes an outcome with ``failure``.
	"""
	names = file_names(entries)
	work_items = [(entry.data, name) for entry, name in zip(entries, names, strict=True)]
	number = processes(jobs, len(entries))
	here = len(work_items) if number == 1 else CHUNK
	for data, name in work_items[:here]:
		yield work(catalogue, task, data, name)
	if number > 1:
		yield from _elsewhere(catalogue, folder, task, work_items[here:], number)


def _elsewhere(
	catalogue: Catalogue, folder: Path, task: Task, items: _Items, number: int
) -> Iterator[Outcome]:
	"""The outcomes of orders reviewed in several processes."""
	import multiprocessing
	from concurrent.futures import ProcessPoolExecutor

	forks = "fork" in multiprocessing.get_all_start_methods()
	context = multiprocessing.get_context("fork" if forks else None)
	given = (catalogue if forks else folder, replace(task), items)
	size = max(1, min(CHUNK, len(items) // (number * 4)))
	spans = [(first, first + size) for first in range(0, len(items), size)]
	with ProcessPoolExecutor(number, context, _start_worker, given) as pool:
		for made in pool.map(_work_here, spans):
			yield from made
