"""Jobs in the queue whose site is gone: no worker can take them, and one that tidies up after them ends itself."""

from __future__ import annotations

from typing import Any

from tools import ports
from tools.paths import SITES


def forget(site: str = "") -> int:
	"""Take away jobs that no site waits for any more, waiting or begun.

	:param site: a site whose jobs all go; without one the jobs of all sites that have no folder.
	:returns: how many were taken away; nought too where the queue's server does not run.
	"""
	import redis  # type: ignore[import-untyped]  # with rq in env/ alone, which this is run by
	from rq import Queue
	from rq.job import Job

	connection = redis.Redis(port=ports.read()["redis_queue"], socket_timeout=10)
	try:
		jobs = [
			job
			for queue in Queue.all(connection=connection)
			for job in Job.fetch_many(_job_ids(queue), connection=connection)
		]
	except redis.ConnectionError:
		return 0
	gone = [job for job in jobs if job and _is_gone(str(job.kwargs.get("site")), site)]
	for job in gone:
		job.delete()
	return len(gone)


def _is_gone(owner: str, site: str) -> bool:
	return owner == site if site else not (SITES / owner).is_dir()


def _job_ids(queue: Any) -> list[str]:
	registries = (
		queue.started_job_registry,
		queue.failed_job_registry,
		queue.finished_job_registry,
		queue.deferred_job_registry,
		queue.scheduled_job_registry,
	)
	kept = (queue.connection.zrange(registry.key, 0, -1) for registry in registries)
	return [*queue.job_ids, *(name.decode() for names in kept for name in names)]
