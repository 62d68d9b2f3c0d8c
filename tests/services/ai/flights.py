"""Made-up flights: late in the evening, with one carrier, in the cold; every kind of column is there."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

CARRIERS = np.array(["AA", "UA", "DL", "B6"], dtype=object)
AIRPORTS = np.array([f"A{number:02d}" for number in range(30)], dtype=object)
START = datetime(2013, 1, 1, 5, tzinfo=UTC)


def flights(rows: int = 1500, seed: int = 7) -> pa.Table:
    """A table in the order of time."""
    random = np.random.default_rng(seed)
    hours = np.sort(random.integers(0, 24 * 360, rows))
    carrier, dest = random.integers(0, 4, rows), random.integers(0, 30, rows)
    cold = random.normal(10, 8, rows)
    missing = random.random(rows) < 0.1
    risk = 0.25 * (hours % 24 - 14) + 1.5 * (carrier == 3) - 0.1 * cold + 0.08 * (dest - 15)
    late = risk + random.logistic(0, 0.5, rows) > 0
    columns = {
        "flight_id": pa.array([f"F{number}" for number in range(rows)]),
        "time_hour": pa.array([START + timedelta(hours=int(hour)) for hour in hours], pa.timestamp("us", "UTC")),
        "carrier": pa.array([None if random.random() < 0.02 else one for one in CARRIERS[carrier]], pa.string()),
        "dest": pa.array(AIRPORTS[dest], pa.string()),
        "temperature": pa.array(np.where(missing, np.nan, cold), mask=missing),
        "distance": pa.array(random.integers(100, 3000, rows), pa.int32()),
        "weekend": pa.array((hours // 24) % 7 >= 5),
        "year": pa.array(np.full(rows, 2013)),
        "delay": pa.array(risk * 20 + random.normal(0, 3, rows)),
        "late": pa.array(late),
        "held_out": pa.array(hours >= 24 * 290),
    }
    return pa.table(columns)


def stream_bytes(table: pa.Table) -> bytes:
    """The table as an Arrow IPC stream."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def write(table: pa.Table, path: Path) -> Path:
    """The table in a file."""
    path.write_bytes(stream_bytes(table))
    return path


ROW = {
    "time_hour": "2013-11-05T22:00:00Z",
    "carrier": "B6",
    "dest": "A29",
    "temperature": -12.5,
    "distance": 1400,
    "weekend": False,
}
"""A flight that is nearly certain to be late."""
EARLY_ROW = ROW | {"time_hour": "2013-11-05T06:00:00Z", "carrier": "AA", "dest": "A01", "temperature": 28.0}
"""A flight that is nearly certain to be on time."""
FEATURES = tuple(ROW)
