"""The live page: a scenario whose inputs move while the stock answers.

In the order of the work:

1. ``setting.py``: the values that differ from the file, as text, as a link and as a command.
2. ``slider_scale.py``, ``controls.py``: sliders, selects and switches for the inputs of a scenario.
3. ``simulation.py``: runs of a setting; ``picture.py``: what the page shows of them.
4. ``chart_options.py``: the chart, as options of ECharts; ``chart_style.py``: its house style.
5. ``elements.py``, ``exact_field.py``, ``input_panel.py``, ``findings_panel.py``, ``page.py`` (with
   ``page.css``): the page, for NiceGUI; ``redrawing.py``: the newest setting is drawn next.
6. ``access_guard.py``, ``server.py``: the server on the loopback interface.
7. ``explorer.py``: `explore`, for notebooks and the command line.

Only the modules of 5 and 6 import the framework, which is an extra: ``munitions-sim[explore]``.
"""
