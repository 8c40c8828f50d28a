"""What each web worker of `minga serve` loads: the application, bound to its master's life."""

from minga.config.wsgi import application
from minga.faces.cli.lifeline import end_with_parent

end_with_parent()

__all__ = ["application"]
