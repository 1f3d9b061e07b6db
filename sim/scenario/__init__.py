"""The scenario door: text to a checked, frozen `Scenario`.

What happens, in order: `reading` turns bytes into the tree of `nodes`, with positions and within limits,
and `plain` does so for Python data; `merging` lays a file over the one that it extends, `overriding`
sets single values, and `attachment` reads the files that a scenario names beside itself. `loading` checks
the tree against the parts (`scenario`, `depot`, `production`, `shipment`, `consumption`, `munition`,
`refurbishment`, `transfer`, `event`; what they share is `part`, what they must know of one another is
`context`, what the caller says besides is `known`). Their fields are annotated by `measure`; their numbers
are read by `number` in the dimensions of `dimension`, drawn by the laws of `distributions` and `laws`,
and kept as `quantity`. `checking` looks at names, `targets` at what events may act on,
`translation` says in plain words what pydantic found, with the nearest names of `spelling`. Last, `samples`
holds a table of joint samples, read by its `cells`, against the numbers of the scenario: its `draws`.

Of a finished scenario, `listing` walks the numbers, `sense` warns of what is allowed but odd, `emitting`
writes it as text again, and `likeness` says what its account depends on. `schema` and `patterns`
describe the same parts as JSON Schema, and `reference` does as a page to read; `changes` tells what was set
over the files, `path` what lies in what; `frozen` is a dictionary that does not change.
"""
