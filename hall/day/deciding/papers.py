"""Paper as it is asked for, taken on, and reported."""

from __future__ import annotations

from datetime import datetime

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.deciding.common import printer_of, request_paper, require_ticket
from hall.day.state import PAPER_REPORT_GRACE, Day, Paper


def decide_reprint(day: Day, command: c.ReprintTicket, context: c.Context) -> tuple[e.Event, ...]:
    ticket = require_ticket(day, command.ticket)
    if command.printer is None:
        printer = printer_of(context.setup, ticket.device)
    else:
        printer = context.setup.devices.get(command.printer)
    if printer is None or (printer.kind != "printer" and not printer.url):
        raise r.PrinterUnknown(printer=command.printer)
    return (request_paper(ticket.id, printer, ticket.copies + 1, context),)


def require_paper(day: Day, paper: str) -> Paper:
    found = day.papers.get(paper)
    if found is None:
        raise r.PaperUnknown(paper=paper)
    return found


def decide_claim(day: Day, command: c.ClaimPaper, context: c.Context) -> tuple[e.Event, ...]:
    paper = require_paper(day, command.paper)
    if paper.state == "claimed":
        raise r.PaperIsClaimed(paper=paper.id)
    if context.at >= paper.expires_at:
        raise r.PaperIsFinished(paper=paper.id)
    return (e.PaperClaimed(paper.id, paper.ticket, paper.printer),)


def decide_report_paper(day: Day, command: c.ReportPaper, _: c.Context) -> tuple[e.Event, ...]:
    paper = require_paper(day, command.paper)
    where = (paper.id, paper.ticket, paper.printer)
    if command.result == "failed":
        return (e.PaperFailed(*where, command.reason),)
    if paper.state != "claimed":
        raise r.PaperNotClaimed(paper=paper.id)
    if command.result == "printed":
        return (e.PaperPrinted(*where, command.proof),)
    return (e.PaperUncertain(*where, command.reason),)


def decide_expire_paper(day: Day, command: c.ExpirePaper, context: c.Context) -> tuple[e.Event, ...]:
    paper = day.papers.get(command.paper)
    if paper is None or context.at < expiry_of(paper):
        return ()
    return (end_of_paper(paper, "expired"),)


def expiry_of(paper: Paper) -> datetime:
    """A claimed paper is given longer, so that its owner can still tell what happened."""
    return paper.expires_at + PAPER_REPORT_GRACE if paper.state == "claimed" else paper.expires_at


def end_of_paper(paper: Paper, reason: str) -> e.Event:
    """A paper that was never taken on has failed; of one that was, nobody knows."""
    where = (paper.id, paper.ticket, paper.printer)
    return e.PaperUncertain(*where, reason) if paper.state == "claimed" else e.PaperFailed(*where, reason)


def decide_report_printer(day: Day, command: c.ReportPrinter, context: c.Context) -> tuple[e.Event, ...]:
    device = context.setup.devices.get(command.printer)
    if device is None or device.kind == "display":
        raise r.PrinterUnknown(printer=command.printer)
    if day.printers.get(command.printer, "unknown") == command.state:
        return ()
    return (e.PrinterReported(command.printer, command.state),)
