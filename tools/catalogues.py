"""Compiles message catalogues (.po to .mo) without gettext's programs, which a bare machine lacks."""

import ast
import re
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
MAGIC = 0x950412DE
LINE = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])?\s+(".*")$')


class Unreadable(Exception):
    """A line of a catalogue that is no catalogue line."""


@dataclass
class Message:
    """One entry of a catalogue, as it stands in the file."""

    context: str | None = None
    source: str | None = None
    plural: str | None = None
    forms: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    def key(self) -> str:
        """The entry's key as gettext looks it up."""
        start = "" if self.context is None else f"{self.context}\x04"
        end = "" if self.plural is None else f"\0{self.plural}"
        return f"{start}{self.source}{end}"

    def counts(self) -> bool:
        """Whether it is translated; the header, with an empty source, always counts."""
        complete = bool(self.forms) and all(self.forms.values())
        return self.source is not None and complete and (not self.fuzzy or self.source == "")


def read(text: str, name: str = "catalogue") -> list[Message]:
    """Read the entries of a catalogue; obsolete ones (#~) are left out."""
    messages = [Message()]
    part: tuple[str, int] | None = None
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if line.startswith("#"):
            if line.startswith("#,") and "fuzzy" in line:
                _fresh(messages, part).fuzzy = True
                part = None
            continue
        if not line:
            continue
        if line.startswith('"') and part:
            _add(messages[-1], part, _text(line, name, number))
            continue
        found = LINE.match(line)
        if found is None:
            raise Unreadable(f"{name}, line {number}: this is no line of a message catalogue: {line[:60]}")
        word, index, quoted = found[1], int(found[2] or 0), found[3]
        starts = word == "msgctxt" or (word == "msgid" and (part is None or part[0] != "msgctxt"))
        if starts:
            _fresh(messages, part)
        part = (word, index)
        _add(messages[-1], part, _text(quoted, name, number))
    return messages


def _fresh(messages: list[Message], part: tuple[str, int] | None) -> Message:
    """Begin a new entry unless the last one is still empty."""
    if messages[-1].source is not None or part is not None:
        messages.append(Message())
    return messages[-1]


def _add(message: Message, part: tuple[str, int], text: str) -> None:
    word, index = part
    if word == "msgstr":
        message.forms[index] = message.forms.get(index, "") + text
    else:
        name = {"msgctxt": "context", "msgid": "source", "msgid_plural": "plural"}[word]
        setattr(message, name, (getattr(message, name) or "") + text)


def _text(quoted: str, name: str, number: int) -> str:
    try:
        text = ast.literal_eval(quoted)
    except (SyntaxError, ValueError) as error:
        raise Unreadable(f"{name}, line {number}: the quotation marks do not match: {quoted[:60]}") from error
    return str(text)


def compile_messages(messages: list[Message]) -> bytes:
    """Write the entries in the binary form that gettext reads (GNU gettext manual, "The Format of GNU MO Files")."""
    table = {
        message.key().encode(): "\0".join(message.forms[index] for index in sorted(message.forms)).encode()
        for message in messages
        if message.counts()
    }
    keys = sorted(table)
    start = 28 + 16 * len(keys)
    ids, texts, where_ids, where_texts = b"", b"", [], []
    for key in keys:
        where_ids.append((len(key), start + len(ids)))
        ids += key + b"\0"
    for key in keys:
        where_texts.append((len(table[key]), start + len(ids) + len(texts)))
        texts += table[key] + b"\0"
    header = struct.pack("<7I", MAGIC, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return header + b"".join(struct.pack("<2I", *pair) for pair in where_ids + where_texts) + ids + texts


def compile_all(repository: Path = REPOSITORY) -> list[Path]:
    """Compile every catalogue that is newer than its compiled form; name those that were."""
    made = []
    for source in sorted(repository.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        content = compile_messages(read(source.read_text(encoding="utf-8"), str(source)))
        unfinished = compiled.with_suffix(".mo.new")
        unfinished.write_bytes(content)
        unfinished.replace(compiled)
        made.append(compiled)
    return made


if __name__ == "__main__":
    try:
        for path in compile_all():
            print(f"compiled {path.relative_to(REPOSITORY)}", file=sys.stderr)
    except Unreadable as error:
        sys.exit(str(error))
