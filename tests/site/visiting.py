"""Users who come to the site by real HTTP requests, as a browser or a script sends them."""

from __future__ import annotations

import http.client
import json
import re
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

Answer = tuple[int, str]
"""Status and text of an answer; escaped letters are read as the letters they are."""


class Visitor:
	"""Somebody signed in, by HTTP alone."""

	def __init__(self, address: str, user: str, password: str, patience: int = 60) -> None:
		self.user = user
		self.patience = patience
		self.site = urlsplit(address)
		self.cookies = ""
		self.token = ""
		self.headers: dict[str, str] = {}
		answer = self._send("POST", "/api/method/login", urlencode({"usr": user, "pwd": password}))
		assert answer[0] == 200, answer

	def get(self, path: str, **query: object) -> Answer:
		"""A reading request."""
		return self._send("GET", f"{quote(path)}?{urlencode(query)}" if query else quote(path))

	def put(self, path: str, values: dict[str, object]) -> Answer:
		"""A change by REST, with the token the Desk sends along."""
		return self.send("PUT", path, values)

	def call(self, function: str, /, **values: Any) -> Answer:
		"""A call of a whitelisted function, as the Desk makes it."""
		return self.send("POST", f"/api/method/{function}", values)

	def ask(self, verb: str, function: str, values: dict[str, Any]) -> Answer:
		"""A call of a whitelisted function by either verb."""
		if verb == "GET":
			return self.get(f"/api/method/{function}", **values)
		return self.call(function, **values)

	def send(self, verb: str, path: str, values: dict[str, Any] | None = None) -> Answer:
		"""A request that may change something, with the token the Desk sends along."""
		return self.send_raw(verb, quote(path, safe="/?=&"), json.dumps(values or {}), "application/json")

	def send_raw(self, verb: str, path: str, body: str | bytes, kind: str) -> Answer:
		"""A request with a body of any type, with the token the Desk sends along."""
		if not self.token:
			found = re.search(r'csrf_token = "(\w+)"', self.get("/app")[1])
			self.token = found.group(1) if found else "none"
		return self._send(verb, path, body, kind)

	def _send(
		self,
		method: str,
		path: str,
		body: str | bytes | None = None,
		kind: str = "application/x-www-form-urlencoded",
	) -> Answer:
		connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=self.patience)
		headers = {
			"Host": self.site.hostname or "",
			"Cookie": self.cookies,
			"Content-Type": kind,
			"Accept": "application/json",
		}
		if self.token:
			headers["X-Frappe-CSRF-Token"] = self.token
		connection.request(method, path, body, headers)
		answer = connection.getresponse()
		self.headers = {name.lower(): value for name, value in answer.getheaders()}
		cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
		self.cookies = self.cookies or "; ".join(cookies)
		text = answer.read().decode("utf-8", "replace")
		connection.close()
		return answer.status, re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code.group(1), 16)), text)
