"""The .env of a deployment: made whole, never made anew, read by nobody else."""

import stat
from pathlib import Path

from pydantic import SecretStr

from datalab.deploy.environment import parsed, secret_names
from datalab.deploy.plan import Profile, plan
from datalab.host.deployment import complete_environment
from datalab.services.gateway.model.service_secret import service_secret

PLAN = plan(Profile.PRODUCTION)


def test_every_secret_is_made_once_and_kept(tmp_path: Path):
    path = tmp_path / ".env"
    assert set(complete_environment(path, PLAN)) == set(secret_names(PLAN))
    first = parsed(path.read_text())
    assert complete_environment(path, PLAN) == ()
    assert parsed(path.read_text()) == first
    assert all(len(first[name]) >= 32 for name in secret_names(PLAN))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_the_operator_set_stays_and_credentials_follow_from_it(tmp_path: Path):
    path = tmp_path / ".env"
    secret = "s" * 40
    path.write_text(f'# ours\nexport JWT_SECRET="{secret}"\nLOG_LEVEL=debug\n')
    complete_environment(path, PLAN)
    values = parsed(path.read_text())
    assert (values["JWT_SECRET"], values["LOG_LEVEL"]) == (secret, "debug")
    assert values["DATA_SERVICE_SECRET"] == service_secret(SecretStr(secret), "data").get_secret_value()
