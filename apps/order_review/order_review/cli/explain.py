"""`order-review explain`: why an option or an order is not possible, and what would repair it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from ..engine.catalogue import Catalogue
from ..engine.configuration import chosen_options
from ..engine.order import Order
from ..engine.pricing import price
from ..engine.solver import (
	Conflict,
	Context,
	Reason,
	compile_model,
	configuration_conflict,
	conflict_sentence,
	explain,
	reason_sentence,
	repairs,
	states,
)
from ..wording import repair
from . import common
from .failures import BAD_INPUT, CLEAR, FINDINGS, say_failure, say_remark
from .folding import all_option
from .situation import compiled, feature_model_options, missing, read_context, situation_options


@click.command("explain", short_help="Why not, and what would repair it. 解释冲突与修正方案。")
@click.argument("files", nargs=-1, metavar="[FILE...]")
@situation_options
@click.option(
	"--option", "option", metavar="CODE", help="Why is this option forced or excluded? 解释该配置。"
)
@click.option("--order", "only", metavar="ID", help="Only this order of the files. 仅该订单。")
@click.option(
	"--by",
	type=click.Choice(["changes", "price", "lead"]),
	default="changes",
	show_default=True,
	help="Order of the repairs. 修正方案的排序。",
)
@click.option("--count", type=click.IntRange(1, 50), default=3, show_default=True, help="Repairs. 方案数。")
@feature_model_options
@all_option
@common.catalog_option
@common.format_option("table", "json")
@common.language_option
def command(
	files: tuple[str, ...],
	option: str | None,
	only: str | None,
	by: str,
	count: int,
	catalog: Path,
	form: str,
	lang: str,
	uvl: Path | None,
	dimacs: Path | None,
	timeout: float | None,
	full: bool,
	**given: Any,
) -> int:
	"""Explain the orders of FILE..., or picks on a --model.

	For an order: the smallest conflict and the best repairs. For picks: their conflict, or why --option is
	forced or excluded. With --uvl or --dimacs FILE... are texts with a pick a line, and the repair gives up as
	few picks as can be. Exit status 1 when something is not possible.
	"""
	if uvl is not None or dimacs is not None:
		from .feature_models import Shown
		from .feature_models import explain as explain_features

		shown = Shown(form, lang, full)
		return explain_features(uvl, dimacs, files, given["picks"], option, shown, timeout)
	catalogue = common.load_catalogue(catalog)
	if files:
		return _orders(catalogue, files, only, by, count, form, lang)
	if given["model"] is None:
		raise missing("--model")
	return _picks(catalogue, option, form, lang, **given)


def _picks(catalogue: Catalogue, option: str | None, form: str, lang: str, **given: Any) -> int:
	picks, model = given.pop("picks"), given.pop("model")
	asked = compiled(catalogue, model, read_context(catalogue, **given))
	answer = explain(asked, picks, option)
	known = states(asked, picks)
	state = known.get(option) if known is not None and option is not None else None
	sentence = _sentence(catalogue, answer, option, state)
	if form == "json":
		plain = {"model": model, "valid": known is not None, "state": state, "message": sentence}
		plain["conflict"] = answer.as_list() if isinstance(answer, Conflict) else []
		plain["reason"] = answer.as_dict() if isinstance(answer, Reason) else None
		click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
	else:
		click.echo(sentence[lang])
	return FINDINGS if known is None or state == "excluded" else CLEAR


def _sentence(
	catalogue: Catalogue, answer: Conflict | Reason | None, option: str | None, state: str | None
) -> dict[str, str]:
	if isinstance(answer, Conflict):
		return conflict_sentence(catalogue, answer)
	if isinstance(answer, Reason) and option is not None and state is not None:
		return reason_sentence(catalogue, option, state, answer)
	if option is None:
		return {"zh": "所选配置可以同时成立", "en": "The picks can stand together"}
	return {"zh": f"{option} 可以自由选择", "en": f"{option} can be chosen freely"}


def _orders(
	catalogue: Catalogue, files: Sequence[str], only: str | None, by: str, count: int, form: str, lang: str
) -> int:
	batch = common.read_batch(files)
	for remark in batch.remarks:
		say_remark(remark, lang)
	for failure in batch.failures:
		say_failure(failure, lang)
	found = [
		explained(catalogue, common.read_order(entry, catalogue), by, count)
		for entry in batch.entries
		if only is None or entry.id == only
	]
	if form == "json":
		click.echo(
			json.dumps({"catalog": {"hash": catalogue.hash}, "orders": found}, ensure_ascii=False, indent=1)
		)
	else:
		for line in _shown(found, lang):
			click.echo(line)
	if batch.failures:
		return BAD_INPUT
	return FINDINGS if any(each["conflict"] for each in found) else CLEAR


def explained(catalogue: Catalogue, order: Order, by: str, count: int) -> dict[str, Any]:
	"""Conflict and repairs of one order as plain data."""
	asked = compile_model(catalogue, order.model, Context.of_order(order))
	chosen = chosen_options(catalogue, order)
	conflict = configuration_conflict(asked, chosen, first=order.picks)
	priced, _ = price(catalogue, order, chosen)
	book = None if priced is None else catalogue.price_books[priced.book]
	lead = max((special.lead_days for special in order.specials), default=0)
	best = repairs(asked, chosen, book=book, count=count, by=by, lead_of_specials=lead)
	return {
		"id": order.id,
		"conflict": [] if conflict is None else conflict.as_list(),
		"message": None if conflict is None else conflict_sentence(catalogue, conflict),
		"repairs": best.as_list(),
		"proven": best.proven,
	}


def _shown(found: Sequence[dict[str, Any]], lang: str) -> Iterator[str]:
	for each in found:
		if each["message"] is None:
			yield f"{each['id']}: {'配置有效' if lang == 'zh' else 'the configuration is valid'}"
			continue
		yield f"{each['id']}: {each['message'][lang]}"
		for number, one in enumerate(each["repairs"], 1):
			yield f"   {'修正方案' if lang == 'zh' else 'repair'} {number}: {repair(one, lang)}"
		if not each["repairs"]:
			yield "   " + ("没有可行的修正方案" if lang == "zh" else "nothing can repair it")
