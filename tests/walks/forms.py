"""The forms of a page as a browser would send them."""

from html.parser import HTMLParser

IGNORED = {"submit", "button", "reset", "image", "file"}


class _Forms(HTMLParser):
    """Collects every posted form and what stands in its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str], dict[str, str]]] = []
        self.inside = False
        self.area = self.choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.found.append((given, {}))
            self.inside = True
        elif self.inside and tag == "input":
            self._input(given)
        elif self.inside and tag == "textarea":
            self.area = given.get("name", "")
            self._set(self.area, "")
        elif self.inside and tag == "select":
            self.choice = given.get("name", "")
        elif self.inside and tag == "option" and ("selected" in given):
            self._set(self.choice, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self._set(self.area, self.found[-1][1][self.area] + data)

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        is_off = kind in ("checkbox", "radio") and "checked" not in given
        if kind not in IGNORED and not is_off:
            self._set(given.get("name", ""), given.get("value", "on" if is_off else ""))

    def _set(self, name: str, value: str) -> None:
        if name:
            self.found[-1][1][name] = value


def own_forms(page: str, address: str) -> list[dict[str, str]]:
    """The fields of the forms that a page posts to itself; lists post for actions alone."""
    parser = _Forms()
    parser.feed(page)
    return [
        fields
        for given, fields in parser.found
        if given.get("action", "") in ("", address) and given.get("id") != "changelist-form"
    ]
