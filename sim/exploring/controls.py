"""Controls of the live page: sliders, selects and switches for the inputs of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.evidence import Table
from sim.exploring.setting import OFF, Setting
from sim.exploring.slider_scale import Scale, count_scale, fixed_scale, format_up_to, law_scale, value_text
from sim.formatting import number_format
from sim.names import Names
from sim.scenario.citation import Citation
from sim.scenario.dimension import Dimension
from sim.scenario.event_references import events_counted_from
from sim.scenario.labels import names_of
from sim.scenario.laws import Choice
from sim.scenario.number_listing import ListedNumber, numbers_by_path
from sim.scenario.rationing_rules import RULES
from sim.scenario.relative_dates import date_text
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg

#: Sections with components that can be switched off.
_SWITCHED = ("production", "shipments", "orders", "refurbishment", "transfers", "events")
#: Order of the sections on the page.
_ORDER = (
    "depots",
    "consumption",
    "production",
    "refurbishment",
    "shipments",
    "orders",
    "transfers",
    "events",
    "munitions",
)
#: Section of the budget, which has no names.
_BUDGET = "budget"
#: Settings without a slider: shares that depend on each other.
_LINKED = ("mix",)
#: Settings that are shown at once although they are fixed and cite no source.
_MAIN = ("rate", "stock", "offered", "vehicles")
#: Probability left out at each end of the range of an unbounded distribution.
_TAIL = 0.005
#: Days of supply of a rationing rule for a consumer that has none.
_DEFAULT_COVER = "30 days"


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source of a number for readers; `url` may be empty."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """An input of the page.

    Attributes
    ----------
    path, name : str
        Path in the file, and name for readers.
    written : str
        The value of the file, for readers: ``3M to 7M``.
    drawn : str
        How the file has it: ``drawn``, ``drawn each time``; empty if it is fixed.
    texts, shown : tuple of str
        Values that it takes, as in a file and for readers.
    start : int
        Position of the value of the file; of its median if it is drawn; -1 if it has none.
    is_slider : bool
        Whether the values are ordered numbers; else the reader picks one of a list.
    sources : tuple of SourceNote
    note : str
    scale : Scale or None
        Of a slider.
    dimension : Dimension or None
        How a number of the slider is read; None for a count.
    """

    path: str
    name: str
    written: str
    texts: tuple[str, ...]
    shown: tuple[str, ...]
    start: int
    drawn: str = ""
    is_slider: bool = True
    sources: tuple[SourceNote, ...] = ()
    note: str = ""
    scale: Scale | None = None
    dimension: Dimension | None = None

    def position(self, text: str | None) -> int:
        """Return the position closest to a value; that of the file's value for None or a distribution."""
        if text in self.texts:
            return self.texts.index(text)
        if text is None or self.scale is None:
            return self.start
        try:
            return self.scale.nearest(
                float(text) if self.dimension is None else self.dimension.read(text).value
            )
        except ValueError:
            return self.start


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """The controls of one component.

    Attributes
    ----------
    path, name : str
    can_switch : bool
        Whether the component can be switched off.
    main, more : tuple of Control
        Those shown at once, and the others.
    """

    path: str
    name: str
    can_switch: bool
    main: tuple[Control, ...]
    more: tuple[Control, ...]

    @property
    def controls(self) -> tuple[Control, ...]:
        """All controls."""
        return self.main + self.more


def control_groups(scenario: Scenario, table: Table) -> list[ControlGroup]:
    """Return the controls by component: stock, requirement, then supply.

    `table` has the estimates that the scenario may cite.
    """
    makers = _ControlMaker(names_of(scenario), table)
    found = []
    counted_from = events_counted_from(scenario)
    # A number for all munitions is listed once for each.
    numbers = list(numbers_by_path(scenario).values())
    for section, parts in sorted(scenario.sections(), key=lambda each: _ORDER.index(each[0])):
        for name in parts:
            path = f"{section}.{name}"
            own = [each for each in numbers if f"{each.part}.".startswith(f"{path}.")]
            made = [
                (control, _is_main(each))
                for each in own
                if each.quantity.path not in _drawn_together(scenario)
                and (control := makers.of_number(each)) is not None
            ]
            made += [(control, True) for control in makers.of_fleets(scenario, path)]
            made += [(control, True) for control in makers.of_rules(scenario, path)]
            made += [(control, True) for control in makers.of_service(scenario, path)]
            # Without an event from which dates count the scenario is not valid.
            can_switch = section in _SWITCHED and not (section == "events" and name in counted_from)
            if made or can_switch:
                main = tuple(control for control, is_main in made if is_main)
                more = tuple(control for control, is_main in made if not is_main)
                found.append(ControlGroup(path, makers.names.path(path), can_switch, main, more))
    return [*found, *makers.of_budget(scenario, numbers)]


def changes_text(setting: Setting, groups: Sequence[ControlGroup]) -> str:
    """Return the changes of a setting as text: ``Changed: Required rate, front 30k a day (60k a day)``."""
    controls = {control.path: control for group in groups for control in group.controls}
    names = {group.path: group.name for group in groups}
    found = []
    for path, text in setting.values.items():
        if path in controls:
            control = controls[path]
            shown = control.shown[control.texts.index(text)] if text in control.texts else text
            found.append(f"{control.name} {shown} ({control.written})")
        elif text == OFF:
            found.append(f"without {names.get(path, path)}")
        else:
            found.append(f"{path} {text}")
    return f"Changed: {'; '.join(found)}" if found else ""


def without_controls(scenario: Scenario) -> int:
    """Return the number of inputs that are drawn together, which have no control."""
    return len(_drawn_together(scenario))


def _drawn_together(scenario: Scenario) -> Sequence[str]:
    return () if scenario.draws is None else scenario.draws.paths


def _is_main(listed: ListedNumber) -> bool:
    quantity = listed.quantity
    is_drawn_once = quantity.law is not None and not listed.is_drawn_each_time
    return is_drawn_once or bool(quantity.sources) or listed.setting.split(".")[0] in _MAIN


@dataclass(frozen=True)
class _ControlMaker:
    names: Names
    table: Table

    def of_number(self, listed: ListedNumber) -> Control | None:
        """Return the control of a number, or None if it cannot have one."""
        quantity = listed.quantity
        if quantity.is_unknown or listed.setting.split(".")[0] in _LINKED:
            return None
        if isinstance(quantity.law, Choice):
            return self._of_choice(listed, quantity.law)
        scale = fixed_scale(listed) if quantity.law is None else law_scale(listed, quantity.law)
        return None if scale is None else self._of_scale(listed, scale)

    def _of_scale(self, listed: ListedNumber, scale: Scale) -> Control:
        return Control(
            listed.quantity.path,
            self.names.path(listed.quantity.path),
            _written(listed),
            scale.texts,
            scale.shown,
            scale.start,
            drawn=_drawn(listed),
            sources=self._sources(listed),
            note=listed.quantity.note,
            scale=scale,
            dimension=listed.dimension,
        )

    def _of_choice(self, listed: ListedNumber, law: Choice) -> Control:
        path, unit, after = listed.quantity.path, listed.quantity.unit, listed.quantity.after
        values = list(dict.fromkeys(law.values))
        form = number_format(unit, path)
        texts = tuple(value_text(value, unit, after) for value in values)
        return Control(
            path,
            self.names.path(path),
            f"drawn among {len(values)} values",
            texts,
            texts if after else tuple(form.text(value) for value in values),
            -1,
            is_slider=False,
            sources=self._sources(listed),
            note=listed.quantity.note,
        )

    def of_fleets(self, scenario: Scenario, path: str) -> Iterator[Control]:
        """Yield a control of the vehicles of each leg of a supplier that counts them."""
        section, name = path.split(".", 1)
        legs: Sequence[Leg] = scenario.shipments[name].route if section == "shipments" else ()
        for position, leg in enumerate(legs):
            if leg.vehicles is not None:
                at = f"{path}.route.{position}.vehicles"
                scale = count_scale(leg.vehicles)
                yield Control(
                    *(at, self.names.path(at), str(leg.vehicles), scale.texts, scale.shown, scale.start),
                    scale=scale,
                )

    def of_rules(self, scenario: Scenario, path: str) -> Iterator[Control]:
        """Yield the control of the rationing rule of a consumer."""
        section, name = path.split(".", 1)
        if section != "consumption":
            return
        rationing = scenario.consumption[name].rationing
        cover = rationing.cover.written if rationing.cover is not None else _DEFAULT_COVER
        cover = cover if rationing.cover is None or rationing.cover.law is None else _DEFAULT_COVER
        texts = tuple(
            f"{{rule: {rule}, cover: {cover}}}" if RULES[rule].needs_cover else f"{{rule: {rule}}}"
            for rule in RULES
        )
        shown = tuple(
            f"{rule}, below {cover} of supply" if RULES[rule].needs_cover else rule for rule in RULES
        )
        at = f"{path}.rationing"
        yield Control(at, self.names.path(at), rationing.rule, texts, shown, -1, is_slider=False)

    def of_service(self, scenario: Scenario, path: str) -> Iterator[Control]:
        """Yield the controls of the priority and the backlog of a consumer that the file gives one."""
        section, name = path.split(".", 1)
        if section != "consumption":
            return
        consumer = scenario.consumption[name]
        if consumer.priority is not None:
            ranks = range(1, len(scenario.consumption) + 1)
            texts = tuple(map(str, sorted({*ranks, consumer.priority})))
            yield self._of_words(f"{path}.priority", str(consumer.priority), texts, texts)
        if consumer.backlog is not None:
            shown = ("what is unmet waits", "what is unmet is lost")
            written = shown[0 if consumer.backlog else 1]
            yield self._of_words(f"{path}.backlog", written, ("true", "false"), shown)

    def of_budget(self, scenario: Scenario, numbers: Sequence[ListedNumber]) -> Iterator[ControlGroup]:
        """Yield the group of the budget, if there is one."""
        if scenario.budget is None:
            return
        own = [each for each in numbers if each.part == _BUDGET]
        controls = [control for each in own if (control := self.of_number(each)) is not None]
        shown = ("what is left of a year carries over", "what is left of a year is lost")
        written = shown[0 if scenario.budget.carries_over else 1]
        controls.append(self._of_words(f"{_BUDGET}.carry_over", written, ("true", "false"), shown))
        yield ControlGroup(_BUDGET, self.names.path(_BUDGET), can_switch=True, main=tuple(controls), more=())

    def _of_words(self, path: str, written: str, texts: tuple[str, ...], shown: tuple[str, ...]) -> Control:
        """Return the control of a setting that is no number: a list of its values."""
        return Control(path, self.names.path(path), written, texts, shown, -1, is_slider=False)

    def _sources(self, listed: ListedNumber) -> tuple[SourceNote, ...]:
        # Two rows of the evidence may be of one page.
        return tuple(dict.fromkeys(map(self._source, listed.quantity.sources)))

    def _source(self, source: str | Citation) -> SourceNote:
        if isinstance(source, Citation):
            published = "" if source.published is None else source.published.isoformat()
            return SourceNote(", ".join(filter(None, [source.claimant or source.url, published])), source.url)
        if source not in self.table:
            return SourceNote(source)
        row = self.table[source]
        published = "" if row.published is None else str(row.published.year)
        return SourceNote(", ".join(filter(None, [row.claimant or row.publisher, published])), row.url)


def _written(listed: ListedNumber) -> str:
    """Return the number of the file for readers: ``3M to 7M`` or ``2.5M a year``."""
    quantity = listed.quantity
    if quantity.law is None:
        form = format_up_to(quantity.value, quantity)
        return quantity.written if quantity.after else form.text(quantity.value)
    bounds = quantity.law.bounds()
    if not all(map(_is_finite, bounds)):
        bounds = quantity.law.inverse(_TAIL), quantity.law.inverse(1.0 - _TAIL)
    if quantity.after:
        return " to ".join(date_text(round(bound), quantity.after) for bound in bounds)
    form = format_up_to(bounds[1], quantity)
    low, high = map(form.text, bounds)
    return f"{low.removesuffix(form.suffix)} to {high}"


def _drawn(listed: ListedNumber) -> str:
    if listed.quantity.law is None:
        return ""
    return "drawn each time" if listed.is_drawn_each_time else "drawn"


def _is_finite(value: float) -> bool:
    return abs(value) < 1e14
