"""The line to a printer through real sockets, files and ports."""

from __future__ import annotations

import asyncio
import os
import platform
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from printer import device as device_module
from printer.device import AddressUnusable, DeviceLost, DeviceUnreachable, EscposDevice, line_of, open_device
from printer.fake import FakePrinter, FakePrinterServer
from printer.render import ticket_bytes
from printer.session import Timing
from tests.printer.bench import bench, is_ticket, record, ticket_facts

OVER_A_SOCKET = Timing(answer_s=0.3, poll_s=0.05, print_s=2.0, settle_s=0.05, idle_s=0.1, retry_s=0.02, linger_s=0.05)


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


@pytest.fixture
async def server(printer: FakePrinter) -> AsyncIterator[FakePrinterServer]:
    served = FakePrinterServer(printer)
    await served.start()
    yield served
    await served.stop()


async def test_a_ticket_goes_over_the_network_and_is_acknowledged(
    printer: FakePrinter, server: FakePrinterServer
) -> None:
    async with bench(printer, device=open_device(server.url), timing=OVER_A_SOCKET) as b:
        b.ask(record("a"), record("b", number="A057"))
        await b.until_said("printed", "b", "acknowledged")
    assert [is_ticket(printer.pieces[0]), is_ticket(printer.pieces[1], number="A057")] == [True, True]


async def test_a_reset_on_the_network_ends_in_one_copy(printer: FakePrinter, server: FakePrinterServer) -> None:
    printer.trip_after(printer.drop_link, job_bytes=30_000)
    async with bench(printer, device=open_device(server.url), timing=OVER_A_SOCKET) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "connection_lost")
        await b.until_said("printed", "t1-copy2", "acknowledged")
    assert b.whole_tickets == [2]


async def test_a_printer_that_stops_on_the_network_prints_one_copy_when_repaired(
    printer: FakePrinter, server: FakePrinterServer
) -> None:
    printer.trip_after(printer.end_paper, rows=400)
    async with bench(printer, device=open_device(server.url), timing=OVER_A_SOCKET) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "paper_out")
        printer.load_paper()
        await b.until_said("printed", "t1-copy2", "acknowledged")
    assert b.whole_tickets == [2]


async def test_all_of_a_job_arrives_though_answers_are_unread_at_the_close(
    printer: FakePrinter, server: FakePrinterServer
) -> None:
    line = open_device(server.url)
    await line.open()
    await line.write(b"\x10\x04\x01" * 20 + ticket_bytes(ticket_facts(), 576))
    await line.close()
    assert is_ticket(printer.pieces[0])


async def test_nothing_said_is_no_bytes_and_a_hung_up_line_is_lost(
    printer: FakePrinter, server: FakePrinterServer
) -> None:
    line = open_device(server.url)
    await line.open()
    assert await line.read(0.01) == b""
    await line.write(b"\x10\x04\x01")
    assert await line.read(1.0) == b"\x12"
    printer.drop_link()
    with pytest.raises(DeviceLost):
        await line.read(1.0)
    await line.close()
    await line.close()


async def test_a_line_that_failed_to_open_opens_when_the_printer_is_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    line = open_device(f"tcp://127.0.0.1:{port}")
    with pytest.raises(DeviceUnreachable):
        await line.open()
    served = FakePrinterServer(FakePrinter())
    await served.start(port)
    await line.open()
    await line.close()
    await served.stop()


async def test_a_file_gets_the_bytes_and_answers_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    line = open_device(f"file:{path}")
    assert not line.can_answer
    async with bench(device=line) as b:
        await b.until(lambda: b.hall.states == ["unknown"])
        b.ask(record("a"))
        await b.until_said("printed", "a", "sent")
    printer = FakePrinter()
    printer.feed(path.read_bytes())
    assert is_ticket(printer.pieces[0])


async def test_a_missing_file_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(DeviceUnreachable):
        await open_device(f"file:{tmp_path}/none/lp0").open()


@pytest.fixture
def serial_port(printer: FakePrinter) -> Iterator[str]:
    """A port with the printer at its other end; the thread ends when the pseudo-terminal closes."""
    ours, theirs = os.openpty()
    ended = threading.Event()

    def serve() -> None:
        try:
            while data := os.read(ours, 4096):
                printer.feed(data)
                if said := printer.take_answers():
                    os.write(ours, said)
        except OSError:
            ended.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield os.ttyname(theirs)
    os.close(theirs)
    ended.wait(1)
    os.close(ours)
    thread.join(1)


async def test_a_ticket_goes_over_a_serial_port_and_is_acknowledged(printer: FakePrinter, serial_port: str) -> None:
    line = open_device(f"serial:{serial_port}?baud=115200&flow=no")
    async with bench(printer, device=line, timing=OVER_A_SOCKET) as b:
        b.ask(record("a"))
        await b.until_said("printed", "a", "acknowledged")
    assert is_ticket(printer.pieces[0])


async def test_a_call_that_never_ends_is_given_up_and_the_line_works_again(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    line = EscposDevice(line_of(f"file:{path}"), call_limit_s=0.05)
    with pytest.raises(DeviceUnreachable):
        await line.open()  # blocks: nobody reads
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    await line.open()
    await line.write(b"x")
    await line.close()
    os.close(reader)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lp0",
        "ftp://host",
        "tcp://",
        "tcp://host:port",
        "tcp://host:99999",
        "tcp://host/path",
        "file:lp0",
        "usb:04b8",
        "usb:xyz:1",
        "serial:",
        "serial:/dev/ttyS0?baud=fast",
        "serial:/dev/ttyS0?parity=odd",
    ],
)
def test_a_url_that_cannot_work_is_refused_at_once(url: str) -> None:
    with pytest.raises(AddressUnusable, match="printer url"):
        open_device(url)


def test_windows_printers_are_refused_elsewhere() -> None:
    assert platform.system() != "Windows"
    with pytest.raises(AddressUnusable, match="Windows only"):
        open_device("win32:EPSON TM-T20")


@pytest.mark.parametrize(
    "url", ["tcp://10.0.0.9", "tcp://[::1]:9100", "usb:04b8:0e15", "serial:/dev/ttyUSB0?baud=9600"]
)
def test_printers_that_can_answer_are_known_by_their_url(url: str) -> None:
    assert open_device(url).can_answer


async def test_a_missing_usb_printer_is_unreachable_and_not_a_crash() -> None:
    with pytest.raises(DeviceUnreachable):
        await open_device("usb:dead:beef").open()


def test_opening_an_address_imports_no_printer_library() -> None:
    assert "escpos" not in vars(device_module)


async def test_devices_of_one_loop_do_not_wait_for_each_other(server: FakePrinterServer) -> None:
    waiting, quick = open_device(server.url), open_device("file:/dev/null")
    await waiting.open()
    slow = asyncio.create_task(waiting.read(0.5))
    await quick.open()
    await quick.write(b"x")
    assert not slow.done()
    await quick.close()
    await waiting.write(b"")
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    await waiting.close()
