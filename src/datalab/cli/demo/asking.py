"""Step: a question in SQL over a join."""

from datalab.cli.demo.checks import KNOWN_ARRIVALS, WORST_AIRLINES, expect, expect_close
from datalab.cli.demo.report import Figures, Report
from datalab.client.synchronous import Client

QUESTION = """\
SELECT a.name AS airline,
       count(*) AS flights,
       count(*) FILTER (WHERE f.arr_delay > 15) AS late,
       round(avg(f.arr_delay), 2) AS mean_delay
FROM flights f JOIN airlines a ON a.carrier = f.carrier
WHERE f.arr_delay IS NOT NULL
GROUP BY a.name
ORDER BY mean_delay DESC"""


def ask_about_delays(client: Client, report: Report) -> Figures:
    """Which airlines came latest?"""
    rows = client.query(QUESTION).to_dicts()
    expect("airlines in the answer", len(rows), 16)
    expect("flights in the answer", sum(row["flights"] for row in rows), KNOWN_ARRIVALS)
    for row, (airline, flights, late, delay) in zip(rows, WORST_AIRLINES, strict=False):
        expect("an airline among the worst", row["airline"], airline)
        expect(f"flights of {airline}", (row["flights"], row["late"]), (flights, late))
        expect_close(f"mean delay of {airline}", float(row["mean_delay"]), delay)
    report.say("Which airlines came latest, in minutes on average?")
    report.table(tuple(rows[0]), [tuple(row.values()) for row in rows[: len(WORST_AIRLINES)]])
    return {"worst": rows[: len(WORST_AIRLINES)]}
