"""How an operation is called with curl, in Python and in JavaScript, as whole programs.

Each takes the platform's address and the credential from ``DATALAB_URL`` and ``DATALAB_TOKEN``.
"""

import json
import shlex
from typing import Any

from datalab.services.gateway.model.api_document import Document, operations
from datalab.services.gateway.model.client_calls import CLIENT_CALLS
from datalab.services.gateway.model.example_request import JSON, ExampleRequest, example_request

SAMPLES_KEY = "x-codeSamples"


def with_samples(document: Document) -> dict[str, Any]:
    """The document with samples at each operation."""
    paths = {path: dict(item) for path, item in document["paths"].items()}
    for path, verb, operation in operations(document):
        request = example_request(path, verb, operation, document["components"])
        paths[path][verb] = {**operation, SAMPLES_KEY: samples(request, operation.get("operationId", ""))}
    return {**document, "paths": paths}


def samples(request: ExampleRequest, operation_id: str) -> list[dict[str, str]]:
    """The programs by language."""
    call = CLIENT_CALLS.get(operation_id)
    python = _with_client(call.format(**request.values)) if call is not None else _with_httpx(request)
    return [
        {"lang": "Shell", "label": "curl", "source": _curl(request)},
        {"lang": "Python", "label": "Python", "source": python},
        {"lang": "JavaScript", "label": "JavaScript", "source": _fetch(request)},
    ]


def _curl(request: ExampleRequest) -> str:
    lines = [
        f'curl --fail-with-body --silent --show-error --request {request.verb} "$DATALAB_URL"{_shell(request.path)}'
    ]
    if request.needs_token:
        lines.append('--header "Authorization: Bearer $DATALAB_TOKEN"')
    if request.media is not None:
        lines.append(f"--header {_shell(f'Content-Type: {request.media}')}")
        lines.append(f"--data-binary {_shell(_sent(request))}")
    if not request.gives_text:
        lines.append("--output answer")
    return " \\\n  ".join(lines) + "\n"


def _with_client(call: str) -> str:
    return f"from datalab import Client\n\nwith Client() as client:\n    print({call})\n"


def _with_httpx(request: ExampleRequest) -> str:
    arguments = [repr(request.verb), f'os.environ["DATALAB_URL"] + {request.path!r}']
    headers: list[str] = []
    if request.needs_token:
        headers.append('"Authorization": "Bearer " + os.environ["DATALAB_TOKEN"]')
    if request.media == JSON:
        arguments.append(f"json={request.body!r}")
    elif request.media is not None:
        headers.append(f'"Content-Type": {request.media!r}')
        arguments.append(f"content={_sent(request)!r}")
    if headers:
        arguments.append(f"headers={{{', '.join(headers)}}}")
    given = "".join(f"    {argument},\n" for argument in arguments)
    shown = "response.text" if request.gives_text else "len(response.content)"
    return (
        f"import os\n\nimport httpx\n\nresponse = httpx.request(\n{given})\n"
        f"response.raise_for_status()\nprint({shown})\n"
    )


def _fetch(request: ExampleRequest) -> str:
    headers: list[str] = []
    if request.needs_token:
        headers.append("Authorization: `Bearer ${process.env.DATALAB_TOKEN}`")
    if request.media is not None:
        headers.append(f'"Content-Type": {json.dumps(request.media)}')
    options = [f"method: {json.dumps(request.verb)}"]
    if headers:
        options.append(f"headers: {{ {', '.join(headers)} }}")
    if request.media == JSON:
        options.append(f"body: JSON.stringify({json.dumps(request.body)})")
    elif request.media is not None:
        options.append(f"body: {json.dumps(_sent(request))}")
    given = "".join(f"  {option},\n" for option in options)
    shown = "await response.text()" if request.gives_text else "(await response.arrayBuffer()).byteLength"
    return (
        f"const response = await fetch(process.env.DATALAB_URL + {json.dumps(request.path)}, {{\n{given}}});\n"
        "if (!response.ok) throw new Error(await response.text());\n"
        f"console.log({shown});\n"
    )


def _sent(request: ExampleRequest) -> str:
    return request.body if isinstance(request.body, str) else json.dumps(request.body)


def _shell(text: str) -> str:
    return shlex.quote(text)
