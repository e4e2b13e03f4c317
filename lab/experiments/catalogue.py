"""The experiments by name: `EXPERIMENTS["glue"].run()`."""

from typing import Final

from lab.experiments import block, cable, glue, letter, naive, one_thread, slow, split
from lab.experiments.experiment import Experiment

EXPERIMENTS: Final[dict[str, Experiment]] = {
    module.EXPERIMENT.name: module.EXPERIMENT
    for module in (glue, split, letter, naive, block, cable, slow, one_thread)
}
"""In the order in which a student best does them."""
