"""Pages of imports: the list, bringing a file (checked first, then taken), and the account of every row."""

from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from tansiq.building.doors.queries import share_state_of
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.forms.uploads import UploadForm
from tansiq.desks.aid.models import ImportRun, Outcome
from tansiq.desks.aid.queries import imports as queries
from tansiq.desks.aid.queries.plans import Plan, plan_import
from tansiq.desks.aid.queries.reference import mappings
from tansiq.desks.aid.queries.words import named, words
from tansiq.desks.aid.rules import Act
from tansiq.desks.aid.views.listing import file_links, in_words, key_of, paged
from tansiq.desks.aid.views.sentences import fault_sentence, file_sentence, kind_sentence, reading_sentence
from tansiq.desks.aid.views.uploads import CheckedFile, UnusableMapping, checked_from_form, checked_from_slip
from tansiq.engine.imports import READABLE

MANY_ROWS = 5_000  # from which on the page says how long taking them lasts
READING, WRITING = (1, 2), (2, 5)  # least and most, in times of checking: taking reads anew, then writes what changes
SURE = frozenset({"", "utf-8", "utf-8-sig", "utf-16"})  # encodings in which no wrong letters can be read


@page(Act.READ_IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """Files that were brought in, newest first; batches of scans when asked for."""
    scans = request.GET.get("scans") == "1"
    known = words(request.actor)
    found = queries.import_runs(request.actor, scans=scans)
    file = exported(request, lambda: _runs_listing(request, found, known))
    if file is not None:
        return file
    context = paged(request, found)
    runs = list(context["page"].object_list)
    context |= {
        "rows": [(run, _ledger_name(run, known), Outcome(run.outcome).label) for run in runs], "scans": scans,
        "shares": share_state_of(runs, request.actor), "files": file_links(request),
        "may_import": request.actor.may(Act.IMPORT_LEDGER),
    }  # fmt: skip
    return render(request, "aid/imports.html", context)


@page(Act.READ_IMPORT)
def import_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The account of one file: what was taken, and every row that was not, with the reason."""
    run = queries.import_run(run_id)
    if run is None:
        raise Http404
    cells = list(queries.refused_cells(run))
    file = exported(request, lambda: _refused_listing(request, run, cells))
    if file is not None:
        return file
    context = {
        **paged(request, [(cell, fault_sentence(cell.code)) for cell in cells]), "run": run,
        "ledger": _ledger_name(run, words(request.actor)), "outcome": Outcome(run.outcome).label,
        "facts": _facts(run.report, run.file_name), "files": file_links(request),
    }  # fmt: skip
    return render(request, "aid/import.html", context)


@page(Act.READ_IMPORT)
def import_file(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The sealed original, letter by letter."""
    run = queries.import_run(run_id)
    if run is None or run.record_kind == "scan" or not queries.sealed_path(run.file_sha256).exists():
        raise Http404
    request.ask_proof()
    content = queries.sealed_path(run.file_sha256).open("rb")
    answer = FileResponse(content, as_attachment=True, filename=run.file_name, content_type="application/octet-stream")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page(Act.IMPORT_LEDGER)
def import_check(request: HttpRequest) -> HttpResponse:
    """Bring a file: it is sealed and read, and the page tells what an import would do; nothing is taken yet."""
    kept = mappings(request.actor.operation_id)
    form = UploadForm(request.POST or None, request.FILES or None, mappings=kept)
    if request.method == "POST" and form.is_valid():
        try:
            checked = checked_from_form(request.actor, form.cleaned_data)
            return render(request, "aid/import_check.html", _check(request, checked))
        except UnusableMapping as unusable:
            field = "mapping_file" if form.cleaned_data["mapping_file"] else "mapping"
            form.add_error(field, unusable.lines[:20])
        except Refused as refused:
            form.add_error("file", str(refused))
    return render(request, "aid/import_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@page(Act.IMPORT_LEDGER)
def import_take(request: HttpRequest) -> HttpResponse:
    """Take the file that was checked; sent twice it is taken once."""
    try:
        checked = checked_from_slip(request.actor, request.POST.get("slip", ""))
    except UnusableMapping:
        checked = None
    key = key_of(request.POST.get("key", ""))
    if checked is None or key is None:
        return _upload_again(request, _("The check is too old or not of this room. Choose the file once more."))
    try:
        run = actions.import_ledger(
            by=request.actor, key=key, file=checked.file, mapping=checked.mapping, options=checked.options
        )
    except Refused as refused:
        return _upload_again(request, str(refused))
    return redirect("aid:import", run_id=run.pk)


def _upload_again(request: HttpRequest, sentence: str) -> HttpResponse:
    form = UploadForm(mappings=mappings(request.actor.operation_id))
    return render(request, "aid/import_new.html", {"form": form, "sentence": sentence}, status=409)


def _check(request: HttpRequest, checked: CheckedFile) -> dict[str, Any]:
    started = monotonic()
    content = queries.sealed_path(checked.file.sha256).read_bytes()
    options = checked.options
    plan = plan_import(
        request.actor, content, checked.mapping, is_whole=options.is_whole, allow_refused=options.allow_refused
    )
    report = plan.report()
    faults = [
        (row["row"], fault, fault_sentence(fault["code"])) for row in report["refused"] for fault in row["faults"]
    ]
    return {
        "plan": plan, "figures": _figures(plan), "file": checked.file, "mapping": checked.mapping, "options": options,
        "slip": checked.slip(request.actor), "key": uuid4(), "facts": _facts(report, checked.file.name),
        "sample": plan.sample, "reading": reading_sentence(plan.file) if plan.sample else "",
        "guessed": plan.file.get("encoding", "utf-8").lower() not in SURE, "faults": faults[:200],
        "more_faults": max(len(faults) - 200, 0), "outcome": Outcome(plan.outcome).label,
        "would_take": plan.outcome == Outcome.TAKEN, "lasts": _lasts(plan, monotonic() - started),
    }  # fmt: skip


def _lasts(plan: Plan, checking_s: float) -> dict[str, int] | None:
    """For a large file: how long checking it took here, and between which spans taking it is likely to last."""
    if plan.rows < MANY_ROWS or plan.outcome != Outcome.TAKEN:
        return None
    share = (len(plan.added) + len(plan.revised) + len(plan.withdrawn)) / plan.rows
    least, most = (
        max(1, round(checking_s * (read + write * share))) for read, write in zip(READING, WRITING, strict=True)
    )
    return {"rows": plan.rows, "checking": max(1, round(checking_s)), "least": least, "most": most}


def _figures(plan: Plan) -> list[tuple[str, int]]:
    return [
        (_("Rows below the headings"), plan.rows), (_("Can be taken"), plan.taken), (_("Refused"), len(plan.refused)),
        (_("Skipped"), plan.skipped), (_("New"), len(plan.added)), (_("Revised"), len(plan.revised)),
        (_("Withdrawn"), len(plan.withdrawn)), (_("Unchanged"), plan.unchanged),
    ]  # fmt: skip


def _facts(report: dict[str, Any], name: str) -> dict[str, Any]:
    """What a report says of the file: why it cannot be read, or which columns it has against those expected."""
    file = report.get("file", {})
    names = ("expected", "found", "missing", "new", "kept", "repeated", "alike")
    columns = {name: file.get(name, []) for name in names}
    differ = bool(columns["missing"] or columns["new"] or columns["repeated"])
    skipped = report.get("skipped", {})
    return {
        **columns, "file": file, "code": file.get("code", ""),
        "sentence": file_sentence(file["code"]) if file.get("code") else "",
        "kind": "" if file.get("kind") in (None, *READABLE) else kind_sentence(name, file["kind"]),
        "differ": differ and file.get("stops", True), "as_told": differ and not file.get("stops", True),
        "remarks": [(one, fault_sentence(one["code"])) for one in report.get("remarks", [])],
        "skipped": {_("empty rows") if reason == "blank" else reason: rows for reason, rows in skipped.items()},
        "withdrawals_held": report.get("withdrawals_held", False),
    }  # fmt: skip


def _ledger_name(run: ImportRun, known: Any) -> Any:
    return run.source_names or named(known.sources, run.source)


def _runs_listing(request: HttpRequest, found: Any, known: Any) -> Listing:
    counts = ("rows", "taken", "refused", "skipped", "added", "revised", "withdrawn", "unchanged")
    heads = (_("Rows"), _("Taken"), _("Refused"), _("Skipped"), _("New"), _("Revised"), _("Withdrawn"), _("Unchanged"))
    columns = [
        Column(_("Brought in at"), "#date+recorded", "moment"), Column(_("File"), "#meta+file"),
        Column(pgettext("imported", "Ledger"), "#meta+source"), Column(_("Outcome"), "#status+name"),
        *(Column(head, f"#indicator+{name}+num", "number") for head, name in zip(heads, counts, strict=True)),
        Column("SHA-256", "#meta+sha256"),
    ]  # fmt: skip
    rows = (
        (run.created_at, run.file_name, in_words(_ledger_name(run, known)), str(Outcome(run.outcome).label),
         *(getattr(run, name) for name in counts), run.file_sha256)
        for run in found.iterator(chunk_size=500)
    )  # fmt: skip
    return listing_of(request, _("Imports"), columns, rows)


def _refused_listing(request: HttpRequest, run: ImportRun, cells: list[queries.RefusedCell]) -> Listing:
    columns = [
        Column(_("Row"), "#meta+row+num", "number"), Column(_("Column"), "#meta+column"), Column(_("Why"), "#status"),
        Column(_("Found"), "#meta+found"), Column(_("Expected"), "#meta+expected"), Column(_("Code"), "#status+code"),
        Column(_("The row"), "#meta+cells"),
    ]  # fmt: skip
    rows = [
        (cell.row, cell.heading or cell.field, fault_sentence(cell.code), cell.found, cell.expected, cell.code,
         " | ".join(cell.cells))
        for cell in cells
    ]  # fmt: skip
    title = _("Rows that were not taken from %(file)s") % {"file": run.file_name}
    return listing_of(request, title, columns, rows)
