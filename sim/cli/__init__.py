"""The command line: thin verbs over the public names of the rooms.

`entry` makes sure that ``sim`` is this package; `app` declares the verbs and turns errors into messages
and exit statuses; `run_command`, `looking`, `chart_command`, `compare_command`, `sweep_command`, `breakeven_command`, `sensitivity_command`,
`verify_command` and `new_command` carry the verbs out; `command_options` is what the questions about one scenario share;
`verdict` says a result in ten lines; `progress_display` shows how far a run is; `template` holds what `sim new`
writes. What a verb needs is imported inside it, so that ``sim --help`` is quick.
"""
