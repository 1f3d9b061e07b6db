"""What every part of a scenario shares: it is checked, frozen and closed to unknown keys."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

from sim.scenario.frozen import FrozenDict

NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
NAMES_ALLOWED = "letters, digits, - and _"
P = TypeVar("P")


class Part(BaseModel):
    """A checked, frozen part of a scenario."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True, use_attribute_docstrings=True
    )


def _frozen(parts: dict[str, Any]) -> FrozenDict[str, Any]:
    return FrozenDict(sorted(parts.items()))


#: Components by name; always in order of name, so that their order in the file changes nothing.
Named = Annotated[dict[str, P], AfterValidator(_frozen)]
