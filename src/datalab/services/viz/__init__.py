"""The visualization service: Vega-Lite charts over queries, drawn to images and placed on dashboards.

Owns saved charts and dashboards, what a spec may ask for, how charts look, and the cache of drawn images. Refuses to
load anything that a spec points to, to read data by any other way than the data service under the caller's own rights,
and to draw in the process that answers requests.
"""
