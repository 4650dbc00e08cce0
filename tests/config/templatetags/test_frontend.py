"""Links to the built front end, and what is said when it is not built."""

import json
from pathlib import Path

import pytest
from django.template import Context, Template

from tansiq.config.templatetags.frontend import FrontendNotBuilt

MANIFEST = {
    "src/main.ts": {"file": "assets/main-1.js", "name": "main", "isEntry": True, "css": ["assets/main-1.css"]},
    "src/icons.svg": {"file": "assets/icons-1.svg"},
    "src/favicon.svg": {"file": "assets/favicon-1.svg"},
}


@pytest.fixture
def manifest(tmp_path: Path, settings: object) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST), encoding="utf-8")
    settings.FRONTEND_MANIFEST = path  # type: ignore[attr-defined]
    return path


def rendered(tag: str) -> str:
    return Template("{% load frontend %}" + tag).render(Context())


def test_frontend_links_icon_style_and_module(manifest: Path) -> None:
    assert rendered('{% frontend "main" %}').splitlines() == [
        '<link rel="icon" href="/static/built/assets/favicon-1.svg">',
        '<link rel="stylesheet" href="/static/built/assets/main-1.css">',
        '<script type="module" src="/static/built/assets/main-1.js"></script>',
    ]


def test_frontend_names_the_command_when_the_entry_is_missing(manifest: Path) -> None:
    with pytest.raises(FrontendNotBuilt, match='no entry "other".*tansiq.config.frontend'):
        rendered('{% frontend "other" %}')


def test_frontend_names_the_command_when_nothing_is_built(manifest: Path) -> None:
    manifest.unlink()
    with pytest.raises(FrontendNotBuilt, match="is missing. Run: python -m tansiq.config.frontend"):
        rendered('{% frontend "main" %}')
    assert rendered('{% frontend_if_built "main" %}{% icon "aid" %}') == ""


def test_icon_is_silent_unless_it_has_a_label(manifest: Path) -> None:
    address = "/static/built/assets/icons-1.svg"
    assert rendered('{% icon "aid" %}') == (
        f'<svg class="icon" aria-hidden="true" focusable="false"><use href="{address}#aid"></use></svg>'
    )
    assert rendered('{% icon "back" label="Back" %}') == (
        '<svg class="icon icon--turn" role="img" aria-label="Back" focusable="false">'
        f'<use href="{address}#back"></use></svg>'
    )
