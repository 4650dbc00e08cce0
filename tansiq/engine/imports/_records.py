"""Which fields a row of an imported ledger may fill, by kind of record."""

from dataclasses import dataclass
from typing import Final, Literal

ColumnType = Literal["text", "identifier", "number", "integer", "date", "datetime", "time", "code"]


@dataclass(frozen=True)
class RecordKind:
    """The fields of one kind of record, and those without which a row says nothing."""

    fields: dict[str, ColumnType]  # field -> the column type that fills it
    required: frozenset[str]  # must be filled by a column or a constant
    open: bool = False  # True: any other field name may be used as well


CONSIGNMENT_EVENT: Final = RecordKind(
    fields={
        "source_row": "identifier",
        "revised_at": "datetime",
        "occurred_date": "date",
        "occurred_time": "time",
        "source": "code",
        "manifest": "text",
        "waybill": "text",
        "cargo": "text",
        "cargo_category": "code",
        "stage": "code",
        "reason": "code",
        "quantity": "number",
        "quantity_damaged": "number",
        "unit": "code",
        "attempt": "integer",
        "consignor": "text",
        "consignor_class": "code",
        "consignee": "text",
        "crossing": "code",
        "area": "code",
        "destination": "text",
        "vehicle": "text",
        "driver": "text",
        "remark": "text",
    },
    required=frozenset({"occurred_date", "stage", "quantity", "unit"}),
)

FUNDING_FLOW: Final = RecordKind(
    fields={
        "source_row": "identifier",
        "revised_at": "datetime",
        "recorded_date": "date",
        "decided_date": "date",
        "amount": "number",
        "currency": "code",
        "original_amount": "number",
        "original_currency": "text",
        "status": "code",
        "donor": "text",
        "donor_class": "code",
        "recipient": "text",
        "recipient_class": "code",
        "plan": "text",
        "sector": "text",
        "usage_year": "integer",
        "description": "text",
        "remark": "text",
    },
    required=frozenset({"recorded_date", "amount", "currency", "status"}),
)

PRESENCE: Final = RecordKind(
    fields={
        "source_row": "identifier",
        "period": "code",
        "sector": "text",
        "area_name": "text",
        "area_p_code": "identifier",
        "district_name": "text",
        "district_p_code": "identifier",
        "organisation": "text",
        "organisation_class": "code",
        "activity": "text",
        "remark": "text",
    },
    required=frozenset({"organisation", "sector"}),
)

OBSERVATION: Final = RecordKind(fields={"source_row": "identifier"}, required=frozenset(), open=True)

RECORD_KINDS: Final[dict[str, RecordKind]] = {
    "consignment_event": CONSIGNMENT_EVENT,
    "funding_flow": FUNDING_FLOW,
    "presence": PRESENCE,
    "observation": OBSERVATION,
}
