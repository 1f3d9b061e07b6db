"""The scenario door: text to a checked, frozen `Scenario`.

What happens, in order: `yaml_reader` turns bytes into the tree of `yaml_nodes`, with positions and within limits,
and `plain_data` does so for Python data; `extends` lays a file over the one that it extends, `overrides`
sets single values, and `attachment` reads the files that a scenario names beside itself. `loader` checks
the tree against the parts (`scenario`, `depot`, `production_line`, `shipment`, `consumer`, `munition`,
`workshop`, `transfer`, `event`; what they share is `part`, what they must know of one another is
`validation_context`, what the caller says besides is `external_names`). Their fields are annotated by `field_types`; their numbers
are read by `number_reader` in the dimensions of `dimension`, drawn by the laws of `distributions` and `laws`,
and kept as `quantity`. `name_checks` looks at names, `event_targets` at what events may act on,
`pydantic_errors` says in plain words what pydantic found, with the nearest names of `suggestions`. Last, `joint_samples_reader`
holds a table of joint samples, read by its `csv_cells`, against the numbers of the scenario: its `joint_samples`.

Of a finished scenario, `number_listing` walks the numbers, `lint` warns of what is allowed but odd, `yaml_writer`
writes it as text again, and `fingerprint` says what its account depends on. `schema` and `number_patterns`
describe the same parts as JSON Schema, and `reference` does as a page to read; `override_notes` tells what was set
over the files, `path` what lies in what; `frozen_dict` is a dictionary that does not change.
"""
