"""Errors of the engine. They carry data (source, place, expectation); their text is one readable sentence."""

from __future__ import annotations

from collections.abc import Sequence


class EngineError(Exception):
	"""Base of every error the engine raises on purpose."""


class BadInput(EngineError):
	"""Something that was given could not be read or understood.

	Args:
		message: what was found, a clause without a full stop.
		source: file, sheet or document it stands in.
		where: place inside the source, e.g. ``line 12`` or ``cell B7``.
		expected: what should stand there.
		path: keys and list indices from the top of the data to the place.
	"""

	def __init__(
		self,
		message: str,
		*,
		source: str | None = None,
		where: str | None = None,
		expected: str | None = None,
		path: Sequence[str | int] = (),
	) -> None:
		self.message = message
		self.source = source
		self.where = where
		self.expected = expected
		self.path = tuple(path)
		super().__init__(message)

	def __str__(self) -> str:
		place = ", ".join(part for part in (self.source, self.where, self.key) if part)
		text = f"{place}: {self.message}" if place else self.message
		return f"{text}; expected {self.expected}" if self.expected else text

	@property
	def key(self) -> str:
		"""The path in the way a reader of the file would write it: ``orders[3].claimed.base``."""
		text = ""
		for part in self.path:
			text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
		return text

	def located(self, *, source: str | None = None, where: str | None = None) -> BadInput:
		"""The same error with the place filled in where it was not known yet."""
		return type(self)(
			self.message,
			source=self.source or source,
			where=self.where or where,
			expected=self.expected,
			path=self.path,
		)


class RuleSyntaxError(BadInput):
	"""A rule expression that does not parse; ``where`` names the column."""
