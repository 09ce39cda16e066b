"""Where the sample data is, and orders made by varying the samples."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from order_review.adapters import catalogue_folder
from order_review.engine import Review

DATA = Path(catalogue_folder.__file__).parents[1] / "demo" / "data"


def merged(base: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
	"""A deep copy of ``base`` with ``changes`` put over it; a change to None removes the key."""
	result = copy.deepcopy(base)
	for key, value in changes.items():
		if value is None:
			result.pop(key, None)
		elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
			result[key] = merged(result[key], value)
		else:
			result[key] = value
	return result


def codes(result: Review) -> list[tuple[str, str]]:
	"""Code and reference of each finding."""
	return [(found.code, found.ref) for found in result.findings]
