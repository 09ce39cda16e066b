"""`order-review lint`: what is wrong with a catalogue on a day."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from ..adapters import catalogue_folder
from ..engine.lint import Lint, Progress, lint_data
from . import common
from .failures import CLEAR, FINDINGS, say_remark
from .situation import day, feature_model_options
from .width import clean, wrap

_MARKS = {"error": "✗", "warning": "!"}


@click.command("lint", short_help="Find faults of a catalogue. 检查配置库。")
@click.option("--date", "on", metavar="D", help="Day to judge on, YYYY-MM-DD. 检查日期。")
@feature_model_options
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
) -> int:
	"""Dead and forced options, models without a configuration, missing prices, translation gaps and more.

	Every grade and use of each active model is looked at; exit status 1 when there is any error.
	"""
	if uvl is not None or dimacs is not None:
		from .feature_models import lint

		return lint(uvl, dimacs, form, lang, timeout)
	judged_on = day(on)
	data, warnings = catalogue_folder.read(catalog)
	for warning in warnings:
		say_remark(warning, lang)
	result = lint_data(data, judged_on, progress=_bar(lang))
	if form == "json":
		click.echo(json.dumps(result.as_dict(), ensure_ascii=False, indent=1))
	else:
		for line in shown(result, lang):
			click.echo(line)
	return FINDINGS if result.errors else CLEAR


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
