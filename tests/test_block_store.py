"""The blocks of a sweep on disk: which points are finished, and which killed their worker."""

from __future__ import annotations

from pathlib import Path

from sim.study.block_store import BlockStore
from sim.study.study_definition import make_study
from sim.study.sweep_task import encode_block, killed_block
from tests.support.small_sweep import SCENARIO, VARY


def test_a_point_that_killed_its_worker_is_not_finished_until_another_block_has_it(tmp_path: Path) -> None:
    study = make_study(SCENARIO, VARY, design=None, runs=2, seed=1, jobs=1)
    store = BlockStore(tmp_path)
    store.open()
    store.add(encode_block(study.task((0, 1))))
    store.add(killed_block(study.task((2,))))
    key = [study.identity.key(point) for point in range(4)]
    asked = study.identity.keys(range(4))
    assert sorted(store.index().keys.tolist()) == sorted(key[:2])
    assert (store.index().locate(asked) >= 0).tolist() == [True, True, False, False]
    # The last table of a sweep has a row for it, from the second block.
    known = store.index(killed=True)
    places = known.locate(asked)
    assert (places >= 0).tolist() == [True, True, True, False]
    assert known.blocks[places[:3]].tolist() == [0, 0, 1]
    assert known.rows[places[:3]].tolist() == [0, 1, 0]
    # Computed at last, the point is taken from the block that has its figures.
    store.add(encode_block(study.task((3, 2))))
    computed = store.index(killed=True)
    place = computed.locate(asked)
    assert computed.blocks[place].tolist() == [0, 0, 2, 2]
    assert computed.rows[place].tolist() == [0, 1, 1, 0]
    assert len(store.index().keys) == len(computed.keys) == 4
