"""`order-review translate`: the production configuration of orders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ..engine.catalogue import Catalogue
from ..engine.errors import BadInput
from ..engine.order import Order
from ..engine.review import translate_order
from ..glossary import SHOPS, say
from . import common
from .failures import BAD_INPUT, CLEAR, FINDINGS, say_failure, say_remark
from .width import clean, table


@click.command("translate", short_help="Sales options to production assemblies. 配置翻译。")
@common.files_argument
@common.catalog_option
@common.format_option("table", "json")
@common.language_option
def command(files: tuple[str, ...], catalog: Path, form: str, lang: str) -> int:
	"""Print the production configuration of the orders of FILE...

	Exit status 1 when a slot stays empty (gap) or is filled more than once (double).
	"""
	catalogue = common.load_catalogue(catalog)
	batch = common.read_batch(files)
	for remark in batch.remarks:
		say_remark(remark, lang)
	translated = list(_translated(catalogue, batch))
	if form == "json":
		click.echo(_as_json(catalogue, translated), nl=False)
	else:
		for order, production in translated:
			click.echo("\n".join(_as_table(catalogue, order, production, lang)))
	for failure in batch.failures:
		say_failure(failure, lang)
	if batch.failures:
		return BAD_INPUT
	return FINDINGS if any(made["gaps"] or made["doubles"] for _, made in translated) else CLEAR


def _translated(catalogue: Catalogue, batch: common.Batch) -> Iterator[tuple[Order, dict[str, Any]]]:
	for entry in batch.entries:
		try:
			order = common.read_order(entry, catalogue)
		except BadInput as error:
			batch.failures.append(error)
		else:
			yield order, translate_order(catalogue, order).as_dict()


def _as_json(catalogue: Catalogue, translated: list[tuple[Order, dict[str, Any]]]) -> str:
	rows = ",\n".join(
		json.dumps({"id": order.id, "production": made}, ensure_ascii=False) for order, made in translated
	)
	return f'{{"catalog": {{"hash": "{catalogue.hash}"}}, "orders": [\n{rows}\n]}}\n'


def _as_table(catalogue: Catalogue, order: Order, made: dict[str, Any], lang: str) -> Iterator[str]:
	names = {
		(rule.code, line.assembly): line
		for rule in catalogue.translation_rules
		for line in rule.lines.get(order.model, ())
	}
	word = "项总成" if lang == "zh" else "assemblies"
	yield f"── {clean(order.id)}  {order.model} × {order.qty}  {len(made['lines'])} {word}"
	rows = []
	for line in made["lines"]:
		assembly = names[line["rule"], line["assembly"]]
		shop = say(SHOPS, assembly.shop, lang)
		rows.append(
			(
				line["slot"],
				line["assembly"],
				assembly.name_zh,
				str(line["qty"]),
				shop,
				", ".join(line["options"]),
			)
		)
	yield from (f"   {row}" for row in table(rows, right=(3,)))
	if made["gaps"]:
		yield f"   ✗ {'未填部位' if lang == 'zh' else 'slots left empty'}: {', '.join(made['gaps'])}"
	for double in made["doubles"]:
		label = "重复部位" if lang == "zh" else "slot filled more than once"
		yield f"   ✗ {label}: {double['slot']} ({', '.join(double['rules'])})"
	yield ""
