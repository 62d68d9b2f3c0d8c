"""Asking services what their OpenAPI documents allow and forbid, and holding their answers against these."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.e2e.known import BODIES, MEDIA, PASSWORD, QUERIES, Known
from tests.e2e.operations import document_path
from tests.e2e.shapes import Platform

from datalab.contracts.identity import Role

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDS_THE_TOKEN = {"log_out", "end_own_session"}


def _kept_connections() -> requests.Session:
    """A session that keeps connections and no cookies, as if each request came from somebody else."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.trust_env = False
    return session


@dataclass
class Campaign:
    """A filled platform, and which operations an administrator got a 2xx from, of those that were tried."""

    platform: Platform
    known: Known
    tried: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    session: requests.Session = field(default_factory=_kept_connections)
    _tokens: dict[Role, str] = field(default_factory=dict)
    _cases: dict[tuple[str, int], list[Case]] = field(default_factory=dict)

    def token(self, role: Role, operation: str = "") -> str:
        """An access token; a new one for an operation that ends the one it is called with."""
        if operation in ENDS_THE_TOKEN:
            return self._sign_in(role)
        if role not in self._tokens:
            self._tokens[role] = self._sign_in(role)
        return self._tokens[role]

    def cases(self, label: str, operation: Any, name: str, times: int) -> list[Case]:
        """What the operation is asked on each road and by each caller alike."""
        if (label, times) not in self._cases:
            self._cases[label, times] = cases(operation, name, self.known, times)
        return self._cases[label, times]

    def ask(self, service: str, road: str, role: Role, times: Callable[[str], int]) -> None:
        """Each operation of the service so many times: first as it likes it, then as its document allows and forbids."""
        document = httpx.get(f"{self.platform.urls[service]}{document_path(service)}", timeout=30).json()
        base = self.platform.url if road == "gateway" else self.platform.urls[service]
        wrong: list[str] = []
        for found in from_dict(document).get_all_operations():
            operation = found.ok()
            name = str(operation.definition.raw["operationId"])
            headers = {"Authorization": f"Bearer {self.token(role, name)}"}
            succeeded = False
            for case in self.cases(f"{service} {name}", operation, name, times(name)):
                answer = case.call(base_url=base, session=self.session, headers=headers, timeout=60)
                succeeded = succeeded or answer.status_code < 300
                try:
                    case.validate_response(answer, checks=CHECKS)
                except (AssertionError, schemathesis.errors.SchemathesisError, BaseExceptionGroup) as error:
                    wrong.append(f"{name}: {case.as_curl_command()[:500]}\n{error} {getattr(error, 'exceptions', '')}")
            if role is Role.ADMIN:
                self.tried.add(f"{service} {name}")
                self.reached |= {f"{service} {name}"} if succeeded else set()
        assert not wrong, f"{Counter(one.split(':')[0] for one in wrong)}\n" + "\n\n".join(wrong[:10])

    def _sign_in(self, role: Role) -> str:
        form = {"grant_type": "password", "username": f"fuzz-{role.value}", "password": PASSWORD}
        answer = httpx.post(f"{self.platform.url}/api/v1/auth/token", data=form, timeout=30)
        assert answer.is_success, answer.text
        return str(answer.json()["access_token"])


def cases(operation: Any, name: str, known: Known, times: int) -> list[Case]:
    """One that should succeed; then as many as ``times``, half of them of things that exist, some against the rules."""
    parameters = known.parameters(name, [one.name for one in operation.path_parameters])
    found, share = [_well_formed(operation, name, parameters)], (times + 3) // 4
    for fixed in ({}, parameters):
        against = _against(operation, fixed, share)
        found += _generated(operation, GenerationMode.POSITIVE, fixed, 2 * share - against)
        found += _generated(operation, GenerationMode.NEGATIVE, fixed, against) if against else []
    return found


def _against(operation: Any, fixed: dict[str, str], most: int) -> int:
    """How many ways against its rules are sought: in a path there is hardly one, and none in a mere text."""
    if any((operation.query, operation.headers, operation.cookies, operation.body)):
        return most
    free = [one.definition["schema"] for one in operation.path_parameters if one.name not in fixed]
    return int(any(schema.keys() - {"title", "type"} or schema["type"] != "string" for schema in free))


def _well_formed(operation: Any, name: str, parameters: dict[str, str]) -> Case:
    case = operation.Case(path_parameters=dict(parameters), query=dict(QUERIES.get(name, {})))
    if name in BODIES:
        case.body, case.media_type = BODIES[name], MEDIA.get(name, "application/json")
    return case


def _generated(operation: Any, mode: GenerationMode, fixed: dict[str, str], times: int) -> list[Case]:
    found: list[Case] = []

    @settings(
        max_examples=times,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode, path_parameters=fixed or None))
    def keep(case: Case) -> None:
        found.append(case)

    try:
        keep()
    except Unsatisfiable:
        return []  # an operation without parameters and body can't be asked against its rules
    return found
