"""`order-review diff`: what changed between two versions of orders, in the words of the business."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from ..engine.catalogue import Catalogue, canonical
from ..engine.errors import BadInput
from ..engine.order import Order
from ..engine.review import review
from ..glossary import FIELDS, FIGURE_LETTERS, FIGURES, FINDINGS, say
from . import common
from .failures import BAD_INPUT, CLEAR, say_failure, say_remark
from .failures import FINDINGS as HAS_ERRORS
from .width import clean, table

_REVIEWED = ("picks", "drops", "expected", "planted", "id")
_FIGURES = (*FIGURE_LETTERS, "approval_level", "total")


@click.command("diff", short_help="What changed between two versions of orders. 比较订单。")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@common.catalog_option
@click.option(
	"--new-catalog",
	type=click.Path(path_type=Path),
	metavar="DIR",
	help="Catalogue of NEW where it differs. 新目录。",
)
@common.format_option("table", "json")
@common.language_option
def command(old: str, new: str, catalog: Path, new_catalog: Path | None, form: str, lang: str) -> int:
	"""Compare the orders of two files: fields, options, price figures, findings, assemblies.

	Orders are matched by id; two files with one order each are compared whatever their ids.
	Give the same file twice with --new-catalog to see what another catalogue would change.
	Exit status 1 when an order of NEW has findings of severity error.
	"""
	sides = []
	failures: list[BadInput] = []
	for file, folder in ((old, catalog), (new, new_catalog or catalog)):
		sides.append(_reviewed(file, common.load_catalogue(folder), failures, lang))
	before, after = sides
	if len(before) == len(after) == 1:
		before = dict(zip(after, before.values(), strict=True))
	changes = [
		_compared(order_id, before.get(order_id), after.get(order_id)) for order_id in {**before, **after}
	]
	_show(changes, form, lang)
	for failure in failures:
		say_failure(failure, lang)
	if failures:
		return BAD_INPUT
	return HAS_ERRORS if any(one.review["verdict"] == "error" for one in after.values()) else CLEAR


class _Side:
	"""One version of an order with its review."""

	def __init__(self, catalogue: Catalogue, order: Order) -> None:
		self.catalogue = catalogue
		self.order = order
		self.review = review(catalogue, order, explain=False).as_dict()

	@property
	def fields(self) -> dict[str, Any]:
		"""The order's own entries by dotted key, but for the configuration."""
		plain = {key: value for key, value in canonical(self.order.data).items() if key not in _REVIEWED}
		return dict(_flat(plain))

	@property
	def findings(self) -> dict[tuple[str, str], Mapping[str, Any]]:
		return {(found["code"], found["ref"]): found for found in self.review["findings"]}

	@property
	def assemblies(self) -> set[str]:
		return {
			f"{line['slot']} {line['assembly']} × {line['qty']}"
			for line in self.review["production"]["lines"]
		}


def _flat(data: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
	if isinstance(data, dict) and data:
		for key, value in data.items():
			yield from _flat(value, f"{prefix}.{key}" if prefix else key)
	elif isinstance(data, list) and any(isinstance(item, dict) for item in data):
		for number, item in enumerate(data, 1):
			name = item.get("request_no", number) if isinstance(item, dict) else number
			yield from _flat(item, f"{prefix}[{name}]")
	elif data not in (None, {}, []):
		yield prefix, data


def _reviewed(file: str, catalogue: Catalogue, failures: list[BadInput], lang: str) -> dict[str, _Side]:
	batch = common.read_batch([file])
	failures += batch.failures
	for remark in batch.remarks:
		say_remark(remark, lang)
	sides = {}
	for entry in batch.entries:
		try:
			order = common.read_order(entry, catalogue)
		except BadInput as error:
			failures.append(error)
		else:
			sides[order.id] = _Side(catalogue, order)
	return sides


def _compared(order_id: str, old: _Side | None, new: _Side | None) -> dict[str, Any]:
	if old is None or new is None:
		return {"id": order_id, "status": "added" if old is None else "removed"}
	changes = {
		"fields": _changed(old.fields, new.fields, "field"),
		"configuration": _configuration(old, new),
		"figures": _figures(old.review["price"], new.review["price"]),
		"findings": {
			"gone": [_finding(old.findings[key]) for key in old.findings if key not in new.findings],
			"new": [_finding(new.findings[key]) for key in new.findings if key not in old.findings],
		},
		"earliest_delivery": _pair(old.review["earliest_delivery"], new.review["earliest_delivery"]),
		"assemblies": {
			"gone": sorted(old.assemblies - new.assemblies),
			"new": sorted(new.assemblies - old.assemblies),
		},
	}
	return {"id": order_id, "status": "changed" if _any(changes) else "same", **changes}


def _configuration(old: _Side, new: _Side) -> list[dict[str, Any]]:
	"""Option changes by family; in a family where one option gave way to one other, as one change."""
	gone, come = _by_family(old, new), _by_family(new, old)
	changes = []
	for family in sorted({**gone, **come}, key=lambda code: _place(new.catalogue, code)):
		left, right = gone.get(family, []), come.get(family, [])
		pairs = (
			zip(left, right, strict=True)
			if len(left) == len(right) == 1
			else [
				*((code, None) for code in left),
				*((None, code) for code in right),
			]
		)
		changes += [_option_change(old, new, family, before, after) for before, after in pairs]
	return changes


def _option_change(
	old: _Side, new: _Side, family: str, before: str | None, after: str | None
) -> dict[str, Any]:
	delta = _increment(new, after) - _increment(old, before)
	return {"family": family, "from": before, "to": after, "price_delta": delta}


def _increment(side: _Side, code: str | None) -> Any:
	trace = (side.review["price"] or {}).get("trace", ())
	return next(
		(line["amount"] or 0 for line in trace if line["figure"] == "options_list" and line["ref"] == code), 0
	)


def _by_family(side: _Side, other: _Side) -> dict[str, list[str]]:
	"""Options of one side that the other has not."""
	found: dict[str, list[str]] = {}
	for code in side.review["configuration"]:
		if code not in other.review["configuration"]:
			option = side.catalogue.options.get(code)
			found.setdefault(option.family if option else code.partition("-")[0], []).append(code)
	return found


def _place(catalogue: Catalogue, family: str) -> tuple[int, str]:
	known = catalogue.families.get(family)
	return (known.sort if known else 10_000, family)


def _any(changes: Mapping[str, Any]) -> bool:
	return any(any(part.values()) if isinstance(part, dict) else part for part in changes.values())


def _pair(old: Any, new: Any) -> list[Any] | None:
	return None if old == new else [old, new]


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
	return [
		{name: key, "from": old.get(key), "to": new.get(key)}
		for key in dict.fromkeys((*old, *new))
		if old.get(key) != new.get(key)
	]


def _figures(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[dict[str, Any]]:
	before = {figure: (old or {}).get(figure) for figure in _FIGURES}
	after = {figure: (new or {}).get(figure) for figure in _FIGURES}
	return _changed(before, after, "figure")


def _finding(found: Mapping[str, Any]) -> dict[str, Any]:
	return {key: found[key] for key in ("code", "ref", "severity", "message")}


# --- output --------------------------------------------------------------------------------------------


def _show(changes: list[dict[str, Any]], form: str, lang: str) -> None:
	if form == "json":
		rows = ",\n".join(json.dumps(one, ensure_ascii=False) for one in changes)
		click.echo(f'{{"orders": [\n{rows}\n]}}')
		return
	for one in changes:
		if one["status"] != "same":
			click.echo("\n".join(_as_text(one, lang)))
	counts = {
		status: sum(one["status"] == status for one in changes)
		for status in ("changed", "same", "added", "removed")
	}
	if lang == "zh":
		click.echo("{changed} 张有变化,{same} 张相同,{added} 张新增,{removed} 张缺少".format(**counts))
	else:
		click.echo(
			"{changed} changed, {same} the same, {added} only in NEW, {removed} only in OLD".format(**counts)
		)


def _as_text(one: Mapping[str, Any], lang: str) -> Iterator[str]:
	status = {"added": ("新增", "only in NEW"), "removed": ("缺少", "only in OLD")}.get(
		one["status"], ("有变化", "changed")
	)
	yield f"── {clean(one['id'])}  {status[lang == 'en']}"
	if one["status"] == "changed":
		yield from (f"   {row}" for row in table(list(_rows(one, lang)), right=()))
	yield ""


def _rows(one: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str, str]]:
	for change in one["configuration"]:
		price = "" if change["price_delta"] is None else f"{change['price_delta']:+,}"
		yield change["family"], f"{change['from'] or '–'} → {change['to'] or '–'}", price
	for change in one["fields"]:
		yield say(FIELDS, change["field"], lang), f"{_shown(change['from'])} → {_shown(change['to'])}", ""
	for change in one["figures"]:
		label = f"{FIGURE_LETTERS.get(change['figure'], '')} {say(FIGURES, change['figure'], lang)}".strip()
		yield label, f"{_shown(change['from'])} → {_shown(change['to'])}", _delta(change)
	if one["earliest_delivery"]:
		yield say(FIELDS, "earliest_delivery", lang), " → ".join(one["earliest_delivery"]), ""
	for sign, key in (("−", "gone"), ("+", "new")):
		for found in one["findings"][key]:
			title = f"{sign} {say(FINDINGS, found['code'], lang)}"
			yield title, f"{found['ref']} {clean(found['message'][lang])}".strip(), ""
		for assembly in one["assemblies"][key]:
			yield f"{sign} {'总成' if lang == 'zh' else 'assembly'}", assembly, ""


def _shown(value: Any) -> str:
	if isinstance(value, (int, float)) and not isinstance(value, bool):
		return f"{value:,}"
	return "–" if value is None else clean(", ".join(map(str, value)) if isinstance(value, list) else value)


def _delta(change: Mapping[str, Any]) -> str:
	old, new = change["from"], change["to"]
	if isinstance(old, (int, float)) and isinstance(new, (int, float)):
		return f"{round(new - old, 2):+,}"
	return ""
