"""`order-review lint`: what is wrong with a catalogue on a day."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import click

from ..adapters import catalogue_folder
from ..adapters.chinese import sentence
from ..engine.errors import BadInput
from ..engine.lint import Lint, Progress, lint_data
from . import common
from .failures import CLEAR, FINDINGS, say_remark
from .folding import all_option
from .situation import day, feature_model_options
from .width import clean, wrap

_MARKS = {"error": "✗", "warning": "!"}


@click.command("lint", short_help="Find faults of a catalogue. 检查配置库。")
@click.option(
	"--date", "on", metavar="D", help="Day to judge on, YYYY-MM-DD (default: today). 检查日期(默认今天)。"
)
@feature_model_options
@all_option
@click.option("--pairs", is_flag=True, help="Pairs of features of --uvl or --dimacs. 特征对。")
@click.option("--count", "number", is_flag=True, help="Count configurations of --uvl or --dimacs. 计数。")
@common.catalog_option
@common.format_option("table", "json")
@common.language_option
def command(
	on: str | None,
	catalog: Path,
	form: str,
	lang: str,
	uvl: Path | None,
	dimacs: Path | None,
	timeout: float | None,
	full: bool,
	pairs: bool,
	number: bool,
) -> int:
	"""Dead and forced options, models without a configuration, missing prices, translation gaps and more.

	Every grade and use of each active model is looked at; exit status 1 when there is any error.
	"""
	if uvl is not None or dimacs is not None:
		from .feature_models import Shown, lint

		return lint(uvl, dimacs, Shown(form, lang, full), timeout, pairs=pairs, number=number)
	if pairs or number:
		raise click.UsageError(
			"--pairs and --count need --uvl or --dimacs. --pairs 和 --count 需要 --uvl 或 --dimacs。"
		)
	judged_on = day(on) if on is not None else dt.date.today()
	data, warnings = catalogue_folder.read(catalog)
	for warning in warnings:
		say_remark(warning, lang)
	places = catalogue_folder.FolderPlaces(catalog)

	def say(error: BadInput) -> tuple[str, str]:
		located = places.located(error)
		return sentence(located, "zh"), sentence(located, "en")

	result = lint_data(data, judged_on, progress=_bar(lang), say=say)
	if form == "json":
		click.echo(json.dumps(_with_places(result, places), ensure_ascii=False, indent=1))
	else:
		for line in shown(result, lang):
			click.echo(line)
	return FINDINGS if result.errors else CLEAR


def _with_places(result: Lint, places: catalogue_folder.FolderPlaces) -> dict[str, Any]:
	"""The result as plain data, with file and line of each fault of a record."""
	data = result.as_dict()
	for each, found in zip(result.findings, data["findings"], strict=True):
		if each.path:
			part = str(each.path[0])
			line = places.line_of(part, each.path[1:])
			found |= {"file": f"{part}.yaml", "line": int(line.split()[-1]) if line else None}
	return data


def shown(result: Lint, lang: str) -> list[str]:
	"""The findings, errors first, and a closing line with what was looked at."""
	lines: list[str] = []
	for each in result.findings:
		text = each.message_zh if lang == "zh" else each.message_en
		first, *rest = wrap(f"{_MARKS[each.severity]} {each.kind}: {clean(text)}", 110, "    ")
		lines += [first.lstrip(), *rest]
		if each.example:
			label = "示例" if lang == "zh" else "example"
			lines += wrap(f"    {label}: {', '.join(each.example)}", 110, "    ")
	if result.waiting:
		lines.append(
			"以上错误更正后,再检查配置、价格与翻译"
			if lang == "zh"
			else "Configurations, prices and translations are looked at once these are mended"
		)
	errors, warnings = len(result.errors), len(result.findings) - len(result.errors)
	seen = result.checked
	if lang == "zh":
		closing = f"{seen['models']} 个车型、{seen['contexts']} 种等级与用途、{seen['rules']} 条规则:{errors} 个错误,{warnings} 个提示"
	else:
		closing = (
			f"{seen['models']} models in {seen['contexts']} grades and uses, {seen['rules']} rules: "
			f"{errors} errors, {warnings} warnings"
		)
	return [*lines, closing]


def _bar(lang: str) -> Progress | None:
	"""A progress bar for a person at a terminal."""
	if not sys.stderr.isatty():
		return None
	label = "检查" if lang == "zh" else "Checking"

	def step(done: int, total: int) -> None:
		filled = done * 30 // max(total, 1)
		end = "\r\033[K" if done == total else ""
		sys.stderr.write(f"\r{label} {'█' * filled}{'·' * (30 - filled)} {done:,}/{total:,}{end}")
		sys.stderr.flush()

	return step
