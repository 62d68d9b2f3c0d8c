"""The uploaded bytes and their format, from a raw body or the first file of a multipart form."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from datalab.contracts.data import DataFormat
from datalab.contracts.errors import MalformedInput, UnsupportedFormat
from datalab.services.data.model.formats import format_of_bytes, format_of_content, format_of_file

_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "zstd"})
_MAX_HEADERS = 16_384
_MAX_COLUMNS = 2**20
COLUMNS = b"columns"


@dataclass(frozen=True, slots=True)
class UploadBody:
    """What is uploaded."""

    format: DataFormat
    chunks: AsyncIterator[bytes]
    columns: str | None = None
    """What the form's field of that name says."""


async def upload_body(request: Request, stated: DataFormat | None) -> UploadBody:
    """The upload in the request; its format as ``stated``, else by media type, file name or first bytes.

    Raises:
        UnsupportedFormat: A media type or content encoding that isn't read here.
        MalformedInput: A multipart body without a file, or none that can be read.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise UnsupportedFormat(f"Content-Encoding {encoding[:40]!r} isn't read here; use gzip or zstd")
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith("multipart/"):
        form = FileInForm(request.stream(), content_type)
        first = await form.first()
        found = stated or format_of_content(form.media_type) or format_of_file(form.file_name) or format_of_bytes(first)
        return UploadBody(found, _joined(first, form.rest()), form.columns)
    stream = request.stream()
    first = await anext(stream, b"")
    while not first.strip() and (more := await anext(stream, b"")):
        first += more
    return UploadBody(stated or format_of_content(content_type) or format_of_bytes(first), _joined(first, stream))


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for chunk in rest:
        yield chunk


class FileInForm:
    """The first file of a multipart body, read as it arrives, and the field ``columns`` before it.

    What else comes before and after it is passed over.
    """

    def __init__(self, stream: AsyncIterator[bytes], content_type: str) -> None:
        self.media_type = ""
        self.file_name = ""
        self.columns: str | None = None
        self._stream = stream
        self._columns: bytearray | None = None
        self._ready: list[bytes] = []
        self._headers: dict[bytes, bytes] = {}
        self._field, self._value = b"", b""
        self._inside = self._found = self._ended = False
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise MalformedInput("Content-Type: multipart without a boundary")
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_field": self._on_field,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_part_end": self._on_end,
            },
        )

    async def first(self) -> bytes:
        """The file's first bytes. Raises MalformedInput when there is no file."""
        while not self._ready and not (self._found and self._ended) and await self._feed():
            pass
        if not self._found:
            raise MalformedInput("body: the form has no file; send the data as a part with a file name")
        return self._taken()

    async def rest(self) -> AsyncIterator[bytes]:
        """The bytes after :meth:`first`. Raises MalformedInput when the body ends within the file."""
        while True:
            piece = self._taken()
            if piece:
                yield piece
            if self._ended:
                await self._pass_over()
                return
            if not await self._feed():
                raise MalformedInput("body: the form ends within the file")

    async def _pass_over(self) -> None:
        while await self._feed():
            pass

    async def _feed(self) -> bool:
        chunk = await anext(self._stream, b"")
        if not chunk:
            return False
        try:
            self._parser.write(chunk)
        except MultipartParseError as error:
            raise MalformedInput(f"body: no readable form: {error}") from error
        return True

    def _taken(self) -> bytes:
        ready, self._ready = b"".join(self._ready), []
        return ready

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]
        self._check_size(self._field)

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._check_size(self._value)

    def _on_header(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def _on_headers(self) -> None:
        disposition, options = parse_options_header(self._headers.get(b"content-disposition"))
        if not self._found and disposition == b"form-data" and b"filename" in options:
            self._inside = self._found = True
            self.file_name = options[b"filename"].decode("utf-8", "replace")
            self.media_type = self._headers.get(b"content-type", b"").decode("latin-1")
        elif disposition == b"form-data" and options.get(b"name") == COLUMNS:
            if self._found:
                raise MalformedInput("body: the field columns must come before the file")
            self._columns = bytearray()
        self._headers = {}

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._inside:
            self._ready.append(bytes(data[start:end]))
        elif self._columns is not None:
            self._columns += data[start:end]
            if len(self._columns) > _MAX_COLUMNS:
                raise MalformedInput(f"body: the field columns is longer than {_MAX_COLUMNS:,} bytes")

    def _on_end(self) -> None:
        if self._inside:
            self._inside, self._ended = False, True
        elif self._columns is not None:
            self.columns, self._columns = self._columns.decode("utf-8", "replace"), None

    def _check_size(self, text: bytes) -> None:
        if len(text) > _MAX_HEADERS:
            raise MalformedInput("body: a header of the form is too long")
