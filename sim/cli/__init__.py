"""The command line: thin verbs over the public names of the rooms.

`entry` makes sure that ``sim`` is this package; `app` declares the verbs and turns errors into messages
and exit statuses; `running`, `looking`, `charting`, `comparing`, `sweeping`, `solving`, `driving`,
`verifying` and `starting` carry the verbs out; `order` is what the questions about one scenario share;
`verdict` says a result in ten lines; `progress` shows how far a run is; `template` holds what `sim new`
writes. What a verb needs is imported inside it, so that ``sim --help`` is quick.
"""
