"""What changed between two rounds of a review. Pure functions on plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Change = dict[str, Any]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
	"""The changes from one content to another, in the order of the fields.

	Args:
		before: field → value, or table → row key → column → value.
		after: the same of the later round.

	Returns:
		One entry per change: ``field``, ``row`` (key of the row, empty for a plain field), ``from``, ``to``;
		of a row that came or went, ``from`` or ``to`` is None.
	"""
	changes: list[Change] = []
	for field in dict.fromkeys((*after, *before)):
		old, new = before.get(field), after.get(field)
		if isinstance(old, Mapping) or isinstance(new, Mapping):
			changes.extend(_row_changes(field, old or {}, new or {}))
		elif old != new:
			changes.append({"field": field, "row": "", "from": old, "to": new})
	return changes


def _row_changes(table: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
	return [
		{"field": table, "row": key, "from": before.get(key), "to": after.get(key)}
		for key in dict.fromkeys((*before, *after))
		if before.get(key) != after.get(key)
	]
