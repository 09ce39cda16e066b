"""Ports: chosen free once, remembered in config/ports.json, so that two checkouts do not clash."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

from tools.paths import CONFIG
from tools.report import Problem, say

PORTS_FILE = CONFIG / "ports.json"
FIRST = {
	"web": 8000,  # what the browser is given; see front.mjs
	"gunicorn": 8500,
	"socketio": 9000,
	"redis_cache": 13000,
	"redis_queue": 11000,
	"mariadb": 3307,
}
TRIES = 200


def is_free(port: int) -> bool:
	"""Whether a server could listen on this port of the loopback address now."""
	with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
		probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			probe.bind(("127.0.0.1", port))
		except OSError:
			return False
	return True


def first_free(start: int, taken: set[int]) -> int:
	"""The first free port from `start` on that is not in `taken`."""
	for port in range(start, start + TRIES):
		if port not in taken and is_free(port):
			return port
	raise Problem(
		f"No port between {start} and {start + TRIES} is free.",
		"Stop programs you no longer need, or write the ports you want into config/ports.json.",
	)


def read(file: Path = PORTS_FILE) -> dict[str, int]:
	"""The remembered ports; empty when none were chosen yet."""
	if not file.exists():
		return {}
	try:
		found = json.loads(file.read_text(encoding="utf-8"))
		return {name: int(port) for name, port in found.items() if name in FIRST}
	except (ValueError, TypeError, AttributeError) as error:
		raise Problem(
			f"{file.name} is not a list of ports: {error}.", "Delete it; free ports are then chosen again."
		) from error


def choose(in_use_by_us: set[str], file: Path = PORTS_FILE) -> dict[str, int]:
	"""Ports for every server, free unless our own server holds them already; remembered for next time.

	:param in_use_by_us: names of our servers that run now and so hold their port rightly.
	:raises Problem: when WEB_PORT asks for a port that another program holds.
	"""
	ports = read(file)
	wanted = os.environ.get("WEB_PORT")
	if wanted and "web" not in in_use_by_us:
		ports["web"] = _asked_for(wanted)
	for name, start in FIRST.items():
		if name in in_use_by_us and name in ports:
			continue
		others = {port for other, port in ports.items() if other != name}
		if name in ports and ports[name] not in others and is_free(ports[name]):
			continue
		chosen = first_free(start, others)
		if name in ports:
			say(f"  Port {ports[name]} ({name}) is taken by another program; {chosen} is used from now on.")
		ports[name] = chosen
	file.parent.mkdir(parents=True, exist_ok=True)
	file.write_text(json.dumps(ports, indent=1) + "\n", encoding="utf-8")
	return ports


def _asked_for(wanted: str) -> int:
	if not wanted.isdigit() or not 1 <= int(wanted) <= 65535:
		raise Problem(f"WEB_PORT={wanted} is not a port.", "Give a whole number from 1 to 65535.")
	port = int(wanted)
	if not is_free(port):
		raise Problem(
			f"Port {port}, asked for by WEB_PORT, is taken by another program (or needs root).",
			"Stop that program or ask for another port.",
		)
	return port
