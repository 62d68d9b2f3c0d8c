"""Which Vega-Lite a spec is written for."""

import re

from datalab.contracts.viz import Spec

DRAWN = {"5": "5.21", "6": "6.4"}
NEWEST = DRAWN["6"]
_SCHEMA = re.compile(r"https?://vega\.github\.io/schema/(vega|vega-lite)/v(\d+)[\w.-]*\.json")


def version_of(spec: Spec) -> str:
    """The release that draws this spec, by its ``$schema``; the newest when it names none that is drawn."""
    found = _SCHEMA.fullmatch(str(spec.get("$schema", "")))
    return DRAWN.get(found.group(2), NEWEST) if found else NEWEST


def schema_fault(spec: Spec) -> str | None:
    """What is wrong with ``$schema``, if anything."""
    if "$schema" not in spec:
        return None
    found = _SCHEMA.fullmatch(str(spec["$schema"]))
    if found is None:
        return "is no schema of Vega-Lite; leave it out or write https://vega.github.io/schema/vega-lite/v6.json"
    if found.group(1) == "vega":
        return "this is a Vega spec; charts are written in Vega-Lite"
    if found.group(2) not in DRAWN:
        return f"version {found.group(2)} isn't drawn here; versions {' and '.join(DRAWN)} are"
    return None
