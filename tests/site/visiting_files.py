"""Uploads by real HTTP requests, as the Desk's upload dialog sends them."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from tests.site.visiting import Answer, Visitor

UPLOAD = "/api/method/upload_file"


def upload(visitor: Visitor, name: str, content: bytes, **fields: Any) -> Answer:
	"""Send a file with the fields of Frappe's upload function."""
	boundary = uuid4().hex
	parts = [
		f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
		for key, value in fields.items()
	]
	head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
	parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
	body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
	return visitor.send_raw("POST", UPLOAD, body, f"multipart/form-data; boundary={boundary}")


def uploaded(visitor: Visitor, name: str, content: bytes, **fields: Any) -> dict[str, Any]:
	"""The record of a file that was taken."""
	status, text = upload(visitor, name, content, **fields)
	assert status == 200, text
	record: dict[str, Any] = json.loads(text)["message"]
	return record
