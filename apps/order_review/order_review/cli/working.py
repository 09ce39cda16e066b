"""Reviewing many orders, in this process or in several."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
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
	reviewed = review(catalogue, order, explain=task.explain).as_dict()
	return Outcome(reviewed["verdict"], _made(catalogue, task, order, reviewed, name))


def _made(catalogue: Catalogue, task: Task, order: Order, reviewed: dict[str, Any], name: str) -> str:
	if task.form == "json":
		return json.dumps(reviewed, ensure_ascii=False, allow_nan=False)
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

_worker: tuple[Catalogue, Task] | None = None


def _start_worker(folder: Path, task: Task) -> None:
	global _worker
	_worker = (load_catalogue(folder), task)


def _work_here(job: tuple[Any, str]) -> Outcome:
	assert _worker is not None
	return work(*_worker, *job)


def outcomes(
	catalogue: Catalogue, folder: Path, task: Task, entries: Sequence[OrderEntry], jobs: int
) -> Iterator[Outcome]:
	"""The outcome of each order, in the order of the entries, whatever the number of processes.

	Raises:
		BadInput: through the outcomes' consumer only; a faulty order becomes an outcome with ``failure``.
	"""
	names = file_names(entries)
	work_items = [(entry.data, name) for entry, name in zip(entries, names, strict=True)]
	if jobs == 1 or len(entries) < 2:
		for data, name in work_items:
			yield work(catalogue, task, data, name)
		return
	chunk = max(1, min(CHUNK, len(entries) // (jobs * 4)))
	with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(folder, replace(task))) as pool:
		yield from pool.map(_work_here, work_items, chunksize=chunk)
