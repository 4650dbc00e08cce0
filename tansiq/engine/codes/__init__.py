"""The codes on labels: what stands in them, how they are signed, and how a forged one is told from an unknown one."""

from ._payload import Code, CodeFault, Kind, UnreadableCode, operation_mark, read_code, sign_code
from ._short import read_short, short_code

__all__ = [
    "Code",
    "CodeFault",
    "Kind",
    "UnreadableCode",
    "operation_mark",
    "read_code",
    "read_short",
    "short_code",
    "sign_code",
]
