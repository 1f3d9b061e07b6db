"""Runs of settings for the live page: one scenario, one seed, a fixed number of runs."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property

from sim import simulate
from sim.exploring.picture import Picture, make_picture
from sim.exploring.setting import Setting
from sim.findings.finding import Finding
from sim.findings.run_findings import verdict_findings
from sim.results.result import Result
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_known

#: Tables that a picture needs.
PICTURE_TABLES = ("stock", "flows", "origins", "outcomes")
#: Answers kept for settings that come again, such as the held one.
_KEPT_ANSWERS = 16


class Answer:
    """Picture and findings of one setting, each made when it is first read."""

    def __init__(self, result: Result) -> None:
        self._result = result

    @cached_property
    def picture(self) -> Picture:
        """Data of the chart."""
        return make_picture(self._result)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """As `sim run` prints them: the answer first, the headline of the drawdown last."""
        return tuple(verdict_findings(self._result))


class Simulation:
    """A scenario of which settings are run, one at a time.

    Parameters
    ----------
    scenario : Scenario
    runs : int
    seed : int

    Raises
    ------
    ScenarioError
        An opening stock is unknown.
    ArgumentError
        `runs` or `seed` is out of range.
    """

    def __init__(self, scenario: Scenario, runs: int, seed: int) -> None:
        require_known(scenario, "`sim explore`")
        self._live = simulate.LiveEnsemble(scenario, runs=runs, seed=seed, tables=PICTURE_TABLES)
        self.scenario = scenario
        self.runs = runs
        self.seed = seed
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        # One thread: settings of several windows are run one after the other, each on all cores.
        self._thread = ThreadPoolExecutor(1, "explore")

    def submit_picture(self, setting: Setting) -> Future[Picture]:
        """Return the picture of a setting as a future.

        Its exceptions are those of `sim.run` and of `Setting.applied`.
        """
        return self._thread.submit(lambda: self.answer(setting).picture)

    def submit_findings(self, setting: Setting) -> Future[tuple[Finding, ...]]:
        """Return the findings of a setting as a future, with the exceptions of `submit_picture`."""
        return self._thread.submit(lambda: self.answer(setting).findings)

    def submit_result(self, setting: Setting) -> Future[Result]:
        """Return the whole result of a setting as a future."""
        return self._thread.submit(self.result, setting)

    def answer(self, setting: Setting) -> Answer:
        """Return the answer of a setting."""
        key = tuple(setting.arguments())
        found = self._answers.pop(key, None)
        if found is None:
            found = Answer(self._live.run(setting.applied(self.scenario)))
        self._answers[key] = found
        while len(self._answers) > _KEPT_ANSWERS:
            self._answers.popitem(last=False)
        return found

    def result(self, setting: Setting) -> Result:
        """Run a setting with all tables, as `sim.run` does."""
        return simulate.run(setting.applied(self.scenario), runs=self.runs, seed=self.seed)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
