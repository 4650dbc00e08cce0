"""Walks every address of the site as a room's officer, and makes two answers comparable."""

import html
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from inspect import getsource, unwrap
from sys import modules
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.converters import get_converters

from tests import factories

NOT_TOLD = ("Content-Length", "Set-Cookie", "Expires")  # of the body, of the session, of the library's own clock
LIBRARY = ("allauth.", "django.")
MOST_PAGES = 900
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
READ_FROM_QUERY = re.compile(r"GET(?:\.get|\.getlist)?[\(\[][\"'](\w+)[\"']")
CHANGING = (
    (re.compile(r"(csrfmiddlewaretoken[^>]*value=|X-CSRFToken[^:]*:\s*|csrf-token[^>]*content=)(&quot;|\")\w+"), r"\1"),
    (re.compile(rf"(name=\"(?:\w+-)?key\" value=)\"{UUID}\""), r"\1"),
    (re.compile(r"nonce(=\"|-)[\w+/=-]+"), "nonce"),
)  # fmt: skip
"""What differs between two answers of the same page: the tokens of a session and of a form. Nothing else: the clock stands still."""


@dataclass(frozen=True)
class Route:
    """An address with its gaps."""

    pattern: str  # aid/events/{event_id}/
    gaps: tuple[tuple[str, str], ...]  # (name, kind of converter)
    view: object = field(compare=False)

    def filled(self, values: dict[str, str]) -> str:
        return "/" + self.pattern.format(**{name: values[name] for name, _ in self.gaps})


@dataclass(frozen=True)
class Answer:
    """What came back, and the same without the tokens of the session."""

    status: int
    body: bytes
    kind: str
    plain: str

    def holds(self, words: Iterable[str]) -> list[str]:
        """Which of these words are in the answer, in whatever way it is packed or escaped."""
        text = unpacked(self.body).lower()
        return [word for word in words if word.lower().encode() in text]

    def ids(self) -> list[str]:
        """Every id in the answer, also in what is not compared."""
        return re.findall(UUID, unpacked(self.body).decode("utf-8", "replace"))


def routes() -> list[Route]:
    """Every address that this house has made, whoever wrote it and whenever."""
    found: list[Route] = []
    names = {type(converter): name for name, converter in get_converters().items()}

    def walk(patterns: list, prefix: str, gaps: tuple[tuple[str, str], ...]) -> None:
        for pattern in patterns:
            part = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
            here = gaps + tuple((n, kind_of(n, names.get(type(c)))) for n, c in pattern.pattern.converters.items())
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, prefix + part, here)
            elif isinstance(pattern, URLPattern) and not getattr(pattern.callback, "__module__", "").startswith(
                LIBRARY
            ):
                found.append(Route(prefix + part, here, pattern.callback))

    walk(get_resolver().url_patterns, "", ())
    return [route for route in found if not route.pattern.startswith(("static/", "^"))]


def kind_of(gap: str, converter: str | None) -> str:
    """What a gap takes: the id of a record, even where the address takes any text and the view reads the id from it."""
    return "uuid" if gap.endswith("_id") else converter or "str"


def query_words(route: Route) -> set[str]:
    """The names of everything that the view's module and its forms read from the address."""
    view = unwrap(route.view)  # type: ignore[arg-type]
    module = modules.get(getattr(view, "__module__", ""))
    if module is None:
        return set()
    return set(READ_FROM_QUERY.findall(getsource(module)))


class Links(HTMLParser):
    """Collects where a page leads without changing anything: links, what it loads, forms that ask."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, list[str]]] = []
        self.asking = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.asking = given.get("method", "get").lower() == "get"
            if self.asking:
                self.forms.append((given.get("action", ""), []))
        elif tag in ("input", "select", "textarea") and self.asking and given.get("name"):
            self.forms[-1][1].append(given["name"])
        for name, value in given.items():
            if name in ("href", "src", "hx-get"):
                self.links.append(value)
            elif name.startswith("data-") and value.startswith("/"):
                self.links += value.split()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.asking = False


@dataclass
class Walker:
    """An officer of a room at a browser."""

    slug: str
    of_a_shape: int = 1  # pages of one address with the same questions asked: the first few stand for all
    answers: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(factories.account(self.slug))

    def get(self, url: str) -> Answer:
        return answer_of(self.client.get(url))

    def post(self, url: str, body: dict[str, str]) -> Answer:
        if url.startswith("/api/"):
            return answer_of(self.client.post(url, json.dumps(body), content_type="application/json"))
        return answer_of(self.client.post(url, body))

    def walk(self, start: Iterable[str], words: Iterable[str], skip: Callable[[str], bool]) -> None:
        """Read these addresses and whatever they lead to; ask every form that asks for each of the words."""
        waiting, shapes = list(dict.fromkeys(start)), Counter[str]()
        known = set(waiting)
        for url in waiting:
            if len(self.answers) >= MOST_PAGES:
                raise AssertionError(f"more than {MOST_PAGES} pages as {self.slug}: a page leads to ever new ones")
            if skip(url):
                continue
            found = self.answers[url] = self.get(url)
            for link in onward(url, found, words):
                shape = shape_of(link)
                if link not in known and shapes[shape] < self.of_a_shape:
                    shapes[shape] += 1
                    known.add(link)
                    waiting.append(link)


def shape_of(url: str) -> str:
    """An address without what is particular: its pattern and the names of what it asks."""
    asked = parse_qs(urlsplit(url).query)
    return f"{pattern_of(url)}?{sorted(asked)}{asked.get('format', '')}"


def pattern_of(url: str) -> str:
    """The address as the list of addresses spells it; as it is where there is none."""
    path = urlsplit(url).path
    try:
        return str(resolve(path).route)
    except Resolver404:
        return path


def onward(url: str, answer: Answer, words: Iterable[str]) -> Iterator[str]:
    """The addresses of this site to which an answer leads."""
    if not answer.kind.startswith("text/html"):
        return
    page = Links()
    page.feed(answer.body.decode())
    asked = [
        f"{action or urlsplit(url).path}?{urlencode({name: word})}"
        for action, names in page.forms for name in dict.fromkeys(names) for word in words
    ]  # fmt: skip
    for link in (*page.links, *asked):
        whole = urlsplit(urljoin(url, link))
        if not whole.scheme and not whole.netloc and not whole.path.startswith("/static/"):
            yield whole.path + (f"?{whole.query}" if whole.query else "")


def answer_of(response: object) -> Answer:
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = dict(response.headers)  # type: ignore[attr-defined]
    kind = headers.get("Content-Type", "")
    told = {name: value for name, value in sorted(headers.items()) if name not in NOT_TOLD}
    text = unpacked(body).decode("utf-8", "replace")
    status = response.status_code  # type: ignore[attr-defined]
    return Answer(status, body, kind, plain(f"{status} {told}\n{text}"))


def plain(text: str) -> str:
    """The text without what may change."""
    for changing, kept in CHANGING:
        text = changing.sub(kept, text)
    return text


def unpacked(body: bytes) -> bytes:
    """What a reader would find: the parts of a packed file laid out, HTML entities and JSON escapes undone."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return b"\n".join(name.encode() + b"\n" + packed.read(name) for name in sorted(packed.namelist()))
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    if text[:1] in "{[":
        try:
            return json.dumps(json.loads(text), ensure_ascii=False, indent=0).encode()
        except ValueError:
            pass
    return html.unescape(text).encode()
