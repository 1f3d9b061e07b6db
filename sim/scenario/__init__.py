"""Scenario files: YAML or Python data to a validated, immutable `Scenario`.

In the order of the work:

1. ``yaml_reader.py``: YAML to a node tree (``yaml_nodes.py``) with positions, within limits;
   ``plain_data.py``: Python data to the same tree.
2. ``extends.py``: merging of a file with the file that it extends; ``overrides.py``: ``--set`` and `replace`.
3. ``attachment.py``: evidence tables and joint samples that the scenario names; ``input_file.py``: names of
   input files and pipes.
4. ``loader.py``: validation of the tree against the parts, pydantic models on the base class of ``part.py``:
   ``scenario.py``, ``depot.py``, ``production_line.py``, ``shipment.py``, ``consumer.py``, ``munition.py``,
   ``workshop.py``, ``transfer.py``, ``event.py``, ``activity.py``, ``order_line.py``, ``budget.py``.
5. ``validation_context.py``: cross-references within the file; ``external_names.py``: evidence ids and
   rationing rules that the caller passes.
6. ``field_types.py``: field annotations; ``number_reader.py``: quantities (``quantity.py``) in a dimension
   (``dimension.py``); ``distributions.py`` and ``laws.py``: distributions and their inverse CDFs;
   ``relative_dates.py``, ``event_references.py``: dates that count from events; ``ages.py``: ages of opening
   stocks, ``age_checks.py``: whether they fit shelf lives; ``source_reader.py``: sources and cited pages
   (``citation.py``); ``limits.py``: limits of a run; ``rationing_rules.py``: rationing rules and their
   formulas.
7. ``name_checks.py``: component names, labels and the currency; ``event_targets.py``: paths that events may
   name; ``pydantic_errors.py``: pydantic errors to faults; ``suggestions.py``: nearest valid names;
   ``digit_groups.py``, ``range_text.py`` and ``amount_text.py``: suggestions for ``10,000``, ``3M-5M`` and
   ``10000 per day``; ``key_hints.py``: for keys such as ``imports``; ``yaml_hints.py``: for YAML errors.
8. ``joint_samples_reader.py``: joint samples (``joint_samples.py``) from CSV (``csv_cells.py``).

Of a finished scenario:

- ``number_listing.py``: every number with its path; ``lint.py``: warnings; ``yaml_writer.py``: YAML output.
- ``cohort_calendar.py``: cohorts of manufacture of munitions with a shelf life.
- ``unknown_stock.py``: opening stocks that the file leaves unknown.
- ``labels.py``: names for readers, with the forms of ``grammar.py``.
- ``fingerprint.py``: digest of the inputs; ``result_axes.py``: axes of result arrays.
- ``override_notes.py``: overrides in titles; ``path.py``: path prefixes; ``frozen_dict.py``: immutable dict.

``schema.py`` and ``number_patterns.py`` describe the format as JSON Schema.
``study_file.py``, ``study_values.py`` and ``value_ranges.py`` read study files and the values that they vary.
"""
