"""Look whether the database answers, the region can be read, and plans can be made."""

import logging
from dataclasses import dataclass
from importlib.metadata import version

from sqlalchemy.exc import SQLAlchemyError

from api.errors import SettingsError
from api.jobs.runner import State as SolverState
from api.observing import logs
from api.operations.office import Office
from api.operations.warming import State
from data.errors import DataError, NotKeptError
from data.region_file import region_folders

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class Examination:
    """What works."""

    database: bool
    region: bool
    kernels: State
    solver: SolverState
    regions: tuple[str, ...]
    version: str

    @property
    def fit(self) -> bool:
        """Whether everything works."""
        return (
            self.database and self.region and self.kernels != "failing" and self.solver != "failing"
        )


def examine(office: Office) -> Examination:
    """Try everything that a day's work needs; a fault is an answer, not an error."""
    try:
        database = office.store.answers()
    except (SQLAlchemyError, SettingsError, DataError, OSError) as error:
        log.error("the database does not answer: %s", type(error).__name__)
        database = False
    try:
        office.filed()
        region = True
    except (DataError, NotKeptError) as error:
        log.error("the region cannot be read: %s", logs.cause(error))
        region = False
    return Examination(
        database=database,
        region=region,
        kernels=office.warming.state,
        solver=office.runner.state if office.runner else "off",
        regions=tuple(region_folders()),
        version=version("gesunde-fahrten"),
    )
