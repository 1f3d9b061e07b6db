"""An audit on a small account: the planted claim is found, with arithmetic by hand, and files are whole."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.auditing.audit_result import Audit, own_faults
from sim.auditing.claims import NINETY
from sim.auditing.matching import match
from sim.auditing.posterior import Parameter
from sim.auditing.saved_audit import read_audit
from sim.charts import audit as draw_audit
from sim.charts import audit_drawdown
from sim.cli.app import app, exit_status
from sim.errors import ArgumentError, EvidenceError, ScenarioError
from sim.evidence import table_of
from sim.reporting import sheets_of
from sim.reporting.report import read_report
from sim.results.verification import find_problems
from sim.units import Unit
from tests.support.audit_reader import read_audit_folder
from tests.support.awkward_audits import prove_audits

SCENARIOS = Path(__file__).parents[1] / "scenarios"
DELIVERIES = SCENARIOS / "deliveries.yaml"
EVIDENCE = "deliveries.evidence.csv"
DAYS = 182
#: Largest factor of the error of a claim of grade B within its central nine tenths.
ERROR = math.exp(0.2 * NINETY)
BASE = ("stock-january", "output", "customs")


#: Half of the default, which takes half of the time; the examples of the docs have the default.
WALKERS = 128


@pytest.fixture(scope="module")
def found() -> Audit:
    return sim.audit(DELIVERIES, walkers=WALKERS, jobs=2)


@pytest.fixture(scope="module")
def folder(found: Audit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found.save(tmp_path_factory.mktemp("audit") / "out")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a copy of the scenario, whose table a test changes."""
    for file in (DELIVERIES, SCENARIOS / EVIDENCE):
        shutil.copy(file, tmp_path)
    return tmp_path / DELIVERIES.name


def with_row(own: Path, row: str) -> Path:
    table = own.parent / EVIDENCE
    table.write_text(f"{table.read_text()}{row}\n")
    return own


def few(scenario: Path | str, as_of: str | None = None) -> Audit:
    """Return an audit whose inference is too short to be supported, and does not go on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.auditing.posterior.MAX_ROUNDS", 1)
        return sim.audit(scenario, as_of, walkers=10, steps=12)


# The account


def test_the_planted_claim_excludes_just_what_could_have_fed_it(found: Audit) -> None:
    pair, four = found.exclusions.sets
    assert (set(pair.ids), set(four.ids)) == ({"fire", "speech"}, {*BASE, "speech"})
    for one, most in ((pair, 4_500 * DAYS), (four, 120e3 + 3_500 * DAYS + 150e3)):
        assert one.least == pytest.approx(3.5e6 / math.exp(0.6 * NINETY))
        assert one.most == pytest.approx(most * ERROR)
    answer = found.findings[0]
    assert answer.sentence.startswith(
        "No account holds with all 6 claims: by arithmetic two sets of them cannot"
    )
    assert answer.values["exclusions"] == 2


def test_the_planted_claim_is_the_most_surprising(found: Audit) -> None:
    worst = min(found.conflicts, key=lambda one: one.p_value)
    assert worst.match.estimate.id == "speech"
    # The others fire 4,500 a day, and the claim is about 92 days.
    assert worst.implied[1] == pytest.approx(4_500 * 92, rel=0.1)
    assert worst.adjusted < 0.01
    (line,) = [one for one in found.findings if one.label == "Most surprising"]
    assert line.sentence.startswith(
        "at least 3,500,000 shells, total fire, 1 March 2024 to 31 May 2024 (speech)"
    )


def test_an_input_stands_beside_what_the_file_has_of_it(found: Audit) -> None:
    lines = [one for one in found.findings if one.kind == "audit_input"]
    # A lognormal law: its 5th percentile is as many times below the median as its 95th is above.
    ranges = {
        "depots.store.stock": "before 100,000 (50,000 to 200,000).",
        "production.factory.rate": "before 3,000 (1,500 to 6,000).",
        "shipments.abroad.offered": "before 1,000 (333.3 to 3,000).",
        "consumption.brigades.rate": "before 4,000 (2,000 to 8,000).",
    }
    assert lines
    for line in lines:
        assert line.sentence.endswith(ranges[str(line.values["path"])]), line.sentence


def test_the_table_has_each_claim_with_its_figure_and_its_place(found: Audit) -> None:
    table = found.table.set_index("id")
    assert list(table.index) == ["stock-january", "stock-june", "output", "customs", "fire", "speech"]
    assert set(table["status"]) == {"independent"}
    by_id = table.to_dict("index")
    output = [by_id["output"][name] for name in ("figure", "unit", "bound")]
    assert output == [3_500.0, "shells/day", "central"]
    assert [by_id["speech"][name] for name in ("low", "bound")] == [3.5e6, "at least"]
    assert np.all(table["implied_p05"] < table["implied_p95"])
    assert np.all(table["adjusted"] >= table["p_value"])


def test_terms_of_an_exclusion_multiply_to_their_amounts(found: Audit) -> None:
    rows = found.table_of_exclusions
    own = rows[rows["counting"] == "own"]
    assert set(own["id"]) == {*BASE, "fire", "speech"}
    product = own["figure"] * own["days"] * own["times"] * own["error"] / own["factor"]
    np.testing.assert_allclose(product, own["amount"])


# Files


def test_the_scenario_of_the_folder_runs_with_the_samples(found: Audit, folder: Path) -> None:
    assert find_problems(folder) == ()
    assert found.posterior is not None
    samples = np.loadtxt(folder / "samples.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(np.sort(samples, axis=0), np.sort(found.posterior.inputs, axis=0))
    np.testing.assert_allclose(np.corrcoef(samples.T), np.corrcoef(found.posterior.inputs.T), atol=1e-9)
    result = sim.run(folder / "scenario.yaml", runs=4, engine="simpy")
    header = (folder / "samples.csv").read_text().splitlines()[0].split(",")
    drawn = result.outcomes[header].to_numpy(dtype=float)
    np.testing.assert_allclose(drawn, samples[:4])
    # Repetitions in turn, so that four runs have two of each.
    np.testing.assert_array_equal(samples[1], found.posterior.inputs[len(samples) // 2])


def test_a_folder_reads_back_as_what_was_saved(found: Audit, folder: Path) -> None:
    saved = read_audit(folder)
    assert saved.verb == "audit"
    assert saved.table["id"].tolist() == found.table["id"].tolist()
    assert saved.table["p_value"].tolist() == pytest.approx(found.table["p_value"].tolist(), nan_ok=True)
    assert saved.further["inputs"]["path"].tolist() == list(found.inputs["path"])
    summary = saved.summary()
    assert summary["claims"] == {"all": 6, "matched": 6, "independent": 6, "not_comparable": {}}
    assert summary["inference"]["supported"]
    assert [one["sentence"] for one in summary["findings"]] == [one.sentence for one in found.findings]
    assert saved.drawdown is not None
    # The median of the inputs after the claims, which the stock of the first day begins with.
    stock = found.inputs.set_index("path").loc["depots.store.stock", "posterior_p50"]
    assert saved.drawdown.stock["p50"].iloc[0] == pytest.approx(stock, rel=0.05)


def test_charts_of_the_folder_show_the_claims(folder: Path) -> None:
    saved = read_audit(folder)
    figure = draw_audit(saved)
    texts = [text.get_text() for text in figure.texts]
    ranked = saved.table.sort_values("p_value")["id"].tolist()
    assert [text for text in texts if text in ranked] == ranked
    assert "conflict" in str(figure.get_label())
    over = "\n".join(text.get_text() for text in audit_drawdown(saved).texts).replace("\u00a0", " ")
    assert "120k, January 2024: Ministry of defence" in over


def test_what_follows_from_claims_that_exclude_each_other_is_said_to(found: Audit, folder: Path) -> None:
    caveat = "Inputs and drawdown follow from claims that exclude each other: leave some out and audit again."
    labels = [one.label for one in found.findings]
    assert found.findings[labels.index("Caveat")].sentence == caveat
    assert labels.index("Caveat") < labels.index("Inputs") < labels.index("After the claims")
    report = read_report(folder)
    assert caveat in [line.sentence for group in report.groups for line in group.lines]
    assert report.tables[1].note == caveat
    for size in ("column", "page", "slide", "square"):
        assert vars(audit_drawdown(found, size))["notes"][0] == caveat
        assert vars(audit_drawdown(read_audit(folder), size))["notes"][0] == caveat
    # Of claims on which the inference does not rest, it is no caveat.
    assert found.posterior is not None
    rest = tuple(match for match in found.posterior.matches if match.estimate.id != "speech")
    posterior = replace(found.posterior, matches=rest)
    others = replace(found, inference=replace(found.inference, posterior=posterior))
    assert "Caveat" not in [one.label for one in others.findings]


def test_the_report_and_the_workbook_have_the_tables_of_the_folder(folder: Path) -> None:
    report = read_report(folder)
    assert report.answer.startswith("No account holds with all 6 claims")
    captions = [view.caption for view in report.tables]
    # No family of this table has a counting factor, and every claim is comparable.
    assert captions == ["Claims, the most surprising first", "Inputs before and after the claims"]
    table = report.tables[0]
    assert table.rows[0][0].text == "speech"
    for column in ("Probability of a figure so far out", "Adjusted for all claims"):
        for cell in (row[table.headings.index(column)] for row in table.rows):
            value = float(cell.value)
            assert cell.text == ("under 0.001" if value < 0.001 else f"{value:.2g}")
    sheets = sheets_of(folder)
    assert {"audit", "audit-exclusions", "audit-factors", "audit-inputs", "stock"} <= sheets.keys()
    assert len(sheets["audit"]) == 6


# The sentences, by an independent reader


@pytest.fixture(scope="module")
def titles(folder: Path) -> dict[str, str]:
    saved = read_audit(folder)
    return {
        "audit": str(draw_audit(saved).get_label()),
        "audit-drawdown": str(audit_drawdown(saved).get_label()),
    }


def test_no_sentence_says_what_the_tables_do_not_bear_out(folder: Path, titles: dict[str, str]) -> None:
    reading = read_audit_folder(folder, SCENARIOS / EVIDENCE, titles)
    assert reading.failures == []
    assert set(reading.kinds) == {
        *("audit: excluded", "audit_claims: claims", "conflict: conflict", "exclusion: exclusion"),
        *("removal: removal", "audit_caveat: caveat", "audit_input: input", "reliability: supported"),
        "audit_headline: some",
        *("after the claims: answer", "after the claims: drawdown_headline"),
    }
    assert reading.claims > 150


def test_a_date_as_an_input_is_written_as_a_date_or_as_days_after_an_event(found: Audit) -> None:
    path = "shipments.abroad.first"
    days = (0.0, 10.0, 30.0, 50.0, 60.0), (80.0, 90.0, 100.0, 110.0, 120.0)
    assert found.posterior is not None
    posterior = replace(
        found.posterior, paths=(path,), parameters=(Parameter(path, Unit.DATE, *days, 500.0, 0.1),)
    )
    fixed = replace(found, inference=replace(found.inference, posterior=posterior))
    said = [
        one.sentence
        for each in (fixed, replace(fixed, after={path: "contract"}))
        for one in each.findings
        if one.kind == "audit_input"
    ]
    assert said == [
        "Start of loading, Abroad: 10 Apr 2024 (21 Mar 2024 to 30 Apr 2024); before 31 Jan 2024 "
        "(1 Jan 2024 to 1 Mar 2024).",
        "Start of loading, Abroad: 100 days after contract (80 to 120); before 30 (0 to 60).",
    ]


def test_no_sentence_of_a_small_world_says_what_its_tables_do_not_bear_out() -> None:
    # Without a whole inference, which `benchmarks/proof_of_findings.py --kind audit` has.
    proof = prove_audits((2,))
    assert proof.failures == []
    assert {"more sets than shown", "a counting factor", "a rate", "a range"} <= set(proof.places)


def test_the_readers_share_no_code_with_what_they_read() -> None:
    for name in ("audit_reader", "backtest_reader"):
        text = (Path(__file__).parent / "support" / f"{name}.py").read_text("utf-8")
        imports = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
        assert imports
        assert not [module for module in imports if module.split(".")[0] == "sim"]


@pytest.mark.parametrize(
    ("kind", "said", "instead", "failure"),
    [
        ("audit", "two sets", "three sets", "the sets is 2"),
        ("audit", "all 6", "all 5", "the claims is 6"),
        ("audit_claims", "6 of 6", "5 of 6", "the claims about this account is 6"),
        ("audit_claims", "all of them", "4 of them", "the independent claims is all"),
        ("conflict", "3,500,000", "3,600,000", "figure is 3500000"),
        ("conflict", "at least 3", "at most 3", "the bound is at least"),
        ("conflict", "under 0.001", "0.002", "the probability is"),
        ("conflict", "6 claims", "7 claims", "the claims tested is 6"),
        ("exclusion", "2 claims", "3 claims", "the claims is 2"),
        ("exclusion", "182 days", "183 days", "the days is 182"),
        ("exclusion", "3,500,000", "3,600,000", "by hand speech is"),
        ("exclusion", "the least 1,3", "the least 1,4", "by hand the sum is"),
        ("exclusion", "The minister", "The king", "the number and its claimant"),
        ("removal", "speech", "fire", "the choices are"),
        ("removal", "speech; or ", "", "the choices named is 3"),
        ("removal", "speech", "speech and customs", "the choices are"),
        ("removal", "1 other choice", "2 other choices", "other choices is 1"),
        ("removal", "does not say", "says", "no rule of the grammar"),
        ("audit_caveat", "exclude", "include", "no rule of the grammar"),
        ("audit_input", "before 3,000", "before 3,100", "the before is 3000"),
        ("audit_input", "shells a day", "shells a month", "the middle is"),
        ("audit_input", "Output", "Outcome", "the input that moves most"),
        ("audit_drawdown", "It may not", "It will", "no rule of the grammar"),
        ("reliability", "of 6 claims", "of 5 claims", "the claims tested is 6"),
        ("reliability", "effective sample ", "effective sample 9", "the effective sample is"),
        ("audit_headline", "1 of 6", "2 of 6", "the claims in conflict is 1"),
    ],
)
def test_the_reader_finds_a_false_sentence(
    folder: Path, tmp_path: Path, kind: str, said: str, instead: str, failure: str
) -> None:
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    summary = json.loads((copy / "summary.json").read_text("utf-8"))
    if kind != "audit_drawdown":
        # The tables of the runs after the claims take most of the time.
        summary["drawdown"] = None
        summary["findings"] = [one for one in summary["findings"] if one["kind"] != "audit_drawdown"]
    finding = next(one for one in summary["findings"] if one["kind"] == kind)
    before = finding["sentence"]
    finding["sentence"] = before.replace(said, instead, 1)
    assert finding["sentence"] != before, before
    (copy / "summary.json").write_text(json.dumps(summary), "utf-8")
    found = read_audit_folder(copy, SCENARIOS / EVIDENCE).failures
    assert any(failure in each for each in found), (before, found)


# The brief


@pytest.mark.slow
def test_the_brief_of_october_2023_fits_the_few_claims_about_its_days() -> None:
    found = sim.audit(SCENARIOS / "white-house-2023-10.yaml", "2023-10-17", walkers=WALKERS)
    assert [match.estimate.id for match in found.matching.matched] == [
        "prod-2023-nyt-2m",
        "prod-2025-west-official-2m-rampup",
        "dprk-cont-2023-10-13-1000-wh",
        "seed-cons-2023-60k",
    ]
    assert found.summary()["claims"]["not_comparable"]["outside the horizon"] == 43
    assert found.exclusions.sets == found.exclusions_alike.sets == ()
    # Its fire is the same in all runs, so that most weights of the 60,000 are.
    assert all(0.0 <= one.p_value <= one.adjusted <= 1.0 for one in found.conflicts)
    assert found.findings[0].sentence.startswith("One account fits all 4 independent claims")


# Refusals


def test_an_inference_without_support_says_nothing_but_the_arithmetic(own: Path) -> None:
    found = few(own)
    assert found.posterior is None
    assert found.conflicts == ()
    assert len(found.exclusions.sets) == 2
    said = {one.kind: one.sentence for one in found.findings}
    assert not {"conflict", "counting", "audit_input", "audit_drawdown"} & said.keys()
    assert "inputs, counting and conflicts are left out" in said["reliability"]
    assert "at least 400 are needed" in said["reliability"]
    assert found.summary()["inference"]["supported"] is False
    with pytest.raises(ArgumentError, match="its inference was not supported"):
        audit_drawdown(found)
    with pytest.raises(ArgumentError, match="compares no claim with the others"):
        draw_audit(found)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "autumn,stock,,,70000,,shells,2024-10-01,2024-10-01,2024-10-02,Ministry,,,B,",
            "autumn is not compared: its days, 2024-10-01 to 2024-10-01, are outside the scenario",
        ),
        (
            "bombs,consumption_rate,mortar bombs,,9,,shells/day,2024-01-01,2024-06-30,2024-07-02,Staff,,,B,",
            "bombs is not compared: the scenario has no munition 'mortar bombs', but shells",
        ),
    ],
)
def test_a_claim_of_ones_own_is_never_dropped_without_a_line(own: Path, row: str, says: str) -> None:
    found = few(with_row(own, row))
    (line,) = found.own_faults
    assert line.startswith(f"{own.parent / EVIDENCE}:8:1: {says}")
    assert found.table["status"].tolist().count("not comparable") == 1


ALLOWED_FLOWS = (
    "stock, consumption_rate, production_rate, refurbishment_rate, import_other, "
    "shipments_cumulative_containers, shipments_cumulative_shells"
)
RATES = "for a rate with /day, /week, /month or /year"


@pytest.mark.parametrize(
    ("cells", "place", "says"),
    [
        (
            "stok,,,9,,shells",
            "3:5: quantity",
            f"stok is no flow or stock of the account; allowed: {ALLOWED_FLOWS}; did you mean 'stock'?",
        ),
        (
            "gun_barrel,,,9,,barrels/year",
            "3:5: quantity",
            f"gun_barrel is no flow or stock of the account; allowed: {ALLOWED_FLOWS}",
        ),
        (
            "production_rate,,,9,,shells/fortnight",
            "3:26: unit",
            f"the account has nothing in the unit 'shells/fortnight'; allowed: shells or rounds, {RATES}",
        ),
        (
            "import_other,,,9,,contaner/monht",
            "3:23: unit",
            "the account has nothing in the unit 'contaner/monht'; allowed: shells, rounds, containers or "
            f"tonnes, {RATES}; did you mean 'containers/month'?",
        ),
        (
            "stock,,,9,,shells/day",
            "3:16: unit",
            "a stock is in shells, and not in 'shells/day'; allowed: shells or rounds; did you mean "
            "'shells'?",
        ),
        (
            "consumption_rate,,,9,,shells/hour",
            "3:27: unit",
            "a rate an hour is that of an hour of a peak, and the account has days; allowed: shells or "
            f"rounds, {RATES}",
        ),
    ],
)
def test_an_unknown_quantity_or_unit_has_the_place_of_its_cell(cells: str, place: str, says: str) -> None:
    header = (SCENARIOS / EVIDENCE).read_text("utf-8").partition("\n")[0]
    row = f"odd,{cells},2024-01-01,2024-01-01,2024-01-02,Staff,,,B,"
    table = table_of(f"\n{header}\n{row}\n".encode(), "own.csv")
    scenario = sim.load(DELIVERIES)
    # The place is the same in a table that is merged with the shipped one.
    for every in (table, sim.evidence.load().merged(table)):
        (line,) = own_faults(every, match(every, scenario))
        assert line == f"own.csv:{place}: odd is not compared: {says}"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("odd,stock,,many,,,shells,2024-01-01,2024-01-01,2024-01-02,Ministry,,,B,", "'many' is not a number"),
        ("odd,stock,,9,,8,shells,2024-01-01,2024-01-01,2024-01-02,Ministry,,,B,", "9 is more than high, 8"),
    ],
)
def test_a_claim_that_is_no_number_or_low_above_high_is_refused_with_its_place(
    own: Path, row: str, says: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        few(with_row(own, row))
    (fault,) = refused.value.faults
    assert f"{EVIDENCE}:8:12" in str(fault)
    assert says in str(fault)
    with pytest.raises(EvidenceError, match=says):
        sim.audit(DELIVERIES, evidence=own.parent / EVIDENCE)


def test_hindsight_is_refused_by_name(own: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        sim.audit(SCENARIOS / "white-house-2023.yaml", "2023-10-17")
    text = str(refused.value)
    for source, date in (
        ("stock-2023-10-kiviselg-4m", "2023-10-27"),
        ("dud-2024-02-hur-half", "2024-02-26"),
        ("spc-osc-250to375", "2025-04-15"),
    ):
        assert f"the source {source} was published on {date}" in text
    assert "white-house-2023.yaml:19:12: depots.tikhoretsk.stock" in text
    assert (
        "an audit as of 2023-10-17 would have hindsight; allowed: another scenario, or a date from 2025-04-15"
        in text
    )
    with pytest.raises(ArgumentError, match=r"the date of the audit: '17\.10\.2023' is not a date"):
        sim.audit(own, "17.10.2023")


def test_the_command_suggests_a_scenario_without_hindsight(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["audit", str(SCENARIOS / "white-house-2023.yaml"), "--as-of", "2023-10-17"]
    status = exit_status(lambda: app(words, prog_name="sim", standalone_mode=False))
    error = capsys.readouterr().err
    assert status == 1
    assert error.count("was published on") == 3
    assert f"did you mean '{(SCENARIOS / 'white-house-2023-10.yaml').as_posix()}'?" in error


def test_claims_after_the_date_do_not_count(own: Path) -> None:
    found = few(own, "2024-06-20")
    assert [match.estimate.id for match in found.matching.matched] == ["stock-january", "speech"]
    assert found.summary()["claims"]["not_comparable"] == {"published later": 4}
    # What could have fed it is not claimed yet.
    assert found.exclusions.sets == ()


def test_no_claim_about_the_account_is_an_error_that_counts_the_reasons(own: Path) -> None:
    with pytest.raises(ArgumentError, match=r"none of 6 claims is about this account \(published later: 6\)"):
        sim.audit(own, "2023-12-31")


def test_a_table_without_claims_is_an_error_that_says_so(own: Path) -> None:
    claims = own.parent / EVIDENCE
    claims.write_text(claims.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    with pytest.raises(ArgumentError, match=r"^the table has no claims; allowed: claims on fire, output"):
        sim.audit(own)


@pytest.mark.slow
def test_the_files_are_the_same_with_one_worker_and_two(found: Audit) -> None:
    assert sim.audit(DELIVERIES, walkers=WALKERS, jobs=1).files() == found.files()


def test_rows_of_csv_have_as_many_cells_as_the_header(folder: Path) -> None:
    for name in ("claims.csv", "exclusions.csv", "factors.csv", "inputs.csv"):
        header, *rows = csv.reader(io.StringIO((folder / name).read_text("utf-8")))
        assert all(len(row) == len(header) for row in rows), name
    assert json.loads((folder / "manifest.json").read_text())["verb"] == "audit"
