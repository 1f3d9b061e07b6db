"""Generator of ``docs/keys.md``, the reference of the keys of a scenario file.

In the order of the work:

1. ``template.md``: introduction to each table, and example YAML.
2. ``words.py``: accepted values of a key as text, from its annotation.
3. ``page.py``: the page, one table per part, from `Scenario` down. Its sources are the JSON Schema for
   descriptions and defaults, and the template, else a shipped scenario, for examples.

A key added to a part appears in the reference without changes here. ``make reference`` writes the page.
"""
