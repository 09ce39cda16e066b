"""A feature model: named features, a Boolean problem about them, and how they are grouped for a reader."""

from __future__ import annotations

from dataclasses import dataclass

from ..solver.problem import Problem


@dataclass(frozen=True)
class FeatureModel:
	"""Features are the options of the problem; each relation of the tree and each constraint is a rule of it.

	`families` are (heading, features) in the order of the file, for showing.
	"""

	name: str
	problem: Problem
	families: tuple[tuple[str, tuple[str, ...]], ...]
	root: str | None = None

	@property
	def features(self) -> tuple[str, ...]:
		"""Names of all features."""
		return tuple(name for name in self.problem.names if name is not None)
