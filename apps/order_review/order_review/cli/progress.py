"""A progress bar on stderr, shown only to a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

_Item = TypeVar("_Item")
_WIDTH = 30


def progress(items: Iterable[_Item], total: int, label: str) -> Iterator[_Item]:
	"""Pass the items through and draw how many of ``total`` are done."""
	if not sys.stderr.isatty() or total < 2:
		yield from items
		return
	shown = -1
	for done, item in enumerate(items, 1):
		yield item
		filled = done * _WIDTH // total
		if filled != shown or done == total:
			bar = "█" * filled + "·" * (_WIDTH - filled)
			sys.stderr.write(f"\r{label} {bar} {done:,}/{total:,}")
			sys.stderr.flush()
			shown = filled
	sys.stderr.write("\r\033[K")
	sys.stderr.flush()
