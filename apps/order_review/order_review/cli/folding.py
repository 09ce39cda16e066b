"""Long lists in text: the first few, and how many more there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import click

SHOWN = 10
"""Parts of a list that text shows; JSON always has all."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def all_option(function: _Function) -> _Function:
	"""``--all``, given to the command as ``full``."""
	option = click.option("--all", "full", is_flag=True, help="Fold no long lists in text. 长列表不折叠。")
	return cast(_Function, option(function))


def folded(parts: Sequence[str], lang: str, full: bool) -> list[str]:
	"""The parts, of many only the first ones with a word on the rest."""
	more = len(parts) - SHOWN
	if full or more <= 1:
		return list(parts)
	return [*parts[:SHOWN], f"另有 {more} 项:--all" if lang == "zh" else f"and {more} more: --all"]
