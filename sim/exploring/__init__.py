"""Live page of a scenario: sliders for the inputs, and a chart and findings that follow them.

In the order of the work:

1. ``setting.py``: the values that differ from the file, as text, as a link and as a command.
2. ``slider_scale.py``, ``controls.py``: sliders, selects and switches for the inputs of a scenario.
3. ``simulation.py``: runs of a setting; ``picture.py``: the data of chart and findings.
4. ``chart_options.py``: the chart, as options of ECharts; ``chart_style.py``: its house style.
5. ``elements.py``, ``exact_field.py``, ``input_panel.py``, ``findings_panel.py``, ``page.py`` (with
   ``page.css``): the page, for NiceGUI; ``redrawing.py``: only the newest setting is drawn.
6. ``access_guard.py``, ``server.py``: the server on the loopback interface.
7. ``explorer.py``: `explore`, for notebooks and the command line.

Only the modules of 5 and 6 import the framework, which is an extra: ``munitions-sim[explore]``.
"""
