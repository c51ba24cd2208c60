"""Reading an upload under limits of our own: what is too much is read off the line and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest


class Bounded(TemporaryFileUploadHandler):
    """Writes files to a temporary folder, never to memory, and of each no more than shows that it is too large.

    The files say their true size; one file more than allowed is kept, so that whoever counts them sees it.
    """

    def __init__(self, request: HttpRequest, *, files: int, each: int) -> None:
        super().__init__(request)
        self.files, self.each, self.seen = files, each, 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.seen += 1
        if self.seen > self.files + 1:
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= self.each:
            super().receive_data_chunk(raw_data, start)
