"""Every view names the act that opens it, or says that it is public."""

from django.urls import URLPattern, URLResolver, get_resolver

LIBRARY = ("allauth.", "django.")


def views() -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []

    def walk(patterns: list, prefix: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, prefix + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                found.append((prefix + str(pattern.pattern), pattern.callback))

    walk(get_resolver().url_patterns, "")
    return found


def test_every_view_names_an_act_or_is_public():
    nameless = [
        place
        for place, view in views()
        if not getattr(view, "__module__", "").startswith(LIBRARY)
        and not place.startswith("api/")
        and not hasattr(view, "act")
    ]
    assert nameless == []
    assert len(views()) > 10
