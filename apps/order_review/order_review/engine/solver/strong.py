"""Strongly connected components, for the literals that imply each other."""

from __future__ import annotations

from collections.abc import Iterator


def strongly_connected(edges: dict[int, list[int]]) -> list[list[int]]:
	"""Strongly connected components of a graph given as successors (Tarjan, without recursion)."""
	walk = _Walk(edges)
	for root in edges:
		if root not in walk.order:
			walk.from_root(root)
	return walk.components


class _Walk:
	def __init__(self, edges: dict[int, list[int]]) -> None:
		self.edges = edges
		self.order: dict[int, int] = {}
		self.low: dict[int, int] = {}
		self.stack: list[int] = []
		self.on_stack: set[int] = set()
		self.components: list[list[int]] = []
		self.work: list[tuple[int, Iterator[int]]] = []

	def from_root(self, root: int) -> None:
		self._enter(root)
		while self.work:
			node, successors = self.work[-1]
			fresh = self._advance(node, successors)
			if fresh:
				self._enter(fresh)
			else:
				self._leave(node)

	def _enter(self, node: int) -> None:
		self.order[node] = self.low[node] = len(self.order)
		self.stack.append(node)
		self.on_stack.add(node)
		self.work.append((node, iter(self.edges.get(node, ()))))

	def _advance(self, node: int, successors: Iterator[int]) -> int:
		"""The next successor not visited yet, 0 when there is none; on the way note how far back one can get."""
		for successor in successors:
			if successor not in self.order:
				return successor
			if successor in self.on_stack:
				self.low[node] = min(self.low[node], self.order[successor])
		return 0

	def _leave(self, node: int) -> None:
		self.work.pop()
		if self.work:
			above = self.work[-1][0]
			self.low[above] = min(self.low[above], self.low[node])
		if self.low[node] == self.order[node]:
			self.components.append(self._popped(node))

	def _popped(self, node: int) -> list[int]:
		component: list[int] = []
		while not component or component[-1] != node:
			component.append(self.stack.pop())
			self.on_stack.discard(component[-1])
		return component
