"""The one error of a file that cannot be opened as a table."""


class UnreadableFile(ValueError):
    """A file that cannot be opened as a table; the code is translated where it is shown."""

    def __init__(self, code: str, **facts: str) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code} {facts}" if facts else code)
