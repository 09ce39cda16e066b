"""Pairs of features: which never stand together, and which forces which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..solver.session import Session


@dataclass(frozen=True)
class Partners:
	"""What choosing one feature means for the others that are free otherwise; variables in rising order."""

	feature: int
	never: tuple[int, ...]
	forces: tuple[int, ...]


def partners(session: Session) -> Iterator[Partners]:
	"""The partners of every feature that can be chosen and left out; each pair that never stands together comes twice.

	Nothing comes of a model without a configuration.
	"""
	base = session.availability()
	if base is None:
		return
	named = np.array([name is not None for name in session.problem.names], dtype=np.bool_)
	free = base.can_hold & base.can_fail & named
	for place in np.flatnonzero(free).tolist():
		status = session.availability([place + 1])
		assert status is not None, "it can be chosen"
		never = np.flatnonzero(free & ~status.can_hold) + 1
		forces = np.flatnonzero(free & ~status.can_fail) + 1
		yield Partners(
			place + 1, tuple(never.tolist()), tuple(each for each in forces.tolist() if each != place + 1)
		)
