"""What the customer signed beside the options of a contract line: seat layout, lots, remarks.

Each becomes a row of the production configuration like a special option: it needs a line, or a word why it has no
effect on production; it is audited and printed. Its number says where it stands, so that a line by hand can be for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from order_review.services.contracts import lines as contract_lines

SEATS, LOTS, REMARK = "N-SEAT", "N-LOTS", "N-"
"""Numbers of the rows; a remark has the code of its option behind."""

_OF_LINE = {SEATS: "seat_plan", LOTS: "delivery_lots"}


@dataclass(frozen=True)
class Note:
	"""A text of a contract line that asks for something.

	Attributes:
		number: what the row is called.
		name: what it is about, in words.
		text: what the contract says.
	"""

	number: str
	name: str
	text: str


def of_line(contract: Document, line: Document) -> Iterator[Note]:
	"""The notes of a contract line, in the order of the contract."""
	for number, field in _OF_LINE.items():
		text = cstr(line.get(field)).strip()
		if text:
			yield Note(number, _(line.meta.get_label(field), context=line.doctype), text)
	for row in contract_lines.rows_of(contract, "options", line.line_no):
		text = cstr(row.get("remark")).strip()
		if text:
			name = cstr(row.name_zh or row.name_en)
			yield Note(f"{REMARK}{row.vehicle_option}", _("Remark on {0}").format(name)[:140], text)


def is_note(number: str) -> bool:
	"""Whether a row is a note of the contract and no special option."""
	return cstr(number).startswith(REMARK)


def said(version: Document) -> dict[str, str]:
	"""The notes a version was made for: number → text."""
	return {row.request_no: cstr(row.contract_text) for row in version.specials if is_note(row.request_no)}
