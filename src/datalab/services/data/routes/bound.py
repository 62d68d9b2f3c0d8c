"""The data service's actions, bound to the caller of a request."""

from typing import Annotated, TypeAlias

from fastapi import Depends

from datalab.kernel.http.routes import callers_actions
from datalab.services.data.actions.api import DataActions

Actions: TypeAlias = Annotated[DataActions, Depends(callers_actions)]
