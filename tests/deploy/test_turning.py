"""The edge is told where a service's instances are, and never knows of none."""

from pathlib import Path

from tests.deploy.fake_engine import ADDRESS, Engine

from datalab.deploy.apply.compose.docker_compose import DockerCompose
from datalab.deploy.apply.compose.rolling import Rolling
from datalab.deploy.apply.compose.turning import Edge
from datalab.deploy.plan import Profile, plan

GATEWAY = next(each for each in plan(Profile.PRODUCTION).components if each.name == "api-gateway")


def test_a_name_is_looked_up_beside_the_addresses_before_it_stands_alone():
    engine = Engine(GATEWAY.name)
    stack = DockerCompose(engine, Path(), "docker-compose.prod.yml", "lab", "1")
    Rolling(engine, stack, Edge(stack), lambda _: None).bring(GATEWAY)
    by_address, by_name = f"server {ADDRESS}:8000 max_fails=0;\n", "server api-gateway:8000 resolve max_fails=0;\n"
    assert [each.text for each in engine.changes if each.text] == [by_address + by_name, by_name]
