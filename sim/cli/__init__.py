"""The command line: thin verbs over the public functions of the package.

1. ``entry`` starts the command ``sim`` and checks that the name ``sim`` resolves to this package.
2. ``app`` declares the verbs, and turns errors into messages and exit statuses.
3. One module per verb: ``run_command``, ``validate_command``, ``show_command``, ``compare_command``,
   ``sweep_command``, ``verify_command``, ``breakeven_command``, ``sensitivity_command``, ``trace_command``,
   ``chart_command``, ``evidence_command``, ``doctor_command``, ``new_command``, ``completion_command``,
   ``export_command``, ``report_command``, ``audit_command``, ``backtest_command`` and
   ``explore_command``.
4. ``command_options`` has the options shared by several verbs, and the default result folder.
   ``count_option`` parses whole numbers, ``chart_options`` the options of charts; ``completions`` gives the
   values that a shell completes; ``evidence_table`` lays out estimates, and ``output_file`` checks a file to
   be written.
5. ``working_folder`` handles a working folder that was deleted.
6. ``progress_display`` shows a progress bar.
7. ``drawing`` draws the chart of a result and reports drawing errors.
8. ``verdict`` formats a result as ten lines; ``result_output`` prints warnings and results, ``json_output``
   JSON.
9. ``standard_streams`` keeps a closed or full output stream from ending a command.
10. ``template`` contains the files that ``sim new`` writes.

Each verb imports its dependencies when it runs, so that ``sim --help`` is fast.
"""
