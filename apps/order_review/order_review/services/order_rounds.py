"""Rounds of an intent order's review: what was submitted, what changed since, what was found, why it came back."""

from __future__ import annotations

import json
from typing import Any

from frappe.model.document import Document
from frappe.utils import cstr, flt, now_datetime

from order_review.engine import diff
from order_review.engine.rounds import differences
from order_review.services import diffs, guard
from order_review.wording import exact

_FIELDS = (
	"title order_type customer customer_class customer_is_new dealer market_department sales_person order_date "
	"quotation_date requested_delivery model qty grade use dest_country dest_emission_stage incoterm "
	"internal_cost_centre internal_purpose internal_disposal tender_no bid_file sales_plan price_book "
	"claimed_base_price currency fx_rate negotiated_unit payment_mode deposit_pct service_terms"
).split()
_TABLES = {
	"configuration": ("vehicle_option", ("is_claimed", "claimed_price")),
	"specials": ("request_no", ("name_zh",)),
	"policies": ("policy", ("claimed",)),
	"services": ("service", ("amount",)),
	"evidence": ("evidence", ()),
	"livery_files": ("file_name", ()),
}
"""Table → what names a row, and what a row says."""
_WRITTEN_IN = ("Draft", "Returned")
"""Statuses in which price and configuration are written."""
_NUMBERS = frozenset({"Currency", "Float", "Percent", "Int", "Check"})


def begin(order: Document, user: str) -> None:
	"""Start the next round with what the salesperson submits, and what of it changed since the last one."""
	before = last_content(order)
	content = content_of(order)
	start(order, user, content, differences(before, content) if before else [])


def last_content(document: Document) -> dict[str, Any] | None:
	"""What was submitted in the last round; None before the first."""
	return json.loads(document.rounds[-1].content) if document.rounds else None


def start(order: Document, user: str, content: dict[str, Any], changes: list[Any]) -> None:
	"""Start the next round of any document with rounds.

	Args:
		user: who submits.
		content: what is submitted, as plain data.
		changes: what of it changed since the last round, as plain data.
	"""
	editor = _editor(order) or user
	order.review_round = (order.review_round or 0) + 1
	order.append(
		"rounds",
		{
			"round_no": order.review_round,
			"submitted_on": now_datetime(),
			"submitted_by": user,
			"edited_by": editor,
			"content": _json(content),
			"changes": _json(changes),
		},
	)


def _editor(order: Document) -> str | None:
	"""Who edited the order last; None when nobody did since it came back, for a return edits nothing."""
	stored = order.get_doc_before_save()
	if stored is None or (order.rounds and stored.modified_by == order.rounds[-1].returned_by):
		return None
	return str(stored.modified_by)


def freeze_findings(order: Document) -> None:
	"""Keep what was found when the order was received; later reviews of the round do not touch it."""
	row = order.rounds[-1]
	row.received_on = now_datetime()
	row.findings = _json(
		[
			{
				name: finding.get(name)
				for name in ("line_no", "severity", "code", "ref", "department", "message_zh", "message_en")
				if finding.get(name) is not None
			}
			for finding in order.findings
		]
	)


def end(order: Document, user: str, code: str, reason: str) -> None:
	"""Write down that the round ended with a return, and why."""
	order.rounds[-1].update(
		{"returned_on": now_datetime(), "returned_by": user, "reason_code": code, "reason": reason}
	)


def content_of(order: Document) -> dict[str, Any]:
	"""What the salesperson says in an order, as plain data."""
	content: dict[str, Any] = {name: _plain(order, name) for name in _FIELDS}
	for table, (key, columns) in _TABLES.items():
		content[table] = {
			cstr(row.get(key)): {name: _plain(row, name) for name in columns} for row in order.get(table)
		}
	return content


def authors(order: Document) -> set[str]:
	"""Users who wrote, edited or submitted the order, at any time, and those it was submitted for."""
	written = {user for row in order.rounds for user in (row.submitted_by, row.edited_by)}
	behalf = {row.on_behalf_of for row in order.events if row.to_status == "Submitted" and row.on_behalf_of}
	return {order.owner} | written | behalf | guard.editors(order, _WRITTEN_IN)


def _plain(document: Document, name: str) -> Any:
	field = document.meta.get_field(name)
	value = document.get(name)
	return flt(value) if field and field.fieldtype in _NUMBERS else cstr(value)


def _json(value: Any) -> str:
	return json.dumps(value, ensure_ascii=False, sort_keys=True)


# --- as a diff ----------------------------------------------------------------------------------------------

_GROUPS = {
	diff.VEHICLE: ("grade", "use", "dest_country", "dest_emission_stage", "order_type"),
	diff.QUANTITY: ("qty",),
	diff.PRICE: ("negotiated_unit", "claimed_base_price", "price_book", "currency", "fx_rate", "deposit_pct"),
	diff.DATES: ("order_date", "quotation_date", "requested_delivery"),
}
"""Group of the diff → fields; all other fields are terms."""


def diff_rows(order: Document) -> dict[int, list[dict[str, Any]]]:
	"""Round → what changed in it since the one before, with price effect and lead time; without the first round."""
	contents = [as_content(json.loads(row.content or "{}")) for row in order.rounds]
	return {
		order.rounds[at].round_no: diffs.between(contents[at - 1], contents[at], book=order.price_book)
		for at in range(1, len(contents))
	}


def as_content(content: dict[str, Any]) -> diff.Content:
	"""What was submitted in a round, as the diff compares it."""
	grouped = {name for names in _GROUPS.values() for name in names}
	values = {
		group: {name: content.get(name) for name in names if name in content}
		for group, names in _GROUPS.items()
	}
	values[diff.TERMS] = {
		**{
			name: content.get(name) for name in _FIELDS if name in content and name not in grouped | {"model"}
		},
		"claimed": "; ".join(
			f"{code} {exact(row['claimed_price'])}"
			for code, row in sorted((content.get("configuration") or {}).items())
			if row.get("is_claimed")
		),
		**{table: "; ".join(sorted(content.get(table) or {})) for table in ("evidence", "livery_files")},
	}
	return diff.Content.from_data(
		{
			"model": content.get("model"),
			"options": list(content.get("configuration") or {}),
			"specials": {
				code: {"name": cstr(row.get("name_zh"))}
				for code, row in (content.get("specials") or {}).items()
			},
			"services": {
				code: flt(row.get("amount")) for code, row in (content.get("services") or {}).items()
			},
			"policies": list(content.get("policies") or {}),
			"values": values,
		}
	)
