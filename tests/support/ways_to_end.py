"""Signals that end a command, with its exit status, to the process alone or to its whole group."""

from __future__ import annotations

import signal

import pytest

#: Two cases in each run of the tests, the other two in a campaign.
WAYS_TO_END = [
    pytest.param(
        sent,
        status,
        to_group,
        id=f"{sent.name}-{'group' if to_group else 'process'}",
        marks=[] if to_group == (sent is signal.SIGINT) else pytest.mark.campaign,
    )
    for sent, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143))
    for to_group in (False, True)
]
