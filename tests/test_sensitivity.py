"""What drives an outcome: by variance shares of a linear drawdown, by quadrature, and by another's ranks."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import sim
from sim.cli.sensitivity_command import verdict_lines
from sim.errors import ArgumentError, StorageError
from sim.results.verification import find_problems
from sim.study import Sensitivity, read_breakeven, read_sensitivity, verb_of
from sim.study.sensitivity_indices import is_constant, median, rank_correlation, variance_shares

Floats = NDArray[np.float64]

STOCK, MADE, SHOT = "depots.d.stock", "production.line.rate", "consumption.front.rate"
#: Low and high of each input, all uniform.
RANGES = {STOCK: (8e6, 12e6), MADE: (10e3, 30e3), SHOT: (50e3, 60e3)}
DAYS = 100
LINEAR: dict[str, Any] = {
    "schema": 1,
    "title": "Linear",
    "start": "2024-01-01",
    "end": "2024-04-10",
    "thresholds": [7],
    "depots": {"d": {"stock": {"low": "8M", "high": "12M"}}},
    "production": {"line": {"rate": {"low": "10k/day", "high": "30k/day"}}},
    "consumption": {"front": {"rate": {"low": "50k/day", "high": "60k/day"}}},
}
#: The stock runs out, in some runs after the end.
SHORT = {**LINEAR, "depots": {"d": {"stock": {"low": "2M", "high": "4M"}}}}
#: What one unit of each input does to the closing stock S + D (p - r).
SLOPES = {STOCK: 1.0, MADE: float(DAYS), SHOT: -float(DAYS)}


def variances() -> dict[str, float]:
    parts = {path: (SLOPES[path] * (high - low)) ** 2 / 12 for path, (low, high) in RANGES.items()}
    return {path: part / sum(parts.values()) for path, part in parts.items()}


def rows(found: Sensitivity, outcome: str, index: str) -> dict[str, Any]:
    table: Any = found.table
    chosen = table[(table["outcome"] == outcome) & (table["index"] == index)]
    return {row.path: row for row in chosen.itertuples(index=False)}


def last_day(stock: Floats, net: Floats, shot: Floats) -> Floats:
    """Return min(day of exhaustion, end): the first day n with S - (n + 1) net under r (rule 30)."""
    return np.minimum(np.maximum(np.floor((stock - shot) / net), 0), DAYS)


def exact_shares(stock: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """Return first and total indices of the exhaustion, by means over a dense grid of the three inputs."""
    steps = (np.arange(120) + 0.5) / 120
    s, p, r = (
        low + (high - low) * steps.reshape(shape)
        for (low, high), shape in zip(
            (stock, RANGES[MADE], RANGES[SHOT]), np.eye(3, dtype=int) * 119 + 1, strict=True
        )
    )
    day = last_day(s, r - p, r + 0 * s + 0 * p)
    found = {}
    for axis, path in enumerate((STOCK, MADE, SHOT)):
        others = tuple(other for other in range(3) if other != axis)
        first = day.mean(axis=others).var() / day.var()
        found[path] = (float(first), float(day.var(axis=axis).mean() / day.var()))
    return found


# Sobol


def test_sobol_gives_the_variance_shares_of_a_linear_drawdown() -> None:
    found = sim.sensitivity(LINEAR, method="sobol", of="closing_stock", runs=1, points=256, seed=4)
    for index in ("first", "total"):
        for path, row in rows(found, "closing_stock", index).items():
            half = row.high - row.value
            assert row.low + half == pytest.approx(row.value)
            # The 95 % interval is 2.13 errors wide on either side; four errors are hardly ever passed.
            assert abs(row.value - variances()[path]) < 2 * half
            assert 0.0 < half < 0.2
    assert found.points == 256 * 5
    assert found.confidence == 0.95


def test_sobol_gives_the_shares_of_an_exhaustion_time_with_dates_beyond_the_end() -> None:
    found = sim.sensitivity(SHORT, method="sobol", of=["exhausted"], runs=1, points=512, seed=2)
    exact = exact_shares((2e6, 4e6))
    for place, index in enumerate(("first", "total")):
        for path, row in rows(found, "exhausted", index).items():
            assert abs(row.value - exact[path][place]) < 2 * (row.high - row.value)
            assert row.value == pytest.approx(exact[path][place], abs=0.06)
    known = found.outcome_infos["exhausted"]
    assert 0.02 < known.censored < 0.5
    assert any(
        re.fullmatch(r"the run-out date is not reached in \d+ % of the runs; these count as the end", note)
        for note in found.notes
    )
    assert sum(exact[path][0] for path in exact) < 1.0 < sum(exact[path][1] for path in exact)


def test_what_is_left_to_chance_is_averaged_and_is_no_input() -> None:
    noisy = {**LINEAR, "consumption": {"front": {**LINEAR["consumption"]["front"], "daily_variation": "50%"}}}
    found = sim.sensitivity(noisy, method="sobol", of="closing_stock", points=256)
    exact = variances()
    for path, row in rows(found, "closing_stock", "first").items():
        # The mean over 16 runs is as linear as a run; the slope of r has the mean of the variation in it.
        assert row.value == pytest.approx(exact[path], abs=0.08)
    assert set(found.table["path"]) == {STOCK, MADE, SHOT}
    assert found.query.runs == 16


@pytest.mark.parametrize("parts", [8, 16])
def test_the_interval_of_parts_has_the_error_of_another_jackknife(parts: int) -> None:
    rng = np.random.default_rng(8)
    a, b = rng.random((parts * 32, 2)), rng.random((parts * 32, 2))
    columns = [a, np.c_[b[:, :1], a[:, 1:]], np.c_[a[:, :1], b[:, 1:]], b]
    values = np.stack([x[:, 0] + 2 * x[:, 1] ** 2 for x in columns], axis=1)
    first, total = variance_shares(values.ravel(), 2, parts)
    scaled = (values - values.mean()) / values.std()

    def index(block: Floats) -> float:
        spread = np.concatenate([block[:, 0], block[:, 3]]).var()
        return float(0.5 * ((block[:, 0] - block[:, 1]) ** 2).mean() / spread)

    assert total[0].value == pytest.approx(index(scaled))
    left = [index(np.delete(scaled, slice(k * 32, (k + 1) * 32), axis=0)) for k in range(parts)]
    error = math.sqrt((parts - 1) * np.var(left))
    assert total[0].high is not None
    assert total[0].high - index(scaled) == pytest.approx(stats.t.ppf(0.975, parts - 1) * error)
    assert len(first) == 2


def test_what_differs_at_too_few_points_has_no_index_or_no_interval() -> None:
    values = np.zeros((4 * 8, 4))
    values[3, 1] = 1.0
    assert variance_shares(values.ravel(), 2, 4)[0] == [(None, None, None)] * 2
    values[3, 0] = 1.0
    first, total = variance_shares(values.ravel(), 2, 4)
    assert all(each.value is not None and each.low is None for each in [*first, *total])


# Morris and tornado


def test_morris_gives_the_straight_effects_of_a_linear_drawdown() -> None:
    found = sim.sensitivity(LINEAR, method="morris", of="closing_stock", runs=1, points=8)
    for path, row in rows(found, "closing_stock", "mu_star").items():
        low, high = RANGES[path]
        # From the 5 % to the 95 % quantile: nine tenths of the range.
        assert row.value == pytest.approx(abs(SLOPES[path]) * 0.9 * (high - low))
        assert row.low == pytest.approx(row.value)
    for row in rows(found, "closing_stock", "sigma").values():
        assert row.value == pytest.approx(0.0, abs=1.0)
        assert math.isnan(row.low)
    assert found.points == 8 * 4


def test_a_tornado_moves_the_median_of_a_linear_drawdown_by_the_quantiles() -> None:
    found = sim.sensitivity(LINEAR, method="tornado", of="closing_stock", runs=400)
    middle = {path: (low + high) / 2 for path, (low, high) in RANGES.items()}
    base = middle[STOCK] + DAYS * (middle[MADE] - middle[SHOT])
    for side, share in (("low", 0.05), ("high", 0.95)):
        for path, row in rows(found, "closing_stock", side).items():
            low, high = RANGES[path]
            # All laws are even about their middle, and so is their sum.
            exact = base + SLOPES[path] * (low + share * (high - low) - middle[path])
            assert row.low < row.value < row.high
            assert abs(row.value - exact) < 2 * (row.high - row.low)
    assert found.summary()["outcomes"]["closing_stock"]["median"] == pytest.approx(base, rel=0.05)
    ends = sim.sensitivity(LINEAR, method="tornado", runs=400, of="produced")
    # Production is the input itself.
    assert rows(ends, "produced", "low")[MADE].value == pytest.approx(11e3 * DAYS)
    assert ends.leading("produced")[0][0] == MADE


@pytest.mark.parametrize(
    ("method", "settings", "points"),
    [
        # The scenario itself, and two values of each of three inputs.
        ("tornado", {}, 1 + 2 * 3),
        # Four trajectories of four points; 64 base points with five evaluations each.
        ("morris", {"points": 4}, 4 * (3 + 1)),
        ("sobol", {"points": 64}, 64 * (3 + 2)),
    ],
)
def test_progress_counts_the_runs_at_all_points(method: str, settings: dict[str, Any], points: int) -> None:
    seen: list[tuple[int, int]] = []
    found = sim.sensitivity(
        LINEAR, method=method, runs=2, jobs=1, progress=lambda *at: seen.append(at), **settings
    )
    assert found.points == points
    assert {total for _, total in seen} == {2 * points}
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (2 * points, 2 * points)
    if method == "tornado":
        assert [done for done, _ in seen] == [2, 6, 10, 14]


def test_the_points_of_a_method_are_64_trajectories_or_1024_base_points_of_three_inputs() -> None:
    morris = sim.sensitivity(LINEAR, method="morris", of="closing_stock", runs=1)
    assert morris.points == 64 * (3 + 1)
    sobol = sim.sensitivity(LINEAR, method="sobol", of="closing_stock", runs=1)
    assert sobol.points == 1024 * (3 + 2)
    # Ranks need no further point: they are of the runs of the scenario itself.
    ranks = sim.sensitivity(LINEAR, of="closing_stock", runs=10)
    assert ranks.points == ranks.summary()["points"] == 1


def test_a_median_has_the_interval_of_its_order() -> None:
    values = np.random.default_rng(3).permutation(np.arange(1.0, 101.0))
    # Binomial (100, 1/2): 42 is the least k with P(B <= k) of 5 % or more, 58 that of 95 %.
    assert median(values) == (50.0, 42.0, 59.0)
    assert median(np.ones(3)) == (1.0, 1.0, 1.0)
    assert median(np.array([1.0, 2.0])) == (1.0, None, None)


# Rank


def test_ranks_are_those_of_another_with_censored_days_after_all_others() -> None:
    result = sim.run(SHORT, runs=300, seed=9, engine="compiled")
    found = sim.sensitivity(result)
    table = result.outcomes
    days = (sim_dates(table["exhausted"]) - np.datetime64("2024-01-01")) / np.timedelta64(1, "D")
    assert table["exhausted"].isna().any()
    for path in (STOCK, MADE, SHOT):
        row = rows(found, "exhausted", "rank")[path]
        other = stats.spearmanr(table[path], np.where(np.isnan(days), 1e9, days)).statistic
        assert row.value == pytest.approx(other)
        half = 1.6448536 * math.sqrt((1 + other**2 / 2) / 297)
        assert (math.atanh(row.low), math.atanh(row.high)) == pytest.approx(
            (math.atanh(other) - half, math.atanh(other) + half), abs=1e-6
        )
    assert found.outcome_infos["exhausted"].censored == pytest.approx(table["exhausted"].isna().mean())
    assert found.query.runs == 300
    assert set(found.outcome_infos) >= {"required", "fired", "below_7", "lost"}


def sim_dates(column: Any) -> Any:
    return np.array(column.fillna("NaT").tolist(), dtype="datetime64[D]")


def test_a_scenario_and_its_result_say_the_same() -> None:
    one = sim.sensitivity(LINEAR, runs=120, seed=3, of="closing_stock").table
    other = sim.sensitivity(sim.run(LINEAR, runs=120, seed=3), of="closing_stock").table
    assert one.equals(other)


def test_the_interval_of_a_rank_holds_what_is_true_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    # Of two normals with correlation 0.5, Spearman's is 6 / pi asin(1 / 4).
    truth = 6 / math.pi * math.asin(0.25)
    hits = 0
    for _ in range(400):
        x, noise = rng.normal(size=(2, 80))
        found = rank_correlation(x, 0.5 * x + math.sqrt(0.75) * noise)
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= truth <= found.high
    assert 0.85 < hits / 400 < 0.95


def test_a_rank_of_what_is_the_same_or_too_few_or_all_in_line() -> None:
    line = np.arange(5.0)
    assert rank_correlation(line, np.ones(5)) == (None, None, None)
    assert rank_correlation(line, -line) == (-1.0, -1.0, -1.0)
    assert rank_correlation(line[:3], line[:3]) == (1.0, None, None)
    assert is_constant(np.array([np.inf, np.inf]))
    assert not is_constant(np.array([np.inf, 1.0]))


# Outcomes without effects, inputs drawn together, files written, invalid questions


def test_drawn_levels_of_an_order_may_cross_at_a_point_as_in_a_run() -> None:
    line = {"reorder_point": {"low": "10k", "high": "500k"}, "order_up_to": {"low": "300k", "high": "400k"}}
    found = sim.sensitivity({**LINEAR, "orders": {"contract": line}}, method="tornado", of="ordered", runs=20)
    assert "orders.contract.reorder_point" in set(found.table["path"])


@pytest.mark.parametrize("method", ["rank", "morris", "sobol", "tornado"])
def test_what_nothing_drives_is_said(method: str) -> None:
    points = {"points": 64} if method == "sobol" else {}
    found = sim.sensitivity(LINEAR, method=method, runs=8, **points)  # type: ignore[arg-type]
    (note,) = (note for note in found.notes if note.startswith("no input affects"))
    assert "the run-out date" in note
    assert note.endswith(" or shells lost: the same at every value of the inputs")
    assert "stock at the end" not in note
    table = found.table
    values = table.loc[table["outcome"] == "lost", "value"]
    assert len(values) == len(table.loc[table["outcome"] == "closing_stock"])
    assert (values == 0.0).all() if method == "tornado" else values.isna().all()
    assert json.loads(json.dumps(found.summary())) == found.summary()


@pytest.mark.parametrize("method", ["morris", "sobol", "tornado"])
def test_an_input_that_changes_nothing_is_said(method: str) -> None:
    # The stock never comes near its capacity.
    roomy = {"stock": LINEAR["depots"]["d"]["stock"], "capacity": {"low": "20M", "high": "30M"}}
    scenario = {**LINEAR, "depots": {"d": roomy}}
    points = {"points": 64} if method == "sobol" else {}
    found = sim.sensitivity(scenario, method=method, runs=8, **points)  # type: ignore[arg-type]
    (note,) = (note for note in found.notes if "nothing: no" in note)
    moved = "median" if method == "tornado" else "outcome"
    assert note == f"Capacity at D changes nothing: no {moved} moves with it"
    lines = list(verdict_lines(found))
    assert lines[-1] == (
        "Runs out: less than one day of the planned requirement is left; less may still meet it."
    )
    assert any(line.startswith("  Capacity at D ") and line.endswith("  no effect") for line in lines)
    # Production moves the stock and not the fire; fire is the requirement of each day.
    assert found.has_effect("closing_stock", MADE)
    assert not found.has_effect("fired", MADE)
    fired = next(place for place, line in enumerate(lines) if "shells fired" in line)
    assert any(line.startswith("  Output, ") and line.endswith("  no effect") for line in lines[fired:])
    assert not any("nothing: no" in each for each in sim.sensitivity(LINEAR, method="rank", runs=8).notes)


def test_inputs_drawn_together_have_ranks_alone(tmp_path: Path) -> None:
    (tmp_path / "draws.csv").write_text(
        f"{STOCK},{MADE}\n" + "".join(f"{8 + k / 5}M,{10 + k}k/day\n" for k in range(20))
    )
    path = tmp_path / "joint.yaml"
    path.write_text(json.dumps({**LINEAR, "draws": "draws.csv"}))
    found = sim.sensitivity(path, runs=40, of="closing_stock")
    assert any("are drawn together" in note for note in found.notes)
    got = rows(found, "closing_stock", "rank")
    # Twenty rows are twenty samples, however often they come round.
    half = 1.6448536 * math.sqrt((1 + got[STOCK].value ** 2 / 2) / 17)
    assert math.atanh(got[STOCK].high) - math.atanh(got[STOCK].value) == pytest.approx(half, abs=1e-6)
    with pytest.raises(ArgumentError, match="sets each input by itself"):
        sim.sensitivity(path, method="sobol")


def test_a_saved_study_reads_back_and_workers_change_nothing(tmp_path: Path) -> None:
    for jobs in (1, 2):
        found = sim.sensitivity(SHORT, method="tornado", runs=130, jobs=jobs)
        found.save(tmp_path / str(jobs))
    for name in ("sensitivity.csv", "manifest.json", "scenario.yaml", "summary.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name
    assert find_problems(tmp_path / "1") == ()
    saved = read_sensitivity(tmp_path / "1")
    assert (verb_of(tmp_path / "1"), saved.manifest["method"]) == ("sensitivity", "tornado")
    assert saved.table.equals(found.table)
    assert saved.summary() == found.summary()
    with pytest.raises(StorageError, match="sim breakeven"):
        read_breakeven(tmp_path / "1")
    assert "<table" in found._repr_html_()
    assert "sim report" in found._repr_html_()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"method": "sobel"}, "did you mean 'sobol'"),
        ({"of": "exhausd"}, "did you mean 'exhausted'"),
        ({"method": "sobol", "of": "exhausd"}, "did you mean 'exhausted'"),
        ({"method": "sobol", "points": 100}, "a power of two"),
        ({"method": "morris", "points": 1}, "4 or more"),
        ({"method": "rank", "points": 64}, "rank has no points"),
        ({"runs": 0}, "0 runs"),
    ],
)
def test_what_cannot_be_asked_is_said(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ArgumentError, match=says):
        sim.sensitivity(LINEAR, **settings)


def test_a_certain_scenario_has_no_input() -> None:
    certain = sim.simulate.as_scenario(LINEAR).replace({STOCK: "8M", MADE: "1k/day", SHOT: "2k/day"})
    for method in ("rank", "tornado"):
        with pytest.raises(ArgumentError, match="nothing in the scenario is drawn once a run"):
            sim.sensitivity(certain, method=method)
    with pytest.raises(ArgumentError, match="runs the scenario anew"):
        sim.sensitivity(sim.run(LINEAR, runs=2), method="morris")
