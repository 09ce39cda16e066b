"""Rounds of a contract's review: what was submitted, and what of it changed since the last round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe.model.document import Document
from frappe.utils import cint, cstr

from order_review.engine import diff
from order_review.services import diffs, order_rounds
from order_review.services.contracts.lines import PROMISES, claims_of, content_of_line, rows_of
from order_review.wording import exact

_HEAD = ("contract_date", "signing_place", *PROMISES)
_LINE = ("livery_reference", "seat_plan", "delivery_lots")


def begin(contract: Document, user: str) -> None:
	"""Start the next round with what the salesperson submits."""
	before, content = order_rounds.last_content(contract), content_of(contract)
	order_rounds.start(contract, user, content, changes(before, content) if before else [])


def content_of(contract: Document) -> dict[str, Any]:
	"""Everything the contract says, as plain data: the head, and each line."""
	return {
		"head": _head(contract).as_data(),
		"lines": {str(row.line_no): _line(contract, row).as_data() for row in contract.lines},
	}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""Rows of the diff between two contents."""
	rows = diffs.between(diff.Content.from_data(before["head"]), diff.Content.from_data(after["head"]))
	olds, news = before["lines"], after["lines"]
	for number in dict.fromkeys((*olds, *news)):
		sides = [diff.Content.from_data(lines.get(number) or {}) for lines in (olds, news)]
		rows += diffs.between(sides[0], sides[1], line_no=cint(number))
	return rows


def _head(contract: Document) -> diff.Content:
	said: dict[str, diff.Value] = {name: cstr(contract.get(name)).strip() for name in _HEAD}
	said["payments"] = "; ".join(
		f"{row.milestone} {exact(row.pct)}% {cint(row.days)} {cstr(row.remark).strip()}".strip()
		for row in contract.payments
	)
	dates = {"contract_date": said.pop("contract_date")}
	return diff.Content(values={diff.DATES: dates, diff.TERMS: said})


def _line(contract: Document, line: Document) -> diff.Content:
	content = content_of_line(contract, line)
	said: dict[str, diff.Value] = {name: cstr(line.get(name)).strip() for name in _LINE}
	said["remarks"] = "; ".join(
		f"{row.vehicle_option}: {row.remark}"
		for row in rows_of(contract, "options", line.line_no)
		if row.remark
	)
	said["claims"] = "; ".join(
		f"{row.vehicle_option} {exact(row.claimed_price)}"
		for row in rows_of(contract, "options", line.line_no)
		if row.is_claimed
	)
	for kind in ("Evidence", "Livery File"):
		said[kind] = "; ".join(
			f"{row.entry}{' ✓' if row.file else ''}" for row in claims_of(contract, line.line_no, kind)
		)
	terms = {**content.values[diff.TERMS], **said}
	return diff.Content(
		content.model,
		content.options,
		content.specials,
		content.services,
		content.policies,
		{**content.values, diff.TERMS: terms},
	)
