"""A bank of solutions found so far, as bits: most "can it be chosen?" questions are answered without a search."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

WORDS = 16
"""64-bit words per literal: the bank keeps this many times 64 solutions."""


class Witnesses:
	"""The last solutions over variables 1..size; row of a literal: which of them it holds in.

	Rows 0..size-1 belong to the positive literals, rows size..2*size-1 to the negative ones.
	"""

	def __init__(self, size: int, words: int = WORDS) -> None:
		self.size = size
		self.rows: Bits = np.zeros((2 * size, words), dtype=np.uint64)
		self.capacity = 64 * words
		self.count = 0

	def add(self, chosen: Flags) -> None:
		"""Keep a solution, in place of the oldest once the bank is full."""
		place = self.count % self.capacity
		self.count += 1
		word, bit = divmod(place, 64)
		mask = np.uint64(1 << bit)
		column = self.rows[:, word]
		column &= ~mask
		column[: self.size][chosen] |= mask
		column[self.size :][~chosen] |= mask

	def possible(self, rows: Places, assumed: Sequence[int]) -> Flags | None:
		"""For each of the rows whether a kept solution with all assumed rows has it; None when no solution is kept."""
		if not self.count:
			return None
		kept = self.rows[rows]
		if not assumed:
			return self._in_any(kept)
		agreeing = np.bitwise_and.reduce(self.rows[list(assumed)], axis=0)
		words = np.flatnonzero(agreeing)
		if not words.size:
			return None
		return self._in_any(kept[:, words] & agreeing[words])

	@staticmethod
	def _in_any(rows: Bits) -> Flags:
		found: Flags = np.any(rows, axis=1)
		return found
