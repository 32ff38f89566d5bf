"""Discord's limits on components, in messages and in modals."""

from collections.abc import Collection
from typing import Any

from .errors import Payload
from .problems import Problems

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, SECTION, TEXT, THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 12, 13, 14, 17, 18
SELECTS = frozenset({STRING_SELECT, 5, 6, 7, 8})
# File upload, radio group, checkbox group, checkbox.
MODAL_ONLY = frozenset({TEXT_INPUT, 19, 21, 22, 23})
IN_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
TOP_V2 = IN_CONTAINER | {CONTAINER}
LINK, PREMIUM = 5, 6

COMPONENTS = 40
ROWS_LEGACY = 5
TEXT_CHARS = 4_000
OPTIONS = 25


class ComponentCheck:
    """Walks one tree of components and notes what Discord would refuse."""

    def __init__(self, problems: Problems, filenames: Collection[str], *, v2: bool) -> None:
        self._problems = problems
        self._filenames = filenames
        self._v2 = v2
        self._count = 0
        self._chars = 0
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()

    def message(self, components: list[Payload]) -> None:
        """Check the components of a message."""
        allowed = TOP_V2 if self._v2 else {ROW}
        if not self._v2:
            self._problems.most("components", components, ROWS_LEGACY)
        self._each("components", components, allowed)
        self._totals()

    def modal(self, components: list[Payload]) -> None:
        """Check the components of a modal."""
        if not 1 <= len(components) <= 5:
            self._problems.add("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        self._each("components", components, {ROW, TEXT, LABEL}, modal=True)
        self._totals()

    def _totals(self) -> None:
        if self._count > COMPONENTS:
            self._problems.add(
                "components",
                "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                f"The total number of components cannot exceed {COMPONENTS}; this has {self._count}.",
            )
        if self._chars > TEXT_CHARS:
            self._problems.add(
                "components",
                "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                f"Texts cannot exceed {TEXT_CHARS} characters in all; these have {self._chars}.",
            )

    def _each(self, at: str, items: list[Payload], allowed: Collection[int], *, modal: bool = False) -> None:
        for index, item in enumerate(items):
            self._one(f"{at}.{index}", item, allowed, modal=modal)

    def _one(self, at: str, item: Payload, allowed: Collection[int], *, modal: bool = False) -> None:
        kind = item.get("type")
        self._count += 1
        if not isinstance(kind, int) or kind not in allowed:
            self._problems.add(
                f"{at}.type", "UNION_TYPE_CHOICES", f"Component type {kind} cannot stand here: {sorted(allowed)}."
            )
            return
        number = item.get("id")
        if number:
            if number in self._ids:
                self._problems.add(f"{at}.id", "COMPONENT_DUPLICATED_ID", f"Id {number} is used twice.")
            self._ids.add(number)
        if kind == ROW:
            self._row(at, item, modal=modal)
        elif kind == LABEL:
            self._problems.between(f"{at}.label", item.get("label"), 1, 45)
            self._problems.longest(f"{at}.description", item.get("description"), 100)
            self._one(f"{at}.component", item.get("component") or {}, SELECTS | MODAL_ONLY, modal=True)
        elif kind == CONTAINER:
            self._container(at, item)
        elif kind == SECTION:
            self._section(at, item)
        elif kind == TEXT:
            self._problems.between(f"{at}.content", item.get("content"), 1, TEXT_CHARS)
            self._chars += len(item.get("content") or "")
        elif kind == GALLERY:
            self._gallery(at, item)
        elif kind == THUMBNAIL:
            self._picture(at, item)
        elif kind == FILE:
            self._file(at, item)
        elif kind == BUTTON:
            self._button(at, item)
        elif kind in SELECTS:
            self._select(at, item)
        elif kind in MODAL_ONLY:
            self._input(at, item)

    def _row(self, at: str, row: Payload, *, modal: bool) -> None:
        inside = row.get("components") or []
        kinds = [child.get("type") for child in inside]
        if modal:
            fits, allowed = kinds == [TEXT_INPUT], frozenset({TEXT_INPUT})
        elif kinds and kinds[0] in SELECTS:
            fits, allowed = len(kinds) == 1, SELECTS
        else:
            fits, allowed = 1 <= len(kinds) <= 5, frozenset({BUTTON})
        if not fits:
            self._problems.add(f"{at}.components", "BASE_TYPE_BAD_LENGTH", "A row holds 1-5 buttons or a select.")
            return
        self._each(f"{at}.components", inside, allowed, modal=modal)

    def _container(self, at: str, container: Payload) -> None:
        colour = container.get("accent_color")
        if colour is not None and not 0 <= colour <= 0xFFFFFF:
            self._problems.add(f"{at}.accent_color", "NUMBER_TYPE_MAX", "Must be a colour.")
        inside = container.get("components") or []
        if not inside:
            self._problems.add(f"{at}.components", "BASE_TYPE_REQUIRED", "This field is required")
        self._each(f"{at}.components", inside, IN_CONTAINER)

    def _section(self, at: str, section: Payload) -> None:
        inside = section.get("components") or []
        if not 1 <= len(inside) <= 3:
            self._problems.add(f"{at}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
        self._each(f"{at}.components", inside, {TEXT})
        self._one(f"{at}.accessory", section.get("accessory") or {}, {BUTTON, THUMBNAIL})

    def _gallery(self, at: str, gallery: Payload) -> None:
        items = gallery.get("items") or []
        if not 1 <= len(items) <= 10:
            self._problems.add(f"{at}.items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
        for index, item in enumerate(items):
            self._picture(f"{at}.items.{index}", item)

    def _picture(self, at: str, item: Payload) -> None:
        self._problems.longest(f"{at}.description", item.get("description"), 1_024)
        self._problems.media(f"{at}.media.url", (item.get("media") or {}).get("url"), self._filenames)

    def _file(self, at: str, item: Payload) -> None:
        url = (item.get("file") or {}).get("url")
        self._problems.media(f"{at}.file.url", url, self._filenames)

    def _button(self, at: str, button: Payload) -> None:
        style = button.get("style")
        self._problems.longest(f"{at}.label", button.get("label"), 80)
        if not isinstance(style, int) or not 1 <= style <= 6:
            self._problems.add(f"{at}.style", "BASE_TYPE_CHOICES", "Must be a button style.")
        elif style == LINK:
            self._problems.between(f"{at}.url", button.get("url"), 1, 512)
            if button.get("custom_id"):
                self._problems.add(f"{at}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "")
        elif style != PREMIUM:
            self._custom_id(at, button)
            if button.get("url"):
                self._problems.add(f"{at}.url", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "")
        if style != PREMIUM and not button.get("label") and not button.get("emoji"):
            self._problems.add(f"{at}.label", "BUTTON_COMPONENT_INVALID_LABEL", "A button needs a label or emoji.")

    def _select(self, at: str, select: Payload) -> None:
        self._custom_id(at, select)
        self._problems.longest(f"{at}.placeholder", select.get("placeholder"), 150)
        least, most = select.get("min_values"), select.get("max_values")
        least, most = 1 if least is None else least, 1 if most is None else most
        options = select.get("options") or []
        ceiling = len(options) if select["type"] == STRING_SELECT else OPTIONS
        if not 0 <= least <= most or not 1 <= most <= max(1, ceiling):
            self._problems.add(
                f"{at}.max_values", "NUMBER_TYPE_MAX", f"{least} to {most} of {ceiling} options cannot be chosen."
            )
        if select["type"] == STRING_SELECT:
            self._options(at, options, most)

    def _options(self, at: str, options: list[Payload], most: int) -> None:
        if not 1 <= len(options) <= OPTIONS:
            self._problems.add(f"{at}.options", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {OPTIONS} in length.")
        values: set[Any] = set()
        for index, option in enumerate(options):
            where = f"{at}.options.{index}"
            self._problems.between(f"{where}.label", option.get("label"), 1, 100)
            self._problems.between(f"{where}.value", option.get("value"), 1, 100)
            self._problems.longest(f"{where}.description", option.get("description"), 100)
            if option.get("value") in values:
                self._problems.add(f"{where}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Used twice.")
            values.add(option.get("value"))
        if sum(1 for option in options if option.get("default")) > most:
            self._problems.add(f"{at}.options", "SELECT_COMPONENT_MAX_DEFAULT_OPTIONS", "Too many defaults.")

    def _input(self, at: str, field: Payload) -> None:
        self._custom_id(at, field)
        if field["type"] != TEXT_INPUT:
            return
        for part, most in (("label", 45), ("placeholder", 100), ("value", 4_000)):
            self._problems.longest(f"{at}.{part}", field.get(part), most)
        if field.get("style") not in (1, 2):
            self._problems.add(f"{at}.style", "BASE_TYPE_CHOICES", "Must be 1 or 2.")
        least, most = field.get("min_length") or 0, field.get("max_length") or 4_000
        if not 0 <= least <= most <= 4_000:
            self._problems.add(f"{at}.max_length", "NUMBER_TYPE_MAX", "Lengths must be 0 to 4000 in order.")

    def _custom_id(self, at: str, item: Payload) -> None:
        custom_id = item.get("custom_id")
        self._problems.between(f"{at}.custom_id", custom_id, 1, 100)
        if custom_id in self._custom_ids:
            self._problems.add(f"{at}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Used twice in this message.")
        self._custom_ids.add(str(custom_id))
