"""Files: no way round the documents they hang on, and some stay as they are.

A signed copy and the evidence of a condition that is met are kept. For every other file, whoever asks and by
whatever path: a client names a file of this site only where they may read it; what lies where on the disk is the
server's to say; attaching, detaching, publishing, replacing and deleting need the right to write the document.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from binascii import Error as EncodingError
from collections.abc import Iterator
from contextlib import contextmanager
from struct import error as StructureError
from typing import Any

import frappe
from frappe import _
from frappe.core.api.file import get_max_file_size
from frappe.core.doctype.file.file import URL_PREFIXES, File
from frappe.core.doctype.file.utils import get_content_hash
from frappe.model.document import Document
from frappe.utils import cint, cstr, get_files_path
from PIL import Image, UnidentifiedImageError
from pypdf.errors import PyPdfError

from order_review.services import condition_evidence
from order_review.services.contracts import signed_file
from order_review.services.files import addresses, attach_fields, rights

FIXED = ("file_url", "file_name", "is_private", "attached_to_doctype", "attached_to_name", "content_hash")
"""Fields of a file that is kept; nothing of them changes."""

KEEPERS = (signed_file.refuse_kept, condition_evidence.refuse_kept)
"""What raises when a file is kept."""

SERVERS = (
	"file_url",
	"content_hash",
	"thumbnail_url",
	"is_folder",
	"is_home_folder",
	"is_attachments_folder",
)
"""Fields that say what lies where; only the server sets them."""

_BROKEN = (
	EncodingError,
	PyPdfError,
	UnidentifiedImageError,
	Image.DecompressionBombError,
	StructureError,
	SyntaxError,
	EOFError,
	RecursionError,
	zipfile.BadZipFile,
)
"""What libraries raise about content that is not what it says it is."""

_LARGEST_ARCHIVE = 20
"""How many files of the greatest size an archive may hold, unpacked."""

_WRITTEN, _MOVED_FROM, _REPLACES, _STATED = (
	f"order_review_{word}" for word in ("written", "moved_from", "replaces", "stated")
)
"""What is remembered of a file while it is saved; no client can send it."""


class NotAnImageError(frappe.ValidationError, TypeError, NotImplementedError):
	"""What is to be made smaller is no image."""


class KeptFile(File):
	"""A File; asked about before Frappe moves or deletes what is on the disk."""

	# --- making ---------------------------------------------------------------------------------------------

	def before_insert(self) -> None:
		"""Judge what a client says of a new file before Frappe reads or writes anything."""
		self._forget_servers_fields()
		if self.is_folder:
			super().before_insert()
			return
		self._check_source()
		self._check_place()
		self._keep_from_everybody()
		with _politely(self.file_name):
			super().before_insert()

	def _forget_servers_fields(self) -> None:
		self.flags[_STATED] = self.content_hash
		self.content_hash = None
		if self.content and addresses.is_local(
			self.file_url
		):  # a name that is wished for, no file that is there
			self.is_private = int(cstr(self.file_url).startswith(addresses.PRIVATE))
			self.file_name = self.file_name or os.path.basename(addresses.plain(self.file_url))
		if self.is_folder or self.content:
			self.file_url = ""
		if frappe.session.user != "Administrator":
			self.thumbnail_url = None
			self.is_home_folder = self.is_attachments_folder = 0

	def _check_source(self) -> None:
		"""There is content, or an address the user may name."""
		if self.content:
			return
		self.file_url = addresses.plain(self.file_url)
		if not self.file_url:
			_refuse(_("{0} is empty. Choose another file.").format(self.file_name or _("The file")))
		if not addresses.is_local(self.file_url):
			return
		addresses.check(self.file_url)
		if not (rights.may_name(self.file_url) or self._is_just_written()):
			frappe.throw(
				_("This file is not yours to use. Upload the file here."),
				frappe.PermissionError,
				title=_("Files of Documents"),
			)
		if not addresses.is_there(self.file_url):
			_refuse(
				_("The file {0} is not there any more. Upload it anew.").format(
					self.file_name or self.file_url
				)
			)

	def _is_just_written(self) -> bool:
		"""Whether code of the server wrote the content by itself: it knows its hash, and nobody has a record of it."""
		stated = self.flags.get(_STATED)
		if not (stated and self.flags.ignore_permissions and addresses.is_there(self.file_url)):
			return False
		with open(self.get_full_path(), "rb") as file:
			return stated == get_content_hash(file.read()) and not rights.sharing(self)

	def _check_place(self) -> None:
		"""The document a file is to hang on is the user's to write; services and web forms have asked before."""
		if not (self.flags.ignore_permissions or frappe.flags.in_web_form):
			rights.check_document(self.attached_to_doctype, self.attached_to_name)

	def _keep_from_everybody(self) -> None:
		"""Files of our documents are private; a page or a drawing with scripts is not put before everybody."""
		if rights.is_ours(self.attached_to_doctype) and (self.content or addresses.is_local(self.file_url)):
			if cstr(self.file_url).startswith(addresses.PUBLIC):
				_refuse(_("Everybody can open this file. Upload it here as a private one."))
			self.is_private = 1
		if self.content and not cint(self.is_private):
			self._refuse_active()

	def _refuse_active(self) -> None:
		"""Only publishers put before everybody what a browser runs in the name of this site."""
		if not frappe.request or _publishes():
			return
		if any(addresses.is_active(cstr(name)) for name in (self.file_name, self.file_url)):
			_refuse(
				_("{0} could run as a page of this site for everybody. Upload it as a private file.").format(
					self.file_name
				)
			)

	def set_file_name(self) -> None:
		"""Take off signs nobody sees, and what a disk does not take."""
		super().set_file_name()
		self.file_name = addresses.clean_name(cstr(self.file_name))
		if not self.file_name and not self.is_folder:
			_refuse(_("Give the file a name."))

	def save_file(
		self,
		content: bytes | str | None = None,
		decode: bool = False,
		ignore_existing_file_check: bool = False,
		overwrite: bool = False,
	) -> Any:
		"""Write the content; remembers what was written where, so that it is known from what a client says."""
		self.flags[_REPLACES] = overwrite and not self.flags.new_file
		with _politely(self.file_name):
			written = super().save_file(content, decode, ignore_existing_file_check, overwrite)
		self.flags[_WRITTEN] = (self.file_url, self.content_hash)
		return written

	def save_file_on_filesystem(self) -> Any:
		"""Write under a name that is free on the disk, and again only where the file itself lay."""
		if not (self.flags[_REPLACES] and self.file_url):
			name = addresses.free_name(self.file_name, (self.content_hash or "")[-6:], bool(self.is_private))
			self.file_url = (addresses.PRIVATE if self.is_private else addresses.PUBLIC) + name
		path = self.write_file()
		return {"file_name": os.path.basename(path), "file_url": self.file_url}

	def check_content(self) -> None:
		"""Refuse a PDF with scripts, and one nobody can open."""
		try:
			super().check_content()
		except (ValueError, KeyError, TypeError, AttributeError, IndexError):
			_refuse_broken(self.file_name)

	# --- changing -------------------------------------------------------------------------------------------

	def validate(self) -> None:
		"""Refuse to move, publish or exchange what is kept or not the user's."""
		stored = None if self.is_new() else self.get_doc_before_save()
		if stored:
			self._refuse_exchange(stored)
			self._check_new_place(stored)
			if any(self.has_value_changed(field) for field in FIXED):
				_refuse_kept(stored)
		super().validate()

	def _refuse_exchange(self, stored: File) -> None:
		"""What lies where on the disk changes by the server's own hand alone."""
		if frappe.session.user == "Administrator" or self.flags.get(_WRITTEN) == (
			self.file_url,
			self.content_hash,
		):
			return
		if any(_value(self, field) != _value(stored, field) for field in SERVERS):
			frappe.throw(
				_("A file is not exchanged for another one. Upload the new file and remove the old one."),
				frappe.PermissionError,
				title=_("Files of Documents"),
			)

	def _check_new_place(self, stored: File) -> None:
		place = ("attached_to_doctype", "attached_to_name")
		if any(_value(self, field) != _value(stored, field) for field in place):
			self._check_place()
		if self.is_folder or not addresses.is_local(self.file_url):
			return
		if rights.is_ours(self.attached_to_doctype) and not cint(self.is_private):
			if cint(stored.is_private):
				_refuse(_("Files of {0} are private.").format(_(self.attached_to_doctype)))
			self.is_private = 1
		if cint(stored.is_private) and not cint(self.is_private):
			self._refuse_active()

	def handle_is_private_changed(self) -> None:
		"""Move what is on the disk; what others use there, or where something lies already, is copied instead."""
		if self.is_remote_file:
			return
		folder = addresses.PRIVATE if cint(self.is_private) else addresses.PUBLIC
		target = get_files_path(os.path.basename(self.file_url), is_private=self.is_private)
		if self.file_url.startswith(folder) or not (os.path.exists(target) or self._is_used_by_others()):
			super().handle_is_private_changed()
			return
		self._copy_to(folder)

	def fetch_attached_to_field(self, old_file_url: str) -> bool:
		"""Frappe would write the new address into the document behind its back; see ``on_update``."""
		self.flags[_MOVED_FROM] = old_file_url
		return False

	def on_update(self) -> None:
		"""Tell the document where its file lies now, by its own save."""
		if before := self.flags.pop(_MOVED_FROM, None):
			attach_fields.follow(self, before)

	def _copy_to(self, folder: str) -> None:
		source, before = self.get_full_path(), self.file_url
		if not os.path.exists(source):
			_refuse(_("The file {0} is not there any more. Upload it anew.").format(self.file_name))
		name = addresses.free_name(os.path.basename(before), None, bool(cint(self.is_private)))
		target = get_files_path(name, is_private=self.is_private)
		shutil.copyfile(source, target)
		frappe.db.after_rollback.add(lambda: _remove(target))
		if not rights.sharing(self):
			frappe.db.after_commit.add(lambda: _remove(source))
		self.file_url = folder + name
		self.flags[_MOVED_FROM] = before

	def _is_used_by_others(self) -> bool:
		"""Whether another record of the same content is kept, hangs on a document of ours or is not the user's."""
		same = frappe.get_all(
			rights.FILE,
			filters={"content_hash": self.content_hash, "name": ["!=", self.name]},
			pluck="name",
		)
		others = {file.name: file for file in map(_file, same) if self.content_hash}
		others |= {file.name: file for file in rights.sharing(self)}
		return any(not _is_free(file) for file in others.values())

	@frappe.whitelist(methods=["POST"])
	def optimize_file(self) -> None:
		"""Make an image smaller, as it is stored; who does it may change it and every document that uses it."""
		self.reload()
		self.check_permission("write")
		_refuse_kept(self)
		if any(not _is_free(file) for file in rights.sharing(self)):
			_refuse(_("{0} is used by other documents as well and stays as it is.").format(self.file_name))
		try:
			super().optimize_file()
		except (AttributeError, NotImplementedError, TypeError):
			frappe.throw(
				_("{0} is no image that can be made smaller.").format(self.file_name),
				NotAnImageError,
				_("Files of Documents"),
			)

	def unzip(self) -> list[File]:
		"""Unpack an archive the user may change, unless it is broken or grows beyond measure."""
		self.check_permission("write")
		_refuse_kept(self)
		if cstr(self.file_url).endswith(".zip"):
			with _politely(self.file_name), zipfile.ZipFile(self.get_full_path()) as archive:
				size = sum(entry.file_size for entry in archive.filelist)
			if size > _LARGEST_ARCHIVE * get_max_file_size():
				_refuse(_("{0} is too large to be unpacked here.").format(self.file_name))
		unpacked: list[File] = super().unzip()
		return unpacked

	# --- reading --------------------------------------------------------------------------------------------

	def may_be_read(self) -> bool:
		"""Whether the session's user may read the file."""
		is_denied = rights.file_permission(self, "read") is False
		return not is_denied and bool(super().is_downloadable())

	def is_downloadable(self) -> bool:
		"""Whether the file is given out; by its own address alone, not by one the database takes for the same."""
		request = frappe.request
		if request and request.path.startswith(addresses.PRIVATE) and request.path != self.file_url:
			return False
		return not self.is_folder and self.may_be_read()

	def get_content(self) -> Any:
		"""The content; of what hangs nowhere or on our documents, to those who may read it."""
		if self._is_closed():
			frappe.throw(
				_("This file is not yours to use. Upload the file here."),
				frappe.PermissionError,
				title=_("Files of Documents"),
			)
		return super().get_content()

	def _is_closed(self) -> bool:
		"""Whether somebody asks for the stored content of another's file; Frappe's readers of sheets ask for no right."""
		if not frappe.request or self.get("content") or self.is_new() or self.flags.in_insert:
			return False
		is_watched = not self.attached_to_name or rights.is_ours(self.attached_to_doctype)
		return is_watched and frappe.session.user != "Administrator" and not self.may_be_read()

	def get_full_path(self) -> str:
		"""Where the file lies; never outside the two folders of files."""
		path: str = super().get_full_path()
		is_elsewhere = path.startswith(URL_PREFIXES)
		if not is_elsewhere and (
			cstr(self.file_url).startswith(URL_PREFIXES) or not addresses.is_inside(path)
		):
			addresses.refuse(self.file_url or self.file_name)
		return path

	# --- deleting -------------------------------------------------------------------------------------------

	def on_trash(self) -> None:
		"""Refuse to delete what is kept."""
		_refuse_kept(self)
		super().on_trash()

	def _delete_file_on_disk(self) -> None:
		"""Delete what is on the disk, unless another record lies there as well."""
		if self.is_folder or not rights.sharing(self):
			super()._delete_file_on_disk()


def _publishes() -> bool:
	"""Whether the session's user puts pages before everybody."""
	user = frappe.session.user
	return user == "Administrator" or not addresses.PUBLISHERS.isdisjoint(frappe.get_roles(user))


def _is_free(file: File) -> bool:
	"""Whether a record may change with another one of the same content."""
	if rights.is_ours(file.attached_to_doctype):
		return False
	return frappe.session.user == "Administrator" or bool(
		frappe.has_permission(file.doctype, "write", doc=file)
	)


def _file(name: str) -> File:
	return frappe.get_doc(rights.FILE, name)


def _value(file: Document, field: str) -> str | int:
	return cint(file.get(field)) if field.startswith("is_") else cstr(file.get(field))


def _refuse_kept(file: File) -> None:
	for keeper in KEEPERS:
		keeper(file)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Files of Documents"))


def _refuse_broken(name: str | None) -> None:
	_refuse(
		_("{0} cannot be opened; it is damaged. Save it anew and upload it again.").format(
			name or _("The file")
		)
	)


@contextmanager
def _politely(name: str | None) -> Iterator[None]:
	"""Say in words that content is broken."""
	try:
		yield
	except _BROKEN:
		_refuse_broken(name)


def _remove(path: str) -> None:
	if os.path.exists(path):
		os.remove(path)
