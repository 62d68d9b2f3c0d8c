"""What a fresh PostgreSQL is prepared with, before the first migration."""

from datalab.catalog import SERVICES
from datalab.deploy.plan import Plan

INIT_SQL = "infrastructure/sql/init.sql"


def render_sql(plan: Plan) -> dict[str, str]:
    """A schema a service, and nothing for strangers. Run once, by the database's own set-up."""
    if not plan.has("postgres"):
        return {}
    schemas = "\n".join(f"CREATE SCHEMA IF NOT EXISTS {service};" for service in SERVICES)
    head = "-- Rendered from the topology by `datalab deploy render`; change the topology, not this file."
    return {INIT_SQL: f"{head}\nREVOKE ALL ON SCHEMA public FROM PUBLIC;\n{schemas}\n"}
