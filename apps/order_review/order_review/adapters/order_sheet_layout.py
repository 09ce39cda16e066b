"""What stands where in an order sheet: one row per question, found by its key in column A.

Reading goes by key, never by position, so a sheet may be written in either language and rows may be
inserted. Columns: A key, B question, C answer, D claimed price, E hint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MARKER = "order-review order sheet 1"
LISTS_SHEET = "lists"
HEADER_ROW = 3
FIRST_ROW = 4
KEY, QUESTION, ANSWER, CLAIM, HINT = 1, 2, 3, 4, 5
HEADERS: Mapping[int, tuple[str, str]] = {
	KEY: ("key", "key"),
	QUESTION: ("项目", "Question"),
	ANSWER: ("填写", "Answer"),
	CLAIM: ("申报价(元)", "Claimed price (CNY)"),
	HINT: ("说明", "Hint"),
}

OPTION_CODE = re.compile(r"[A-Z]{3}-[A-Z0-9]+")
_LIST_SEPARATOR = re.compile(r"[;;\n]")


@dataclass(frozen=True)
class Question:
	"""One row of the sheet.

	Attributes:
		kind: text, date, integer, number, flag, code (first word counts), list, option.
		path: where the answer goes in the order data.
	"""

	key: str
	kind: str
	path: tuple[str | int, ...]


# key → kind of answer; a dot leads into a mapping of the order data.
FIELDS: Mapping[str, str] = {
	"id": "text",
	"title_zh": "text",
	"order_type": "code",
	"order_date": "date",
	"quotation_date": "date",
	"requested_delivery": "date",
	"customer.name": "text",
	"customer.class": "code",
	"customer.new": "flag",
	"dealer": "text",
	"market_department": "code",
	"salesperson": "text",
	"model": "code",
	"grade": "code",
	"use": "code",
	"qty": "integer",
	"dest_stage": "integer",
	"internal.cost_centre": "text",
	"internal.purpose_zh": "text",
	"internal.disposal_zh": "text",
	"price_book": "code",
	"claimed.base": "number",
	"negotiated_unit": "number",
	"currency": "code",
	"fx": "number",
	"payment_mode": "code",
	"deposit_pct": "number",
	"customer_class": "code",
	"evidence": "list",
	"livery_files": "list",
}

SPECIAL_FIELDS: Mapping[str, str] = {
	"request_no": "text",
	"name_zh": "text",
	"unit_price": "number",
	"floor_price": "number",
	"cost": "number",
	"valid_to": "date",
	"lead_days": "integer",
}
# Fields of a special option that only the maker's own staff may see.
SECRET_SPECIAL_FIELDS = ("floor_price", "cost")

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
	(re.compile(r"option\.[A-Z]{3}(\.\d{1,2})?|further\.\d{1,2}"), "pick"),
	(re.compile(r"drop\.\d{1,2}"), "drop"),
	(re.compile(r"claim\.\d{1,2}"), "claim"),
	(re.compile(r"policy\.\d{1,2}"), "policy"),
	(re.compile(r"special\.(\d{1,2})\.(" + "|".join(SPECIAL_FIELDS) + ")"), "special"),
	(re.compile(r"services\.\S.{0,80}"), "service"),
)


def question(key: str) -> Question | None:
	"""The question a key stands for, or None for a key no order sheet has."""
	if key in FIELDS:
		return Question(key, FIELDS[key], tuple(key.split(".")))
	for pattern, role in _PATTERNS:
		match = pattern.fullmatch(key)
		if match:
			return _repeated(key, role, match)
	return None


def _repeated(key: str, role: str, match: re.Match[str]) -> Question:
	if role == "special":
		number, name = int(match[1]), match[2]
		return Question(key, SPECIAL_FIELDS[name], ("specials", number, name))
	if role == "service":
		return Question(key, "number", ("services", key.partition(".")[2]))
	if role == "policy":
		return Question(key, "code", ("policies",))
	place = {"pick": "picks", "drop": "drops", "claim": "claimed"}[role]
	return Question(key, "option", (place,))


def family_of(key: str) -> str | None:
	"""The family a key of the configuration part asks for; None where any option may stand."""
	return key.split(".")[1] if key.startswith("option.") else None


def split_list(text: str) -> list[str]:
	"""The parts of an answer that holds several, in order."""
	return [part.strip() for part in _LIST_SEPARATOR.split(text) if part.strip()]
