"""Names in the reader's language, where text is made outside a template."""

from collections.abc import Mapping

from django.utils.translation import get_language

OTHERWISE = "en"


def local_name(names: Mapping[str, str] | str | None) -> str:
    """The name in the reader's language; English where that is missing, else any that there is."""
    if not names or isinstance(names, str):
        return names or ""
    known = {code: name for code, name in names.items() if name}
    language = (get_language() or OTHERWISE).split("-")[0]
    return known.get(language) or known.get(OTHERWISE) or next(iter(known.values()), "")
