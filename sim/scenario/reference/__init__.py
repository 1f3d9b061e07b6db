"""The reference of every key of a scenario file, ``docs/keys.md``, made from the parts that check one.

What happens, in order: `page` walks the parts from `Scenario` down and writes a table for each, with what
each key is and its default from the JSON Schema; `words` says what a key takes, from its annotation.
``template.md`` holds what no annotation knows: a few words before each table, and pieces of YAML after it.
The example beside a key is cut out of those pieces, and for a key that none of them shows, out of a shipped
scenario. So a key that is added to a part appears in the reference without a line here.

``python -m sim.scenario.reference`` prints the page; ``make reference`` writes it.
"""
