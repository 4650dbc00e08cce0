"""Writes the script and style links of a built front-end entry into a page, from the build's manifest."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
SPRITE = "src/icons.svg"
FAVICON = "src/favicon.svg"
# Names that read along the line; they turn round where the line runs from right to left.
TURNING = frozenset(
    {"forward", "back", "sign-out", "log", "share-released", "share-received", "share-recalled", "truck"}
)


class FrontendNotBuilt(Exception):
    """The front end has not been built, or not with this entry."""


def _manifest() -> dict[str, Any]:
    path = Path(settings.FRONTEND_MANIFEST)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise FrontendNotBuilt(
            f"The front end is not built: {path} is missing. Run: python -m tansiq.config.frontend"
        ) from error


@lru_cache(maxsize=2)
def _read(path: Path, _changed_ns: int) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _address(file: str) -> str:
    return static(f"built/{file}")


@register.simple_tag
def frontend(name: str) -> SafeString:
    """Links of the entry `name`: its styles, then its module. Raises FrontendNotBuilt."""
    manifest = _manifest()
    found = [chunk for chunk in manifest.values() if chunk.get("isEntry") and chunk.get("name") == name]
    if not found:
        raise FrontendNotBuilt(f'The front end has no entry "{name}". Run: python -m tansiq.config.frontend')
    styles = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((_address(file),) for file in found[0].get("css", []))
    )
    return format_html(
        '<link rel="icon" href="{}">\n{}\n<script type="module" src="{}"></script>',
        _address(manifest[FAVICON]["file"]),
        styles,
        _address(found[0]["file"]),
    )


@register.simple_tag
def frontend_if_built(name: str) -> SafeString:
    """The same links, or nothing: for the pages that are shown when something is already wrong."""
    try:
        return frontend(name)
    except FrontendNotBuilt:
        return SafeString("")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite; silent for screen readers unless it has a label."""
    try:
        sprite = _address(_manifest()[SPRITE]["file"])
    except FrontendNotBuilt:
        return SafeString("")
    turn = " icon--turn" if name in TURNING else ""
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {} focusable="false"><use href="{}#{}"></use></svg>', turn, voice, sprite, name
    )
