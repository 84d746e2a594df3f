from unshielded.api.experiments import Needs as Needs
from unshielded.api.experiments import load as load
from unshielded.api.experiments import validate as validate
from unshielded.api.opening import open as open
from unshielded.api.params import params as params
from unshielded.api.runs import RunResult as RunResult
from unshielded.api.runs import run as run
from unshielded.api.sweeps import SweepResult as SweepResult
from unshielded.api.sweeps import sweep as sweep
from unshielded.api.tms import TmsResult as TmsResult
from unshielded.api.tms import tms as tms
from unshielded.api.trials import TrialResult as TrialResult
from unshielded.api.trials import trial as trial
from unshielded.config import ConfigError as ConfigError
from unshielded.config import Experiment as Experiment
from unshielded.engine.errors import SimulationError as SimulationError
from unshielded.reports.write import report as report
from unshielded.store.format.files import StoreError as StoreError

__version__: str
