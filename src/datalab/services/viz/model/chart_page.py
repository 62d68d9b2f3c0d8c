"""A chart as one HTML page that needs nothing else: the image first, then the script that lets it answer the pointer."""

import base64
import hashlib
from html import escape

import orjson

from datalab.contracts.viz import Spec
from datalab.services.viz.model.tokens import FONT, THEMES

PAGE_VERSION = "2"

# The expression interpreter (ast) does without eval, which the page's policy forbids.
_START = """
const spec = JSON.parse(document.getElementById("spec").textContent);
const options = {
  mode: "vega-lite", renderer: "svg", ast: true,
  actions: {export: true, source: false, compiled: false, editor: false},
};
const place = document.createElement("div");
vegaEmbed(place, spec, options).then(() => {
  const image = document.getElementById("chart");
  image.replaceChildren(place);
}).catch((error) => { document.getElementById("fault").textContent = "Shown as an image: " + error.message; });
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{theme}">
<title>{title}</title>
<style>
html {{ background: {surface}; color: {text}; font: 14px/20px {font}; }}
body {{ margin: 16px; }}
h1 {{ margin: 0 12px 4px; font-size: 14px; line-height: 20px; font-weight: 620; }}
#chart {{ overflow-x: auto; }}
#chart svg {{ max-width: none; }}
#fault {{ color: {second}; }}
</style>
</head>
<body>
<main>
{heading}<div id="chart" role="img" aria-label="{title}">{svg}</div>
<p id="fault" role="status"></p>
</main>
<script type="application/json" id="spec">{spec}</script>
<script>{script}</script>
<script>{start}</script>
</body>
</html>
"""


def chart_page(spec: Spec, svg: str, script: str, title: str, theme: str) -> str:
    """The page; ``title`` stands above the chart unless the spec has one of its own.

    ``svg`` is ours and ``script`` the library's; whatever else is in it comes from users and is escaped.
    """
    tokens = THEMES[theme]
    runnable = script.replace("</script", "<\\/script")
    return _PAGE.format(
        policy=_policy(runnable, _START),
        theme=theme,
        title=escape(title),
        heading="" if "title" in spec else f"<h1>{escape(title)}</h1>\n",
        surface=tokens.surface,
        text=tokens.text,
        second=tokens.second,
        font=FONT,
        svg=svg,
        spec=_json(spec),
        script=runnable,
        start=_START,
    )


def _policy(*scripts: str) -> str:
    """Only these scripts run, and nothing is fetched from anywhere."""
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:"


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(spec: Spec) -> str:
    """JSON that can't end the element it stands in."""
    return orjson.dumps(spec).decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
