"""The scenario door: text to a checked, frozen `Scenario`.

What happens, in order: `reading` turns bytes into a tree with positions, within limits; `merging` lays
files and overrides over one another; `loading` checks the tree against the parts (`scenario`, `depot`,
`production`, `shipment`, `consumption`), whose numbers are read by `measure` and `number` in the
dimensions of `dimension`, drawn by the laws of `distributions` and `laws`; `translation` says in plain
words what pydantic found; `checking` holds the parts against one another, and `sense` warns of what is
allowed but odd. `schema` describes the same parts as JSON Schema. `listing` walks the numbers.
"""
