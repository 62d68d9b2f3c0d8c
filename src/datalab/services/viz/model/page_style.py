"""The look of a dashboard page, made of the platform's tokens."""

from datalab.services.viz.model.grid import COLUMNS, GAP, NARROW_BELOW, PAGE_WIDTH, ROW
from datalab.services.viz.model.tokens import DARK, FONT, LIGHT, Tokens

_STACKED_BELOW = 900


def _variables(tokens: Tokens) -> str:
    return (
        f"--background:{tokens.background};--surface:{tokens.surface};--line:{tokens.line};--text:{tokens.text};"
        f"--second:{tokens.second};--bad:{tokens.bad};--bad-soft:{tokens.bad_soft};--sunken:{tokens.sunken};"
        f"--accent:{tokens.accent}"
    )


STYLE = f"""
:root {{ {_variables(LIGHT)}; color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; padding: 24px 28px 40px; background: var(--background); color: var(--text);
  font: 14px/20px {FONT}; font-variant-numeric: tabular-nums; }}
header, main {{ max-width: {PAGE_WIDTH}px; margin-inline: auto; }}
header {{ margin-bottom: 20px; }}
h1 {{ margin: 0; font-size: 20px; line-height: 28px; font-weight: 640; overflow-wrap: anywhere; }}
header p {{ margin: 0; color: var(--second); }}
main {{ display: grid; grid-template-columns: repeat({COLUMNS}, minmax(0, 1fr)); grid-auto-rows: {ROW}px;
  gap: {GAP}px; }}
.tile {{ margin: 0; display: flex; flex-direction: column; min-width: 0; overflow: hidden;
  grid-column: var(--column) / span var(--width); grid-row: var(--row) / span var(--height);
  background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }}
figcaption {{ flex: none; padding: 11px 15px; border-bottom: 1px solid var(--line); font-weight: 620;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }}
.picture {{ flex: 1; min-height: 0; padding: 15px; display: none; }}
.picture svg {{ display: block; width: 100%; height: 100%; }}
.fault {{ margin: 15px; padding: 11px 15px; border-radius: 6px; background: var(--bad-soft); color: var(--bad);
  overflow: auto; overflow-wrap: anywhere; }}
.fault p {{ margin: 2px 0 0; color: var(--text); }}
.text {{ display: block; padding: 11px 15px; overflow: auto; overflow-wrap: anywhere; }}
.text > :first-child {{ margin-top: 0; }}
.text > :last-child {{ margin-bottom: 0; }}
.text :is(h1, h2, h3, h4, h5, h6) {{ margin: 16px 0 4px; font-size: 14px; line-height: 20px; font-weight: 640; }}
.text h1 {{ font-size: 18px; line-height: 24px; }}
.text :is(p, ul, ol, table, blockquote) {{ margin: 8px 0; }}
.text a {{ color: var(--accent); }}
.text :is(th, td) {{ padding: 4px 12px 4px 0; text-align: left; border-bottom: 1px solid var(--line); }}
.empty {{ grid-column: 1 / -1; padding: 32px 0; color: var(--second); }}
.empty h2 {{ margin: 0 0 4px; font-size: 14px; color: var(--text); }}
code {{ font: 12.5px 'JetBrains Mono', ui-monospace, monospace; background: var(--sunken); padding: 1px 4px;
  border-radius: 4px; }}
.picture.light.wide {{ display: block; }}
@media (max-width: {_STACKED_BELOW - 1}px) {{
  main {{ display: flex; flex-wrap: wrap; }}
  .tile {{ flex: 1 1 100%; }}
  .tile.small {{ flex-basis: 40%; }}
  .picture {{ overflow-x: auto; }}
  .picture svg {{ height: auto; min-width: calc(var(--natural) / 2); max-width: calc(var(--natural) * 1.5); }}
}}
@media (max-width: {NARROW_BELOW - 1}px) {{
  body {{ padding: 16px 16px 28px; }}
  .tile.small {{ flex-basis: 100%; }}
  .picture.light.wide {{ display: none; }}
  .picture.light.narrow {{ display: block; }}
}}
@media (prefers-color-scheme: dark) {{
  :root {{ {_variables(DARK)}; color-scheme: dark; }}
  .picture.light.light {{ display: none; }}
  .picture.dark.wide {{ display: block; }}
}}
@media (prefers-color-scheme: dark) and (max-width: {NARROW_BELOW - 1}px) {{
  .picture.dark.wide {{ display: none; }}
  .picture.dark.narrow {{ display: block; }}
}}
@media print {{
  @page {{ margin: 12mm; }}
  :root {{ {_variables(LIGHT)}; color-scheme: light; }}
  body {{ padding: 0; background: none; }}
  .tile {{ break-inside: avoid; }}
  .picture.dark.dark, .picture.light.narrow {{ display: none; }}
  .picture.light.light.wide {{ display: block; }}
}}
"""
"""The page's style sheet. Where a media query must win over an earlier one, it repeats a class."""
