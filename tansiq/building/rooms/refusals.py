"""Why the system says no, in a sentence for the person who asked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_SENTENCES: dict[str, Any] = {
    "not_permitted": _("Your roles in this room do not allow this act (%(act)s)."),
    "key_reused": _(
        "This submission key was already used for something else. Open the form again and send it once more."
    ),
    "not_found": _("There is no such record, or it was not released to this room."),
}


class Refused(Exception):
    """An act that the rules do not allow; nothing was written."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return sentence(self.code, self.params)


def register(sentences: Mapping[str, Any]) -> None:
    """Add a desk's sentences, once, when its rules are read."""
    _SENTENCES.update(sentences)


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """The refusal in the reader's language; the bare code when nobody wrote a sentence."""
    return str(_SENTENCES[code]) % params if code in _SENTENCES else code
