"""Where a page of jobs goes on."""

import base64
import binascii
import re

from datalab.contracts.errors import InvalidInput

_ID = re.compile(r"[0-9a-f-]{36}")


def encode_cursor(job_id: str) -> str:
    """The cursor after this job."""
    return base64.urlsafe_b64encode(job_id.encode()).decode()


def decode_cursor(cursor: str) -> str:
    """The job after which the page begins. Raises InvalidInput for what no page gave."""
    try:
        job_id = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, UnicodeError) as error:
        raise InvalidInput("cursor: give back next_cursor of the page before, unchanged") from error
    if not _ID.fullmatch(job_id):
        raise InvalidInput("cursor: give back next_cursor of the page before, unchanged")
    return job_id
