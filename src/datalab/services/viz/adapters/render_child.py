"""Drawing with vl-convert. Runs in a confined process of the pool, never in the one that answers requests.

vl-convert holds the interpreter's lock while it draws and can't be interrupted, so whoever calls this kills the process
at its deadline. Times are drawn in UTC.
"""

import os
import re
import time
from typing import Any, cast

os.environ["TZ"] = "UTC"
time.tzset()

import vl_convert as _untyped_converter  # noqa: E402 # V8 reads the time zone when it is loaded

from datalab.contracts.viz import ImageFormat, SpecRefused  # noqa: E402
from datalab.kernel.pool.channel import Channel  # noqa: E402
from datalab.services.viz.model.svg import check_image  # noqa: E402

_converter = cast("Any", _untyped_converter)
_PIXELS_PER_INCH = 72
_SHOWN = 500
_FIRST = {"mark": "point", "data": {"values": [{"x": 1}]}, "encoding": {"x": {"field": "x", "type": "quantitative"}}}
_ERROR = re.compile(r"^\s*(?:Uncaught )?(\w*Error): (.*)$", re.MULTILINE)


def draw(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Send the image of ``spec`` as ``format`` at ``scale``; gives the number of its bytes.

    Raises:
        SpecRefused: Vega-Lite can't make a chart of the spec; with its own words.
    """
    svg = _svg(arguments["spec"], arguments["vega_lite"])
    check_image(svg, arguments["scale"])
    image = svg.encode()
    if arguments["format"] == ImageFormat.PNG:
        image = cast("bytes", _converter.svg_to_png(svg, scale=arguments["scale"], ppi=_PIXELS_PER_INCH))
    channel.send(image)
    return {"bytes": len(image)}


def script(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Send the JavaScript that shows charts of one Vega-Lite release in a page that loads nothing."""
    text = cast("str", _converter.javascript_bundle(vl_version=arguments["vega_lite"]))
    channel.send(text.encode())
    return {"bytes": len(text)}


def warm(_arguments: Any, _channel: Channel) -> None:
    """Draw something, so that the first chart finds everything loaded."""
    _svg(_FIRST, None)


def _svg(spec: Any, vega_lite: str | None) -> str:
    try:
        svg = cast("str", _converter.vegalite_to_svg(spec, vl_version=vega_lite, allowed_base_urls=[]))
    except (ValueError, RuntimeError) as error:
        raise SpecRefused(f"spec: Vega-Lite can't draw it: {_reason(str(error))}") from error
    return svg


def _reason(message: str) -> str:
    """What the library says, without its stack."""
    found = _ERROR.search(message)
    if found is None:
        return message.strip().split("\n")[0][:_SHOWN]
    kind, text = found.groups()
    if kind == "Error":
        return text[:_SHOWN]
    return f"{text[:_SHOWN]} ({kind}; most likely a part of the spec is missing or misspelt)"
