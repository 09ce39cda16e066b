"""Searches that end when the caller's patience does. The engine has no clock: the caller says when."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pysat.solvers import Minisat22

CONFLICTS_PER_LOOK = 5_000
"""Conflicts of the solver between two looks at whether to stop."""

Stop = Callable[[], bool]


class Stopped(Exception):
	"""The caller's patience ended before the answer was found."""


def solve(solver: Minisat22, assumed: Sequence[int], stop: Stop | None) -> bool:
	"""Whether the assumptions can hold together.

	Raises:
		Stopped: when `stop` says yes first.
	"""
	if stop is None:
		return bool(solver.solve(assumptions=assumed))
	while True:
		solver.conf_budget(CONFLICTS_PER_LOOK)
		answer = solver.solve_limited(assumptions=assumed)
		if answer is not None:
			return bool(answer)
		if stop():
			raise Stopped
