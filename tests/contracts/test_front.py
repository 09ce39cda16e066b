"""tools/front.mjs: pages go to gunicorn, live updates to the realtime server, strangers nowhere."""

from __future__ import annotations

import http.client
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools import ports
from tools.debian import program
from tools.paths import ROOT

NODE = program("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
SITE = "review.localhost"


class Echo(BaseHTTPRequestHandler):
	"""Answers with what it was asked."""

	def do_GET(self) -> None:
		heard = {"server": self.server.server_port, "path": self.path} | {
			k.lower(): v for k, v in self.headers.items()
		}
		body = json.dumps(heard).encode()
		self.send_response(200)
		self.send_header("Content-Length", str(len(body)))
		self.end_headers()
		self.wfile.write(body)

	def log_message(self, *_args: object) -> None:
		"""Nothing is written to the terminal."""


def echo_server() -> ThreadingHTTPServer:
	server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
	threading.Thread(target=server.serve_forever, daemon=True).start()
	return server


@pytest.fixture(scope="module")
def front() -> Iterator[dict[str, int]]:
	"""The ports of a running front and of the two servers behind it."""
	behind = {"gunicorn": echo_server(), "socketio": echo_server()}
	found = {name: server.server_port for name, server in behind.items()}
	found["web"] = ports.first_free(8300, set(found.values()))
	words = [
		str(NODE),
		str(ROOT / "tools/front.mjs"),
		*(str(found[name]) for name in ("web", "gunicorn", "socketio")),
		SITE,
	]
	with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
		assert process.stdout is not None
		assert process.stdout.readline().strip() == f"Serving http://{SITE}:{found['web']}"
		yield found
		process.terminate()
	for server in behind.values():
		server.shutdown()
		server.server_close()


def ask(front: dict[str, int], path: str, **headers: str) -> tuple[int, dict[str, object]]:
	connection = http.client.HTTPConnection("127.0.0.1", front["web"], timeout=10)
	try:
		connection.request(
			"GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
		)
		answer = connection.getresponse()
		body = answer.read()
		return answer.status, json.loads(body) if body.startswith(b"{") else {}
	finally:
		connection.close()


def test_a_page_goes_to_gunicorn_with_the_host_the_browser_named(front: dict[str, int]) -> None:
	status, heard = ask(front, "/app/intent-order?x=1", Host=f"{SITE}:{front['web']}")
	assert status == 200
	assert (heard["server"], heard["path"]) == (front["gunicorn"], "/app/intent-order?x=1")
	assert heard["host"] == f"{SITE}:{front['web']}"
	assert heard["x-frappe-site-name"] == SITE


def test_localhost_shows_the_default_site(front: dict[str, int]) -> None:
	for host in ("localhost", "127.0.0.1"):
		_status, heard = ask(front, "/", Host=f"{host}:{front['web']}")
		assert heard["x-frappe-site-name"] == SITE


def test_a_client_cannot_choose_site_or_address_by_header(front: dict[str, int]) -> None:
	_status, heard = ask(
		front,
		"/",
		Host=SITE,
		X_Frappe_Site_Name="other.localhost",
		X_Forwarded_For="10.1.2.3",
		X_Forwarded_Proto="https",
	)
	assert heard["x-frappe-site-name"] == SITE
	assert heard["x-forwarded-for"] == "127.0.0.1"
	assert heard["x-forwarded-proto"] == "http"


def test_live_updates_go_to_the_realtime_server_with_an_address_it_can_resolve(front: dict[str, int]) -> None:
	origin = f"http://{SITE}:{front['web']}"
	status, heard = ask(front, "/socket.io/?EIO=4", Host=f"{SITE}:{front['web']}", Origin=origin)
	assert status == 200
	assert heard["server"] == front["socketio"]
	assert heard["origin"] == f"http://127.0.0.1:{front['web']}"
	assert heard["x-frappe-site-name"] == SITE


@pytest.mark.parametrize("origin", ["http://evil.example", f"http://{SITE}.evil.example", "null"])
def test_a_page_of_another_origin_may_not_listen(front: dict[str, int], origin: str) -> None:
	status, _heard = ask(front, "/socket.io/?EIO=4", Host=f"{SITE}:{front['web']}", Origin=origin)
	assert status == 403


def test_while_gunicorn_is_down_the_browser_is_told() -> None:
	closed = ports.first_free(8400, set())
	web = ports.first_free(8350, {closed})
	words = [str(NODE), str(ROOT / "tools/front.mjs"), str(web), str(closed), str(closed), SITE]
	with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
		assert process.stdout is not None
		process.stdout.readline()
		started = time.monotonic()
		status, _heard = ask({"web": web}, "/", Host=SITE)
		process.terminate()
	assert status == 502
	assert time.monotonic() - started < 5
