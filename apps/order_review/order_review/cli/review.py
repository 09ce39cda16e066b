"""`order-review review`: review the orders of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ..adapters.order_entry import OrderEntry
from ..engine.catalogue import Catalogue
from ..engine.errors import BadInput
from . import common
from .blocks import brief_heading
from .failures import BAD_INPUT, CLEAR, FINDINGS, say_failure, say_remark
from .progress import progress
from .working import Outcome, Task, outcomes


@click.command("review", short_help="Review the orders of files. 评审订单文件。")
@common.files_argument
@common.catalog_option
@common.format_option("table", "json", "html", "pdf")
@common.language_option
@common.out_option
@click.option(
	"--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes at work. 并行进程数。"
)
@click.option("--brief", is_flag=True, help="Table with one line per order. 每单一行。")
@click.option(
	"--internal", is_flag=True, help="Sheets with floor price and approval level. 内部联(含底价与审批级别)。"
)
@click.option(
	"--explain/--no-explain", default=True, help="Look for conflict and repairs. 查找冲突与修正方案。"
)
def command(
	files: tuple[str, ...],
	catalog: Path,
	form: str,
	lang: str,
	out: Path | None,
	jobs: int,
	brief: bool,
	internal: bool,
	explain: bool,
) -> int:
	"""Review the orders of FILE... (YAML, JSON or XLSX order sheets).

	Orders that cannot be read are named and counted on stderr; the others are reviewed all the same.
	html and pdf are review sheets, one file per order in --out.
	"""
	if form == "pdf" and out is None:
		raise click.UsageError("--format pdf needs --out DIR. --format pdf 需要 --out DIR。")
	catalogue = common.load_catalogue(catalog)
	batch = common.read_batch(files)
	for remark in batch.remarks:
		say_remark(remark, lang)
	if out is not None:
		out.mkdir(parents=True, exist_ok=True)
	task = Task("brief" if brief and form == "table" else form, lang, out, internal, explain)
	results = outcomes(catalogue, catalog, task, batch.entries, jobs)
	tally = _Tally(list(batch.failures), batch.entries)
	texts = tally.count(progress(results, len(batch.entries), "评审" if lang == "zh" else "Reviewing"))
	_write(task, catalogue, texts)
	return tally.close(task)


class _Tally:
	"""Counts verdicts and keeps what failed, while results pass by."""

	def __init__(self, failures: list[BadInput], entries: Sequence[OrderEntry]) -> None:
		self.failures = failures
		self.entries = entries
		self.verdicts: Counter[str] = Counter()

	def count(self, results: Iterator[Outcome]) -> Iterator[str]:
		"""The texts of the orders that were reviewed."""
		for entry, outcome in zip(self.entries, results, strict=True):
			if outcome.failure is None:
				self.verdicts[outcome.verdict] += 1
				yield outcome.text
			else:
				message, expected, path = outcome.failure
				self.failures.append(entry.located(BadInput(message, expected=expected, path=path)))

	def close(self, task: Task) -> int:
		"""Name the failures, say the totals and give the exit status."""
		for failure in self.failures:
			say_failure(failure, task.lang)
		click.echo(self._summary(task), err=task.form == "json" or (task.form == "html" and task.out is None))
		if self.failures:
			return BAD_INPUT
		return FINDINGS if self.verdicts["error"] else CLEAR

	def _summary(self, task: Task) -> str:
		clear, advice, error = (self.verdicts[verdict] for verdict in ("clear", "advice", "error"))
		total, unread = clear + advice + error, len(self.failures)
		if task.lang == "zh":
			text = f"已评审 {total} 张订单:{clear} 通过,{advice} 有提示,{error} 有错误"
			return f"{text};{unread} 处无法读取" if unread else text
		text = f"{total:,} {'order' if total == 1 else 'orders'} reviewed: {clear:,} clear, {advice:,} with advice, {error:,} with errors"
		return f"{text}; {unread:,} could not be read" if unread else text


def _write(task: Task, catalogue: Catalogue, texts: Iterator[str]) -> None:
	if task.form == "json":
		pieces = _json_pieces(catalogue, texts)
	elif task.form == "brief":
		pieces = (f"{text}\n" for text in _with_heading(task.lang, texts))
	else:
		pieces = (f"{text}\n" for text in texts)
	if task.out is None or task.form in ("html", "pdf"):
		for piece in pieces:
			click.echo(piece, nl=False)
		return
	name = "reviews.json" if task.form == "json" else f"reviews.{task.lang}.txt"
	with (task.out / name).open("w", encoding="utf-8", newline="\n") as stream:
		stream.writelines(pieces)
	click.echo(str(task.out / name), err=task.form == "json")


def _with_heading(lang: str, texts: Iterator[str]) -> Iterator[str]:
	yield brief_heading(lang)
	yield from texts


def _json_pieces(catalogue: Catalogue, texts: Iterator[str]) -> Iterator[str]:
	"""One JSON document with one line per order, so that large outputs stream and compare line by line."""
	yield f'{{"catalog": {{"hash": "{catalogue.hash}"}}, "orders": ['
	separator = "\n"
	for text in texts:
		yield f"{separator}{text}"
		separator = ",\n"
	yield "\n]}\n"
