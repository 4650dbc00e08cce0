"""Pages of the ledger: what was written, its proof, and the check of a proof."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.ledger import queries
from tansiq.building.ledger.forms import ReceiptForm
from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.rules import Act
from tansiq.building.ledger.signer import default_signer
from tansiq.building.ledger.verifying import check_receipt
from tansiq.building.ledger.words import name_of
from tansiq.building.wall.pages import page, public

PER_PAGE = 50


@page(Act.READ_ENTRY)
def entries(request: HttpRequest) -> HttpResponse:
    """Every entry that this room may see, newest first; one act or one record when asked."""
    found = queries.entries()
    act, record = request.GET.get("act", "").replace("\0", "").strip(), request.GET.get("object", "").strip()
    if act:
        found = found.filter(act=act)
    if record:
        found = found.filter(object_id=_uuid(record))
    paginator = Paginator(found, PER_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "pages": paginator.get_elided_page_range(shown.number),
        "opened": queries.opened(shown),
        "checkpoint": queries.latest_checkpoint(),
        "act": act,
        "record": record,
    }
    return render(request, "ledger/entries.html", context)


@page(Act.READ_ENTRY)
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry: the facts that this room may see, its place in the tree, its receipt."""
    found = _entry(entry_id)
    opened, reader = queries.opened([found])[0], request.actor.room_id
    facts = [(name, value, name_of(name, value, reader)) for name, value in opened.facts.items()]
    return render(request, "ledger/entry.html", {"opened": opened, "facts": facts, "leaf": queries.place(found)})


@page(Act.READ_RECEIPT)
def receipt(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The receipt as a file; before the next tick a page that says when it will be there."""
    found = _entry(entry_id)
    try:
        text = queries.receipt(found)
    except queries.NotYetPlaced:
        return render(request, "ledger/waiting.html", {"entry": found}, status=409)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{entry_id}.json"'
    return answer


@page(Act.READ_RECEIPT)
def verify(request: HttpRequest) -> HttpResponse:
    """Check a receipt that somebody hands in, against this ledger's key."""
    form, verdict = ReceiptForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        verdict = check_receipt(form.cleaned_data["receipt"], [str(default_signer().verifier())])
    status = 400 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "ledger/verify.html", {"form": form, "verdict": verdict}, status=status)


@public
def key(request: HttpRequest) -> HttpResponse:
    """The ledger's public key, as text, for whoever checks receipts elsewhere."""
    return HttpResponse(f"{default_signer().verifier()}\n", content_type="text/plain; charset=utf-8")


def _entry(entry_id: UUID) -> Entry:
    found = Entry.objects.filter(pk=entry_id).first()
    if found is None:
        raise Http404(_("not found"))
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
