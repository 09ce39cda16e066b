"""Addresses and names of files: what a client may name at all, and what may lie open to everybody."""

from __future__ import annotations

import mimetypes
import os
import re
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.core.doctype.file.utils import generate_file_name
from frappe.utils import get_files_path, get_url

PUBLIC, PRIVATE = "/files/", "/private/files/"
REMOTE = ("http://", "https://", "/api/method/")
"""How the address of something begins that lies elsewhere."""

PUBLISHERS = frozenset({"System Manager", "Website Manager"})
"""Roles that put pages and drawings before everybody."""

LONGEST_NAME = 120
LONGEST_BYTES = 200
"""Letters and bytes of a file's name: a disk takes 255 bytes, and a suffix may follow."""

_ACTIVE_TYPES = ("html", "xml", "svg", "javascript", "xslt")
_ACTIVE_ENDINGS = frozenset(
	".htm .html .xhtml .xht .shtml .svg .svgz .xml .xsl .xslt .rdf .mht .mhtml .hta .swf".split()
)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_ON_DISK = re.compile(r"[/\\%?#]")


def is_local(address: str | None) -> bool:
	"""Whether an address names a file of this site."""
	return bool(address) and not str(address).startswith(REMOTE)


def plain(address: str | None) -> str:
	"""An address as the file is found by it: nothing of it encoded, and without the name of this site."""
	text = str(address or "")
	while text != (decoded := unquote(text)):
		text = decoded
	site = get_url()
	if text.startswith(site) and PUBLIC in text:
		text = text.removeprefix(site)
	return text


def check(address: str) -> None:
	"""Raise ValidationError unless a local address leads into one of the two folders of files."""
	folder = next((start for start in (PUBLIC, PRIVATE) if address.startswith(start)), None)
	is_plain = not (_UNSEEN.search(address) or "\\" in address or ".." in address.split("/"))
	if folder is None or not is_plain or not is_inside(_on_disk(address)):
		refuse(address)


def refuse(address: str | None) -> None:
	"""Raise ValidationError: an address leads nowhere a file of this site lies."""
	frappe.throw(
		_("{0} is not the address of a file here. Upload the file, or choose it from the library.").format(
			frappe.utils.escape_html(str(address or "")[:LONGEST_NAME])
		),
		title=_("Files of Documents"),
	)


def is_inside(path: str) -> bool:
	"""Whether a path on the disk lies in one of the two folders of files."""
	real = os.path.realpath(path)
	folders = (os.path.realpath(get_files_path(is_private=private)) for private in (0, 1))
	return any(real != folder and os.path.commonpath((real, folder)) == folder for folder in folders)


def is_there(address: str) -> bool:
	"""Whether the file of a local address lies on the disk."""
	return os.path.isfile(_on_disk(address))


def _on_disk(address: str) -> str:
	is_private = address.startswith(PRIVATE)
	return str(
		get_files_path(
			*address.removeprefix(PRIVATE if is_private else PUBLIC).split("/"), is_private=is_private
		)
	)


def is_active(name: str) -> bool:
	"""Whether a browser may run what stands in a file of this name, in the name of this site."""
	kind = mimetypes.guess_type(name)[0] or ""
	return os.path.splitext(name)[1].lower() in _ACTIVE_ENDINGS or is_active_type(kind)


def is_active_type(kind: str) -> bool:
	"""Whether a browser runs content of a type."""
	return any(word in kind.split(";")[0] for word in _ACTIVE_TYPES) and "openxml" not in kind


def clean_name(name: str) -> str:
	"""A file's name without signs nobody sees, short enough for a disk; its ending stays."""
	stem, ending = os.path.splitext(_UNSEEN.sub("", name).strip())
	ending = ending[:20]
	stem = stem[: LONGEST_NAME - len(ending)]
	while len((stem + ending).encode()) > LONGEST_BYTES:
		stem = stem[:-1]
	return stem + ending


def free_name(name: str, suffix: str | None, is_private: bool) -> str:
	"""A name under which nothing lies on the disk yet."""
	safe = _NOT_ON_DISK.sub("_", name)
	return str(generate_file_name(name=safe, suffix=suffix, is_private=is_private))
