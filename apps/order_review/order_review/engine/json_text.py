"""Plain data as JSON text, the way every answer is written."""

from __future__ import annotations

import json

json_text = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
"""One value as JSON on one line; NaN is refused."""


def json_list(texts: list[str]) -> str:
	"""A list of values that are JSON already."""
	return f"[{', '.join(texts)}]"


def json_record(texts: dict[str, str]) -> str:
	"""A mapping of values that are JSON already; the keys are plain words."""
	entries = [f'"{key}": {text}' for key, text in texts.items()]
	return f"{{{', '.join(entries)}}}"
