"""nginx and HAProxy themselves read what is rendered for them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.deploy.bare.programs import judged

from datalab.deploy.apply.certificate import ensure_certificate
from datalab.deploy.choices import Choices
from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.renderers.bare_host import Host
from datalab.deploy.renderers.haproxy import render_direct_haproxy, render_haproxy
from datalab.deploy.renderers.nginx import render_direct_nginx
from datalab.kernel.testing.ports import free_port


@pytest.fixture(autouse=True)
def certificate(host: Host) -> None:
    folder = Path(host.certificates)
    ensure_certificate(folder, "localhost")
    (folder / "fullchain.pem.key").symlink_to("privkey.pem")


@pytest.fixture
def nginx(decided: Plan, host: Host, tmp_path: Path) -> Callable[[str, str], tuple[bool, str]]:
    """Judges the configuration with one text in place of another."""
    (text,) = render_direct_nginx(decided, host).values()
    for port in ("80", "443"):
        text = text.replace(f"listen {port} ", f"listen 127.0.0.1:{free_port()} ")
    for folder in ("/var/log/nginx", "/run"):
        text = text.replace(f" {folder}/", f" {tmp_path}/")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    text = text.replace("user www-data;", "").replace("http {", f"http {{ {scratch}", 1)

    def judge(right: str = "", wrong: str = "") -> tuple[bool, str]:
        conf = tmp_path / "nginx.conf"
        conf.write_text(text.replace(right, wrong) if right else text)
        return judged("nginx", "-t", "-c", conf, "-e", tmp_path / "error.log")

    return judge


@pytest.fixture(params=["containers", "bare host"])
def haproxy(
    request: pytest.FixtureRequest, decided: Plan, host: Host, tmp_path: Path
) -> Callable[[str, str], tuple[bool, str]]:
    """Judges one of its configurations with one text in place of another."""
    rendered = render_haproxy(decided) if request.param == "containers" else render_direct_haproxy(decided, host)
    (text,) = rendered.values()
    text = text.replace(" crt /tls/", f" crt {host.certificates}/")

    def judge(right: str = "", wrong: str = "") -> tuple[bool, str]:
        conf = tmp_path / "haproxy.cfg"
        conf.write_text(text.replace(right, wrong) if right else text)
        return judged("haproxy", "-c", "-f", conf)

    return judge


def test_nginx_takes_the_configuration(nginx: Callable[..., tuple[bool, str]]) -> None:
    content, said = nginx()

    assert content, said


@pytest.mark.parametrize(
    ("right", "wrong"), [("zone=api ", "zone=nowhere "), ("http://gateway;", "http://nobody.invalid;")]
)
def test_nginx_finds_what_is_wrong(nginx: Callable[..., tuple[bool, str]], right: str, wrong: str) -> None:
    content, _ = nginx(right, wrong)

    assert not content


def test_haproxy_takes_the_configuration(haproxy: Callable[..., tuple[bool, str]]) -> None:
    content, said = haproxy()

    assert content, said
    assert "WARNING" not in said


@pytest.mark.parametrize(
    ("right", "wrong"), [("default_backend gateway", "default_backend nobody"), ("alpn h2", "alpm h2")]
)
def test_haproxy_finds_what_is_wrong(haproxy: Callable[..., tuple[bool, str]], right: str, wrong: str) -> None:
    content, _ = haproxy(right, wrong)

    assert not content


def test_a_second_instance_is_nginxs_reserve(decided: Plan) -> None:
    (text,) = render_direct_nginx(decided).values()

    assert "server 127.0.0.1:8000 max_fails=0;" in text
    assert "server 127.0.0.1:8010 max_fails=0 backup;" in text


def test_rates_and_sizes_are_the_operators() -> None:
    choices = Choices.model_validate(
        {"edge": {"rate_limit": 7, "rate_limit_burst": 21, "sign_in_rate_limit": 2, "sign_in_rate_limit_burst": 5}}
    )
    (text,) = render_direct_haproxy(plan(Profile.PRODUCTION, choices)).values()

    assert "store gpc0_rate(3000)" in text
    assert "store gpc0_rate(2500)" in text
    assert "sc1_gpc0_rate ge 21" in text
    assert "sc0_gpc0_rate ge 5" in text
