"""Text in a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")


def clean(text: object) -> str:
	"""Text on one line without control, direction and zero-width characters."""
	return _UNPRINTABLE.sub(" ", str(text)).strip()


def width(text: str) -> int:
	"""Columns the text takes."""
	if text.isascii():
		return len(text)
	return sum(
		0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
	)


def cut(text: str, columns: int) -> str:
	"""The text, shortened with … where it takes more than ``columns``."""
	if width(text) <= columns:
		return text
	kept, used = [], 0
	for character in text:
		used += width(character)
		if used > columns - 1:
			break
		kept.append(character)
	return "".join(kept) + "…"


def pad(text: str, columns: int, *, right: bool = False) -> str:
	"""The text cut or filled to ``columns``; ``right`` puts it at the right edge."""
	text = cut(text, columns)
	blanks = " " * (columns - width(text))
	return blanks + text if right else text + blanks


def wrap(text: str, columns: int, indent: str = "") -> list[str]:
	"""The text on lines of at most ``columns``, broken at blanks and between Chinese characters."""
	lines, line = [], indent
	for piece in re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*|\s+", text):
		if width(line) + width(piece.rstrip()) > columns and line.strip():
			lines.append(line.rstrip())
			line = indent
		line += piece
	return [*lines, line.rstrip()] if line.strip() else lines


def table(rows: Iterable[tuple[str, ...]], *, right: Iterable[int] = (), gap: str = "  ") -> list[str]:
	"""Rows with their columns lined up; the columns numbered in ``right`` stand at the right edge."""
	rows = list(rows)
	if not rows:
		return []
	widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
	aligned = set(right)
	return [
		gap.join(
			pad(cell, widths[column], right=column in aligned) for column, cell in enumerate(row)
		).rstrip()
		for row in rows
	]
