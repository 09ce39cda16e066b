"""Options every command shares, and the reading of catalogue and order files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from ..adapters import kept_catalogue, order_files
from ..adapters.order_entry import OrderEntry
from ..engine.bilingual import Text
from ..engine.catalogue import Catalogue
from ..engine.errors import BadInput
from ..engine.order import Order
from .failures import default_language, speak

SAMPLE_CATALOGUE = Path(__file__).resolve().parent.parent / "demo" / "data"

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _speak(ctx: click.Context, param: click.Parameter, value: str) -> str:
	speak(value)
	return value


def catalog_option(function: _Function) -> _Function:
	"""``--catalog DIR``, given to the command as ``catalog``."""
	option = click.option(
		"--catalog",
		type=click.Path(path_type=Path),
		default=SAMPLE_CATALOGUE,
		metavar="DIR",
		help="Catalogue folder (default: the sample catalogue). 目录文件夹。",
	)
	return cast(_Function, option(function))


def language_option(function: _Function) -> _Function:
	"""``--lang zh|en``, given to the command as ``lang``; messages follow it."""
	option = click.option(
		"--lang",
		type=click.Choice(["zh", "en"]),
		default=default_language,
		callback=_speak,
		is_eager=True,
		show_default="the system's language",
		help="Language of the output. 输出语言。",
	)
	return cast(_Function, option(function))


def format_option(*formats: str) -> Callable[[_Function], _Function]:
	"""``--format``, given to the command as ``form``; the first is the default."""
	return click.option(
		"--format",
		"form",
		type=click.Choice(formats),
		default=formats[0],
		show_default=True,
		help="Form of the output. 输出格式。",
	)


def out_option(function: _Function) -> _Function:
	"""``--out DIR``, given to the command as ``out``."""
	option = click.option(
		"--out",
		type=click.Path(path_type=Path, file_okay=False),
		metavar="DIR",
		help="Write files into this folder. 输出到该文件夹。",
	)
	return cast(_Function, option(function))


def files_argument(function: _Function) -> _Function:
	"""One or more order files, given to the command as ``files``."""
	return cast(_Function, click.argument("files", nargs=-1, required=True, metavar="FILE...")(function))


def load_catalogue(folder: Path) -> Catalogue:
	"""The catalogue of a folder.

	Raises:
		BadInput: with file and line of the first fault.
	"""
	return kept_catalogue.load(folder)


@dataclass
class Batch:
	"""The orders of several files in the order in which they were named."""

	entries: list[OrderEntry] = field(default_factory=list)
	failures: list[BadInput] = field(default_factory=list)
	remarks: list[str] = field(default_factory=list)


def read_batch(files: Sequence[str]) -> Batch:
	"""Read every file that can be read; what cannot is kept as failure."""
	batch = Batch()
	first: dict[str, OrderEntry] = {}
	for file in dict.fromkeys(files):
		try:
			read = order_files.read(file)
		except BadInput as error:
			batch.failures.append(error)
			continue
		batch.remarks += read.warnings
		for entry in read.entries:
			try:
				_check_entry(entry, first)
			except BadInput as error:
				batch.failures.append(error)
			else:
				batch.entries.append(entry)
	return batch


def _check_entry(entry: OrderEntry, first: dict[str, OrderEntry]) -> None:
	if entry.fault:
		raise entry.fault
	if entry.id in first:
		there = _place_of_id(first[entry.id])
		message = Text(
			f"the order id {entry.id} was used before, in {there}", f"订单号 {entry.id} 已在 {there.zh} 使用"
		)
		expected = Text("each id once in a run", "每次运行中订单号不重复")
		raise entry.located(BadInput(message, expected=expected, path=("id",)))
	if entry.id:
		first[entry.id] = entry


def _place_of_id(entry: OrderEntry) -> Text:
	place = entry.place(("id",)) or Text("", "")
	return Text(f"{entry.source}, {place}", f"{entry.name.zh},{place.zh}")


def read_order(entry: OrderEntry, catalogue: Catalogue) -> Order:
	"""The checked order of an entry.

	Raises:
		BadInput: with file, order id, key and line or cell.
	"""
	try:
		return Order.from_data(entry.data, catalogue)
	except BadInput as error:
		raise entry.located(error) from None
