"""A smallest conflicting subset, the same in every run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Ask = Callable[[list[int]], "list[int] | None"]
"""Gets assumptions; returns None when they can hold together, else some of them that cannot."""


def minimal_conflict(items: Sequence[int], ask: Ask, fixed: Sequence[int] = ()) -> list[int] | None:
	"""A subset of the items that conflicts with what is fixed and of which no proper subset does.

	Of all such subsets it is the one that uses the items as early as possible, so that the answer
	depends on the question alone and never on what the solver learnt before.
	None when all items can hold.
	"""
	core = ask([*fixed, *items])
	if core is None:
		return None
	place = {item: index for index, item in enumerate(items)}
	needed: list[int] = []
	end = _end(core, place)
	while end:
		end = _shortest(items, end, ask, [*fixed, *needed], place)
		if not end:
			break
		needed.append(items[end - 1])
		core = ask([*fixed, *needed])
		end = end - 1 if core is None else 0
	return sorted(needed, key=place.__getitem__)


def _shortest(items: Sequence[int], end: int, ask: Ask, held: list[int], place: dict[int, int]) -> int:
	"""Length of the shortest prefix that conflicts with what is held; the one of length `end` does."""
	known_good = -1
	step_back = True
	while end - known_good > 1:
		tried = end - 1 if step_back else (end + known_good) // 2
		step_back = not step_back
		core = ask([*held, *items[:tried]])
		if core is None:
			known_good = tried
		else:
			end = min(tried, _end(core, place))
	return end


def _end(core: Sequence[int], place: dict[int, int]) -> int:
	return max((place[item] + 1 for item in core if item in place), default=0)
