"""What the app adds to a site besides its DocTypes; one list serves install, migrate and uninstall."""

from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import UnsupportedVersionError

from . import names
from .custom_fields import remove_custom_fields, sync_custom_fields
from .leftovers import remove_leftovers
from .process_settings import seed_process_settings
from .review_reasons import seed_review_reasons
from .roles import remove_roles, sync_roles
from .training_plan import seed_training_plan
from .workflows import remove_workflows, sync_workflows

SUPPORTED = {"frappe": 15, "erpnext": 15}
"""Major versions the app is made for."""


def check_versions() -> None:
	"""Raise UnsupportedVersionError when Frappe or ERPNext is not of the supported line."""
	for app, major in SUPPORTED.items():
		version = frappe.get_attr(f"{app}.__version__")
		if int(version.split(".")[0]) != major:
			frappe.throw(
				_(
					"Order Review needs {0} version {1}; version {2} is installed. Switch the app to its version-{1} branch."
				).format(app, major, version),
				title=_("Unsupported Version"),
				exc=UnsupportedVersionError,
			)


def sync() -> None:
	"""Add or bring up to date roles, custom fields and workflows; changes made by users are kept."""
	names.remember()
	sync_roles()
	sync_custom_fields()
	sync_workflows()
	names.remember()


def seed() -> None:
	"""Fill settings that are still empty with the supplied defaults."""
	seed_process_settings()
	seed_review_reasons()
	seed_training_plan()


def remove() -> None:
	"""Take away what the app added outside its own modules."""
	remove_workflows(names.is_shared)
	remove_custom_fields()
	remove_roles()
	remove_leftovers()
	names.forget()
	frappe.clear_cache()
