"""What must not change a run, and what must change it in a known way: two runs of scenarios that differ in one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

if TYPE_CHECKING:
    from readings import Plain, by_name, case_of, of_supplier, text_of
    from strategies import RUNS, SEEDS, Span, examples, explicit, scenarios
    from strategies import consumer, depot, line, supplier
else:
    from .readings import Plain, by_name, case_of, of_supplier, text_of
    from .strategies import RUNS, SEEDS, Span, examples, explicit, scenarios
    from .strategies import consumer, depot, line, supplier
