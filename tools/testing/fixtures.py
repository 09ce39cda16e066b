"""pytest fixtures for tests on a real site and in a real browser."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools import debian, ports, sites, snapshots
from tools.paths import BUILD, ENV, LOGS, RUN, SITES, command_environment
from tools.process import WEB_TIMEOUT
from tools.testing.workers import site_of, worker_number

if TYPE_CHECKING:
	from playwright.sync_api import Browser, BrowserContext, Page

PICTURES = BUILD / "screenshots"
TRACES = BUILD / "traces"
FIRST_TEST_PORT = 8100
PORTS_EACH = 20
"""Workers look for their ports in places of their own, so that two never find the same one free."""
START_SECONDS = 60
PAGE_PATIENCE = 30_000
"""Milliseconds that anything on a page may take, on a busy machine too."""
# Chromium of a package calls home when started; a test must not depend on any network.
QUIET_BROWSER = (
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-gpu",
	"--disable-quic",
	"--disable-sync",
	"--no-first-run",
)

Bench = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def aloud(request: pytest.FixtureRequest) -> Callable[[], Any]:
	"""A context in which steps are printed through, since making a site takes minutes."""
	capture = request.config.pluginmanager.getplugin("capturemanager")

	@contextmanager
	def uncaptured() -> Iterator[None]:
		with capture.global_and_fixture_disabled():
			print(flush=True)
			yield

	return uncaptured


@pytest.fixture(scope="session")
def one_run_only(request: pytest.FixtureRequest) -> Iterator[None]:
	"""Two test runs in one checkout would drop each other's sites."""
	RUN.mkdir(parents=True, exist_ok=True)
	with (RUN / f"test{worker_number(request.config)}.lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			pytest.exit(
				"Another test run uses the throw-away sites of this checkout; wait for its end.", returncode=1
			)
		yield


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, aloud: Callable[[], Any], one_run_only: None) -> Iterator[str]:
	"""This worker's throw-away site with ERPNext, order_review and the demo data, connected as Administrator."""
	before = Path.cwd()
	name = site_of(request.config)
	try:
		with aloud():
			snapshots.restore(snapshots.demo(), name)
		os.chdir(SITES)  # Frappe finds its logs from there
		_connect(name)
		yield name
	finally:
		_disconnect()
		os.chdir(before)
		with aloud():
			sites.drop(name)


def _connect(name: str) -> None:
	import frappe

	frappe.init(site=name, sites_path=str(SITES))
	frappe.connect()
	frappe.flags.in_test = True
	frappe.flags.mute_emails = True
	frappe.set_user("Administrator")


def _disconnect() -> None:
	import frappe

	if getattr(frappe.local, "db", None):
		frappe.destroy()


@pytest.fixture(scope="session")
def demo_site(site: str) -> str:
	"""The same site, for tests that say that they want its demo company, catalogue, users and orders."""
	return site


class Ground:
	"""What the tests of a module stand on: the site as it is, or with documents built once and kept by a savepoint."""

	def __init__(self) -> None:
		self._built: dict[Callable[[], Any], Any] = {}

	def once(self, build: Callable[[], Any]) -> Any:
		"""What ``build`` gives, built by the first test that asks and there for the module's others.

		A test that asks does so before it writes anything, and commits nothing.
		"""
		import frappe

		if build not in self._built:
			self._built[build] = build()
			frappe.set_user("Administrator")
			frappe.db.savepoint("ground")
		return self._built[build]

	def go_back(self) -> None:
		"""Undo what a test wrote."""
		import frappe

		if self._built:
			frappe.db.rollback(save_point="ground")
			frappe.cache.delete_keys("document_cache::")
			frappe.local.document_cache = {}
		else:
			frappe.db.rollback()

	def leave(self) -> None:
		"""Undo what was built, too."""
		import frappe

		self._built.clear()
		if getattr(frappe.local, "db", None):
			frappe.db.rollback()


@pytest.fixture(scope="module")
def ground(site: str) -> Iterator[Ground]:
	"""The ground of a module's tests."""
	kept = Ground()
	yield kept
	kept.leave()


@pytest.fixture
def untouched_site(site: str, ground: Ground) -> Iterator[str]:
	"""The site for one test: what the test wrote without committing is undone, and the user is Administrator."""
	import frappe

	if not getattr(frappe.local, "db", None):
		_connect(site)
	frappe.set_user("Administrator")
	yield site
	if not getattr(frappe.local, "db", None):
		_connect(site)
	ground.go_back()
	frappe.cache.delete_value(
		["roles", "user_permissions"]
	)  # what a test gave a user is undone, but still cached
	frappe.set_user("Administrator")
	frappe.local.lang = "en"
	frappe.clear_messages()


@pytest.fixture
def spare_site(aloud: Callable[[], Any], one_run_only: None) -> Iterator[Callable[[str], str]]:
	"""Makes further sites with ERPNext alone; they are dropped after the test."""
	made: list[str] = []

	def make(name: str) -> str:
		made.append(name)
		with aloud():
			snapshots.restore(snapshots.erpnext(), name)
		return name

	yield make
	with aloud():
		for name in made:
			sites.drop(name)


@pytest.fixture(scope="session")
def bench() -> Bench:
	"""Runs one bench command; it must succeed unless check=False is given."""

	def run_bench(
		*words: str, check: bool = True, text_input: str | None = None
	) -> subprocess.CompletedProcess[str]:
		done = subprocess.run(
			sites.bench_command(*words),
			cwd=SITES,
			env=command_environment(),
			input=text_input,
			capture_output=True,
			text=True,
			check=False,
		)
		if check:
			assert done.returncode == 0, (
				f"bench {' '.join(words)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
			)
		return done

	return run_bench


@pytest.fixture(scope="session")
def logins(demo_site: str) -> dict[str, dict[str, str]]:
	"""The demo users by role name: user and password."""
	# A role is written in both languages, "Salesperson 业务员"; its name is the part before the Chinese.
	found = sites.demo_logins(demo_site)
	return {re.split(r"\s+[^\x00-\x7f]", login["role"])[0]: login for login in found}


@pytest.fixture(scope="session")
def web_address(request: pytest.FixtureRequest, demo_site: str) -> Iterator[str]:
	"""The address of a real web server that serves the throw-away site."""
	number = worker_number(request.config)
	port = ports.first_free(FIRST_TEST_PORT + number * PORTS_EACH, set())
	command = [
		str(ENV / "bin" / "gunicorn"),
		f"--bind=127.0.0.1:{port}",
		"--workers=1",
		"--threads=4",
		f"--timeout={WEB_TIMEOUT}",
		"frappe.app:application_with_statics()",
	]
	with (LOGS / f"test-web{number or ''}.log").open("ab") as log:
		server = subprocess.Popen(command, cwd=SITES, env=command_environment(), stdout=log, stderr=log)
	try:
		_wait_until_it_serves(port, demo_site)
		yield f"http://{demo_site}:{port}"
	finally:
		server.terminate()
		server.wait(timeout=START_SECONDS)


def _wait_until_it_serves(port: int, site: str) -> None:
	end = time.monotonic() + START_SECONDS
	while time.monotonic() < end:
		connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
		try:
			connection.request("GET", "/api/method/ping", headers={"Host": site})
			if json.loads(connection.getresponse().read()) == {"message": "pong"}:
				return
		except (OSError, ValueError):
			time.sleep(0.2)
		finally:
			connection.close()
	pytest.fail("The web server of the throw-away site does not answer; see logs/test-web.log.")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
	"""One Chromium for the session."""
	from playwright.sync_api import expect, sync_playwright

	expect.set_options(timeout=PAGE_PATIENCE)
	program = debian.program("chromium", "chromium-browser", "google-chrome")
	assert program, "Chromium is not installed; make test as root installs it"
	sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=program, args=[*QUIET_BROWSER, *sandbox])
		yield browser
		browser.close()


@pytest.fixture
def open_browser(
	request: pytest.FixtureRequest, chromium: Browser, web_address: str
) -> Iterator[Callable[..., BrowserContext]]:
	"""Opens a browser of its own, of a desktop's size unless told otherwise; paths are relative to the site.

	Where the test is run a second time, what its browsers do is kept as a trace in build/traces/.
	"""
	opened: list[BrowserContext] = []
	again = getattr(request.node, "execution_count", 1) > 1

	def open_one(**wishes: Any) -> BrowserContext:
		usual = {"viewport": {"width": 1440, "height": 900}, "base_url": web_address}
		context = chromium.new_context(**(usual | wishes))
		context.set_default_timeout(PAGE_PATIENCE)
		if again:
			context.tracing.start(screenshots=True, snapshots=True)
		opened.append(context)
		return context

	yield open_one
	name = re.sub(r"[^\w-]+", "-", request.node.name)
	for number, context in enumerate(opened, 1):
		if again:
			context.tracing.stop(path=TRACES / f"{name}-{number}.zip")
		context.close()


@pytest.fixture
def page(open_browser: Callable[..., BrowserContext]) -> Page:
	"""A fresh page of a desktop's size, signed in by nobody."""
	return open_browser().new_page()


@pytest.fixture
def sign_in() -> Callable[[Page, str, str], None]:
	"""Signs a user in by the login form and waits until the Desk or the portal stands."""

	def fill_in_form(page: Page, user: str, password: str) -> None:
		page.goto("/login")
		page.fill("#login_email", user)
		page.fill("#login_password", password)
		page.click(".form-login .btn-login")
		page.wait_for_url(re.compile(r".*/(app|me|dealer|portal)\b.*"))

	return fill_in_form


@pytest.fixture
def take_picture() -> Callable[[Page, str], Path]:
	"""Keeps a picture of the page as build/screenshots/<name>.png."""

	def keep(page: Page, name: str) -> Path:
		PICTURES.mkdir(parents=True, exist_ok=True)
		file = PICTURES / f"{name}.png"
		page.screenshot(path=file)
		return file

	return keep
