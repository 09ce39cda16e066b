"""What is left in the queue of a site that was dropped ends no worker."""

from __future__ import annotations

from pathlib import Path

import frappe
import pytest
from frappe.utils.background_jobs import create_job_id, get_redis_conn
from rq import Queue
from rq.registry import StartedJobRegistry

from tools import queued_jobs
from tools.paths import SITES

pytestmark = pytest.mark.usefixtures("demo_site")
GONE = "gone-for-good.localhost"


def nobodys_queue() -> Queue:
	"""A queue that no worker of this machine takes jobs from."""
	return Queue("order-review-tests", connection=get_redis_conn())


@pytest.fixture
def begun_and_waiting() -> list[str]:
	"""Two jobs of a site that is not there any more: a worker died with one, the other waits."""
	assert not Path(SITES, GONE).exists()
	queue = nobodys_queue()
	begun, waiting = (
		queue.enqueue_call(
			"frappe.utils.background_jobs.execute_job",
			kwargs={"site": GONE, "method": "frappe.ping"},
			job_id=create_job_id(frappe.generate_hash()),
		)
		for _ in range(2)
	)
	StartedJobRegistry(queue=queue).add(begun, ttl=-1)
	queue.remove(begun)
	return [begun.id, waiting.id]


def test_jobs_of_a_site_that_is_gone_are_taken_away(begun_and_waiting: list[str]) -> None:
	queue = nobodys_queue()
	own = queue.enqueue_call(
		"frappe.utils.background_jobs.execute_job",
		kwargs={"site": frappe.local.site, "method": "frappe.ping"},
		job_id=create_job_id(frappe.generate_hash()),
	)
	assert queued_jobs.forget() >= 2
	left = [
		*queue.job_ids,
		*(name.decode() for name in queue.connection.zrange(f"rq:wip:{queue.name}", 0, -1)),
	]
	assert not set(left) & set(begun_and_waiting)
	assert own.id in left
	assert queued_jobs.forget(frappe.local.site) >= 1
	assert own.id not in queue.job_ids
	queue.delete()
