"""Watches a page: whatever a user should never meet is noted, and fails the test that ends with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Response

NOT_OURS = re.compile(r"socket\.io|favicon")
"""Live updates are served by a process of their own, which a throw-away site does not run."""

ECHO = re.compile(r"Failed to load resource|the server responded with a status")
"""What the browser writes about an answer that is noted as an answer already."""

TRACE = re.compile(
	r"Traceback \(most recent call last\)|Uncaught Exception|Server Error|Internal Server Error"
)

VISIBLE_TEXTS = """() => {
	const found = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const text = walker.currentNode.textContent.trim();
		const element = walker.currentNode.parentElement;
		if (!text || !element || ["SCRIPT", "STYLE", "TEMPLATE"].includes(element.tagName)) continue;
		if (element.closest(".new-timeline")) continue;
		const shown = element.tagName === "OPTION" ? element.parentElement : element;
		if (!shown || !shown.checkVisibility({ visibilityProperty: true })) continue;
		const field = element.closest("[data-fieldname]");
		const cell = element.closest("[data-filter]");
		const place = cell ? cell.dataset.filter.split(",")[0] : field && field.dataset.fieldname;
		found.push([text, place || element.className || element.tagName]);
	}
	return found;
}"""
"""Every text a user sees, each with the field or the class of the element it stands in; not the host's log of changes."""

NO_CODES = frozenset({"name_en", "option_name_en", "option_group", "shop"})
"""Fields in which the word of a code is what somebody wrote: English names, and the plant's shops."""

OF_THE_HOST = re.compile(r"Failed to execute 'removeChild' on 'Node'|^Filter missing$")
"""Frappe's page of reports: the next rows come while its table is drawn; a filter that must be set is asked for."""


class Watch:
	"""What was seen on a page that should not be there.

	Args:
		page: the page.
		codes: stored values that have words of their own in the user's language; on the screen they are a fault.
	"""

	def __init__(self, page: Page, codes: frozenset[str] = frozenset()) -> None:
		self.faults: list[str] = []
		self._page, self._codes = page, codes
		self._expected: tuple[int, str] | None = None
		page.on("console", self._heard)
		page.on("pageerror", self._failed)
		page.on("response", self._answered)

	def note(self, fault: str) -> None:
		"""Keep a fault, with the page it was met on."""
		self.faults.append(f"{urlsplit(self._page.url).path}: {fault}")

	def _failed(self, error: object) -> None:
		if not OF_THE_HOST.search(str(error)):
			self.note(f"error in a script: {error}")

	def _heard(self, message: ConsoleMessage) -> None:
		place = str(message.location.get("url", ""))
		told = f"{message.text} {place}"
		if message.type == "error" and not NOT_OURS.search(told) and not ECHO.search(told):
			self.note(f"console: {message.text}")

	def _answered(self, answer: Response) -> None:
		if answer.status < 400 or NOT_OURS.search(answer.url):
			return
		if self._expected and answer.status == self._expected[0] and self._expected[1] in answer.url:
			return
		self.note(f"HTTP {answer.status} from {answer.request.method} {answer.url}")

	@contextmanager
	def expecting(self, status: int, address: str) -> Iterator[None]:
		"""While this holds an answer with this status from such an address is what the story wants."""
		self._expected = (status, address)
		yield
		self._expected = None

	def look(self) -> None:
		"""Look at what the page shows now."""
		if self._page.url == "about:blank":
			return
		texts = self._page.evaluate(VISIBLE_TEXTS)
		for text, place in texts:
			if text in self._codes and place not in NO_CODES:
				self.note(f"the code “{text}” stands for its word ({place})")
			elif TRACE.search(text):
				self.note(f"a traceback is shown: {text[:300]}")

	def clean(self) -> None:
		"""Fail with everything that was noted."""
		faults, self.faults = list(dict.fromkeys(self.faults)), []
		assert not faults, "\n".join(faults)
