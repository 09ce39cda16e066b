"""A mail server for tests: keeps what it is sent, refuses or defers the recipients it is told to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
	"""Listens on a free port of this machine."""

	allow_reuse_address = True
	daemon_threads = True

	def __init__(self) -> None:
		super().__init__(("127.0.0.1", 0), _Session)
		self.mails: list[str] = []
		self.refused: set[str] = set()
		self.deferred: int | None = None
		self.port = self.server_address[1]


class _Session(socketserver.StreamRequestHandler):
	server: MailServer

	def handle(self) -> None:
		self.say("220 test")
		while line := self.rfile.readline().decode().strip():
			word = line.upper().split()[0]
			if word == "QUIT":
				return self.say("221 bye")
			if word == "DATA":
				self.take_mail()
			elif word == "RCPT" and self.server.deferred:
				self.say(f"{self.server.deferred} try again later")
			elif word == "RCPT" and any(address in line for address in self.server.refused):
				self.say("550 no such user")
			else:
				self.say("250 ok")

	def take_mail(self) -> None:
		self.say("354 go on")
		lines = []
		while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
			lines.append(line)
		self.server.mails.append("".join(lines))
		self.say("250 taken")

	def say(self, text: str) -> None:
		self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def running() -> Iterator[MailServer]:
	"""A mail server that runs inside."""
	with MailServer() as server:
		threading.Thread(target=server.serve_forever, daemon=True).start()
		yield server
		server.shutdown()
