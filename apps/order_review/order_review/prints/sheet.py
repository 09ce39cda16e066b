"""What the sheets of single documents have in common: number, words, hash, QR code, rows of the head."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..glossary import Words, say
from .qr import qr_svg


def sheet_frame(
	number: str,
	digest: str,
	words: Words,
	lang: str,
	*,
	printed: str = "",
	verify_url: str = "",
	qr_text: str = "",
) -> dict[str, Any]:
	"""What ``sheet.html`` reads of a context; without an address the QR code holds ``qr_text``, or number and hash."""
	return {
		"w": {code: say(words, code, lang) for code in words},
		"number": number,
		"document_hash": digest,
		"qr": qr_svg(verify_url or qr_text or f"{number}\n{digest}"),
		"printed": printed,
	}


def content_hash(content: Any, *, sort_keys: bool = False) -> str:
	"""SHA-256 of plain data; dates and numbers count as they are written."""
	text = json.dumps(content, ensure_ascii=False, sort_keys=sort_keys, default=str)
	return hashlib.sha256(text.encode()).hexdigest()


def head_rows(
	fields: Iterable[str], words: Words, lang: str, value: Callable[[str], str]
) -> list[tuple[str, str]]:
	"""Label and value of each field; a field is named as its word, or as ``field:word``."""
	rows = []
	for field in fields:
		key, _colon, word = field.partition(":")
		rows.append((say(words, word or key, lang), value(key)))
	return rows


def plain_value(data: Mapping[str, Any], field: str) -> str:
	"""A field as it stands in the head of a sheet; a model with its name."""
	if field == "model":
		return f"{data['model']} {data.get('model_name') or ''}".strip()
	return str(data.get(field) or "–")
