"""Amounts, options and changes as both the terminal and the prints write them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .engine.catalogue import Catalogue

_STORED_DIGITS = 9
"""Digits behind the point the database keeps."""


def amount(value: float | None) -> str:
	"""Yuan with thousands separators and a true minus sign; – where there is no amount."""
	if value is None:
		return "–"
	text = f"{abs(value):,.2f}".removesuffix(".00")
	return f"−{text}" if value < 0 else text


def signed(value: float | None) -> str:
	"""An amount with its sign, for differences."""
	if value is None:
		return "–"
	return f"+{amount(value)}" if value > 0 else amount(value)


def exact(value: Any) -> str:
	"""A stored number with all its digits, and none that says nothing."""
	return f"{Decimal(str(round(float(value or 0), _STORED_DIGITS))).normalize() + 0:f}"


def percent(value: float | None) -> str:
	"""A percentage with its sign and two decimals."""
	if value is None:
		return "–"
	return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):.2f} %"


def option_name(catalogue: Catalogue, code: str, lang: str) -> str:
	"""The name of an option; empty for a code the catalogue does not know."""
	option = catalogue.options.get(code)
	return "" if option is None else option.name_zh if lang == "zh" else option.name_en


def family_name(catalogue: Catalogue, code: str, lang: str) -> str:
	"""The name of a family; its code where the catalogue does not know it."""
	family = catalogue.families.get(code)
	return code if family is None else family.name_zh if lang == "zh" else family.name_en


def change(changed: Mapping[str, Any]) -> str:
	"""One change of a repair: ``TRN-AT6 → TRN-MT6``, ``+AVS-W`` or ``−AVS-W``."""
	before, after = changed.get("from"), changed.get("to")
	if before and after:
		return f"{before} → {after}"
	return f"+{after}" if after else f"−{before}"


def repair(found: Mapping[str, Any], lang: str) -> str:
	"""A repair in one line: changes, price difference, added days."""
	changes = ", ".join(change(one) for one in found.get("changes", ()))
	days = found.get("lead_delta") or 0
	price = signed(found.get("price_delta") or 0)
	if lang == "zh":
		return f"{changes}(目录价 {price} 元,周期 {days:+d} 天)"
	return f"{changes} (list price {price} CNY, lead time {days:+d} days)"
