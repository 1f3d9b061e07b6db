"""Reader of house style files: YAML to a `HouseStyle`, or every fault at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import ArgumentError, Fault, Where, nearest, nearest_path
from sim.house_style.house_style import COLOUR_ROLES, ORIGINS, HouseStyle
from sim.house_style.locale_language import UnknownLanguageError, find_language
from sim.house_style.matplotlib_file import read_settings
from sim.language import ENGLISH, Language
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode, with_paths
from sim.scenario.yaml_reader import read_bytes

_KEYS = ("mplstyle", "colours", "fonts", "language")
_COLOUR_KEYS = (*COLOUR_ROLES, "origins", "colour_map")
_FONT_KEYS = ("regular", "bold")
_FONT_FILES = (".ttf", ".otf", ".ttc")
#: Role of each setting of matplotlib that colours text, grid or background.
_ROLES_OF_SETTINGS = {
    "text.color": "text",
    "axes.labelcolor": "notes",
    "grid.color": "grid",
    "figure.facecolor": "background",
}


def read_style(file: Path | str) -> HouseStyle:
    """Read a house style file.

    Parameters
    ----------
    file : Path or str
        A YAML file with the keys ``mplstyle``, ``colours``, ``fonts`` and ``language``, all optional. Paths
        in it are relative to it.

    Returns
    -------
    HouseStyle

    Raises
    ------
    ArgumentError
        The file cannot be read, or has an unknown key or an invalid value; lists every fault.
    ScenarioError
        The file is not YAML.
    """
    path = Path(file)
    faults: list[Fault] = []
    tree = with_paths(read_bytes(_bytes_of(path), str(path), faults))
    reader = _Reader(path.parent, faults)
    found = reader.read(tree)
    if faults:
        raise ArgumentError(faults)
    return found


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        near = nearest_path(path)
        raise ArgumentError([Fault(f"{path}: there is no such house style file", nearest=near)]) from None
    except OSError as error:
        raise ArgumentError([Fault(f"{path} cannot be read: {error.strerror}")]) from None


class _Reader:
    """Reader of the keys of one file, whose faults it collects."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.folder = folder
        self.faults = faults

    def read(self, tree: Node) -> HouseStyle:
        top = self._map(tree, _KEYS)
        settings = self._settings(top.get("mplstyle"))
        colours = self._map(top.get("colours"), _COLOUR_KEYS)
        fonts = self._map(top.get("fonts"), _FONT_KEYS)
        files = {key: self._font(node, is_bold=key == "bold") for key, node in fonts.items()}
        regular = files.get("regular") or _family_file(settings, is_bold=False)
        bold = files.get("bold") or self._bold_of(fonts, regular, settings)
        return HouseStyle(
            _colours_of(settings) | self._colours(colours),
            self._origins(colours.get("origins")) or _cycle_of(settings),
            self._colour_map(colours.get("colour_map")) or str(settings.get("image.cmap", "")),
            regular,
            bold,
            self._language(top.get("language")),
            settings,
        )

    def _map(self, node: Node | None, known: tuple[str, ...]) -> Mapping[str, Node]:
        if node is None:
            return {}
        if not isinstance(node, MapNode):
            self._add(node, "a map of keys is expected", ", ".join(known))
            return {}
        for key, _, where in node.entries():
            if key not in known:
                self.faults.append(
                    Fault(f"there is no key {key!r}", where, node.path, ", ".join(known), nearest(key, known))
                )
        return {key: child for key, child in node.items() if key in known}

    def _colours(self, found: Mapping[str, Node]) -> dict[str, str]:
        return {role: self._colour(node) for role, node in found.items() if role in COLOUR_ROLES}

    def _colour(self, node: Node) -> str:
        from matplotlib.colors import is_color_like, to_hex

        text = self._text(node)
        if not is_color_like(text):
            self._add(node, f"{text!r} is not a colour", 'a name, or a quoted code such as "#0072B2"')
            return ""
        return to_hex(text).upper()

    def _origins(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, ListNode) or not 1 <= len(node) <= len(ORIGINS):
            self._add(node, "a list of colours is expected", f"one to {len(ORIGINS)} colours")
            return ()
        return tuple(map(self._colour, node))

    def _colour_map(self, node: Node | None) -> str:
        from matplotlib import colormaps

        if node is None:
            return ""
        text = self._text(node)
        if text not in colormaps:
            self._add(node, f"there is no colour map {text!r}", near=nearest(text, colormaps))
        return text

    def _font(self, node: Node, *, is_bold: bool) -> str:
        from matplotlib.font_manager import fontManager

        text = self._text(node)
        if text.lower().endswith(_FONT_FILES):
            return self._font_file(node, self.folder / text)
        if text not in (families := fontManager.get_font_names()):
            self._add(
                node,
                f"no font {text!r} is installed",
                "a font file, or the name of an installed font",
                nearest(text, families),
            )
            return ""
        return _installed_file([text], is_bold=is_bold)

    def _bold_of(self, fonts: Mapping[str, Node], regular: str, settings: Mapping[str, Any]) -> str:
        """Return the bold font where the file names none: of the same family, or else the regular one."""
        if "regular" not in fonts:
            return _family_file(settings, is_bold=True)
        return self._font(fonts["regular"], is_bold=True) if regular else ""

    def _font_file(self, node: Node, path: Path) -> str:
        from matplotlib.ft2font import FT2Font

        try:
            FT2Font(str(path))
        except (OSError, RuntimeError):
            near = nearest_path(path) if not path.exists() else ""
            self._add(node, f"{path} is not a font that can be read", near=near)
        return str(path)

    def _settings(self, node: Node | None) -> dict[str, Any]:
        if node is None:
            return {}
        path = self.folder / self._text(node)
        if not path.is_file():
            self._add(node, f"there is no matplotlib style file {path}", near=nearest_path(path))
            return {}
        return read_settings(path, self.faults)

    def _language(self, node: Node | None) -> Language:
        if node is None:
            return ENGLISH
        try:
            return find_language(self._text(node))
        except UnknownLanguageError as error:
            self._add(node, str(error), "a code such as de, fr or pt_BR", error.nearest)
            return ENGLISH

    def _text(self, node: Node) -> str:
        if isinstance(node, TextNode):
            return node.text.strip()
        self._add(node, "one value is expected")
        return ""

    def _add(self, node: Node, problem: str, allowed: str = "", near: str = "") -> None:
        where: Where = node.where
        self.faults.append(Fault(problem, where, node.path, allowed, near))


def _colours_of(settings: Mapping[str, Any]) -> dict[str, str]:
    from matplotlib.colors import is_color_like, to_hex

    return {
        role: to_hex(settings[name]).upper()
        for name, role in _ROLES_OF_SETTINGS.items()
        if name in settings and is_color_like(settings[name])
    }


def _cycle_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    from matplotlib.colors import to_hex

    cycle = settings.get("axes.prop_cycle")
    colours = [] if cycle is None else cycle.by_key().get("color", [])
    return tuple(to_hex(colour).upper() for colour in colours[: len(ORIGINS)])


def _family_file(settings: Mapping[str, Any], *, is_bold: bool) -> str:
    """Return the file of the font family of a matplotlib style file; empty if it has none."""
    families = list(settings.get("font.family", []))
    generic = [name for family in families for name in settings.get(f"font.{family}", [])]
    names = [*generic, *families]
    return _installed_file(names, is_bold=is_bold) if names else ""


def _installed_file(names: list[str], *, is_bold: bool) -> str:
    from matplotlib.font_manager import FontProperties, findfont

    weight = "bold" if is_bold else "normal"
    return str(findfont(FontProperties(family=names, weight=weight)))
