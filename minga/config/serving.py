"""What each web worker of `minga serve` loads: the application, bound to its master's life."""

import gc

from minga.config.wsgi import application
from minga.faces.cli.lifeline import end_with_parent

end_with_parent()
# The program itself stays: looking through it for garbage cost a sixth of taking in a batch.
gc.collect()
gc.freeze()

__all__ = ["application"]
