"""`order-review options`: what can still be chosen on a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ..engine.catalogue import Catalogue
from ..engine.feature_models import catalogue_dimacs, catalogue_uvl
from ..engine.solver import Availability, OptionState, availability, conflict_sentence
from ..wording import amount, family_name, option_name
from . import common
from .failures import CLEAR, FINDINGS
from .folding import all_option, folded
from .situation import compiled, feature_model_options, read_context, situation_options
from .width import table

MARKS = {"chosen": "●", "forced": "◆", "free": "○", "excluded": "✗"}
WORDS = {
	"chosen": ("已选", "chosen"),
	"forced": ("必选", "forced"),
	"free": ("可选", "free"),
	"excluded": ("不可选", "excluded"),
}


@click.command("options", short_help="What can still be chosen on a model. 查询可选配置。")
@situation_options
@feature_model_options
@all_option
@common.catalog_option
@common.format_option("table", "json", "uvl", "dimacs")
@common.language_option
def command(
	catalog: Path,
	form: str,
	lang: str,
	uvl: Path | None,
	dimacs: Path | None,
	timeout: float | None,
	full: bool,
	**given: Any,
) -> int:
	"""State of every option of a model, given the picks: chosen, forced, free or excluded, with reasons.

	Exit status 1 when the picks conflict. --format uvl and dimacs write the model in this context as a
	feature model for other tools.
	"""
	picks = given.pop("picks")
	if uvl is not None or dimacs is not None:
		from .feature_models import Shown, options

		return options(uvl, dimacs, picks, Shown(form, lang, full), timeout)
	catalogue = common.load_catalogue(catalog)
	model = given.pop("model")
	asked = compiled(catalogue, model, read_context(catalogue, **given))
	if form in ("uvl", "dimacs"):
		lines = catalogue_uvl(asked) if form == "uvl" else catalogue_dimacs(asked)
		click.echo("".join(lines), nl=False)
		return CLEAR
	answer = availability(asked, picks)
	if form == "json":
		click.echo(json.dumps(answer.as_dict(), ensure_ascii=False, indent=1))
	else:
		for line in shown(catalogue, answer, lang, full):
			click.echo(line)
	return CLEAR if answer.valid else FINDINGS


def shown(catalogue: Catalogue, answer: Availability, lang: str, full: bool = False) -> list[str]:
	"""The answer as a table, family by family."""
	lines: list[str] = []
	for family, options in answer.families.items():
		lines.append(f"{family} {family_name(catalogue, family, lang)}")
		rows = [_row(catalogue, each, lang, full) for each in options]
		lines += [f"  {line}" for line in table(rows, right=[3])]
	if answer.conflict is not None:
		label = "冲突" if lang == "zh" else "Conflict"
		lines += ["", f"{label}: {conflict_sentence(catalogue, answer.conflict)[lang]}"]
	if answer.completion is not None:
		price = amount(answer.as_dict()["completion"]["list_price"])
		label = "最便宜的完整配置,目录价" if lang == "zh" else "Cheapest completion, list price"
		lines += ["", f"{label} {price}: {', '.join(answer.completion.configuration)}"]
	return lines


def _row(catalogue: Catalogue, each: OptionState, lang: str, full: bool) -> tuple[str, ...]:
	state = WORDS[each.state][0 if lang == "zh" else 1]
	parts = [*each.reason.rules, *each.reason.options] if each.reason else []
	reason = ", ".join(folded(parts, lang, full))
	price = amount(each.as_dict()["price"])
	name = option_name(catalogue, each.option, lang)
	return f"{MARKS[each.state]} {each.option}", name, state, price, reason and f"← {reason}"
