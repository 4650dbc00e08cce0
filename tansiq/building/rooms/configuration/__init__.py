"""An operation as configuration: its directory of files, read strictly, every problem named."""

from .contents import OperationConfiguration
from .reading import ConfigurationError, Problem, read_yaml_text
from .whole import read_operation
from .words import MARKINGS_BY_OPENNESS, act_fits, span_from
from .world import simulated_world

__all__ = [
    "MARKINGS_BY_OPENNESS",
    "ConfigurationError",
    "OperationConfiguration",
    "Problem",
    "act_fits",
    "read_operation",
    "read_yaml_text",
    "simulated_world",
    "span_from",
]
