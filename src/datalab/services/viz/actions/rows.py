"""Getting a chart's rows from the data service, with the caller's own rights."""

from datalab.contracts.data import DataApi, DatasetName, QueryRequest
from datalab.contracts.errors import InvalidInput
from datalab.contracts.viz import RenderRequest
from datalab.services.viz.model.answer import Answer, read_answer
from datalab.services.viz.model.limits import MAX_ROWS


async def fetch_rows(data: DataApi, request: RenderRequest, timeout_s: float) -> Answer | None:
    """The rows of the request's query or dataset; none when the chart names neither.

    Raises:
        PlatformError: Whatever the data service refuses. TooLarge: more rows than a chart is drawn from.
    """
    statement = request.sql if request.dataset is None else f"SELECT * FROM {_quoted(request.dataset)}"
    if statement is None:
        return None
    if not statement.strip():
        raise InvalidInput("sql: the query is empty; leave it out for a chart that brings its own rows")
    asked = QueryRequest(sql=statement, where=request.where, max_rows=MAX_ROWS + 1, timeout_s=timeout_s)
    answer = await data.query(asked)
    return read_answer(answer.columns, answer.rows)


async def data_version(data: DataApi, dataset: str | None) -> str | None:
    """The dataset and its version, for a chart that shows one."""
    if dataset is None:
        return None
    found = await data.get_dataset(dataset)
    return f"{found.name} v{found.version}"


def _quoted(dataset: str) -> str:
    name = DatasetName.parse(dataset)
    return f'"{name.table}"' if str(name) == name.table else f'"{name.namespace}"."{name.table}"'
