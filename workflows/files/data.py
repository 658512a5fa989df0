"""The data that rules go by: YAML that stands in the folder of its room."""

from importlib.resources import files
from typing import Any

import yaml


def read_data(path: str) -> Any:
    """What a YAML file says; `path` begins with the room, such as "evidence/freshness.yaml"."""
    return yaml.safe_load(files("workflows").joinpath(*path.split("/")).read_text(encoding="utf-8"))
