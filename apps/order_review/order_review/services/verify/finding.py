"""What the checker finds: a document, what is wrong with it, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
	"""Something that does not hold.

	Attributes:
		doctype: kind of the document.
		name: the document.
		wrong: what does not hold, in a sentence.
		remedy: what to do about it.
	"""

	doctype: str
	name: str
	wrong: str
	remedy: str

	def __str__(self) -> str:
		return f"{self.doctype} {self.name}: {self.wrong} {self.remedy}"


Invariant = Callable[[], Iterator[Finding]]
"""Looks at every document it is about, and gives those for which it does not hold."""
