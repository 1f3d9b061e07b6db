"""House style: colours, fonts and the language of dates and numbers, from one YAML file.

1. ``house_style.py``: `HouseStyle`, and the default palette with the role of each colour.
2. ``locale_language.py``: dates and numbers of a language, from the CLDR tables of Babel.
3. ``matplotlib_file.py``: settings of a matplotlib style file.
4. ``style_reader.py``: `read_style`, a style file to a `HouseStyle`, or every fault at once.
"""
