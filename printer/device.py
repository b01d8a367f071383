"""The line to a printer: the port `Device` and its adapter over python-escpos.

python-escpos is neither asynchronous nor safe for two threads, so every device has one thread of its own and all
calls run there. Its traps are handled here and nowhere else: a failed open leaves an object that never heals (we make
a new one for each open); closing with unread answers makes Linux reset the connection and drop the tail of a job (we
drain first); the default timeouts are a minute or none (ours are seconds). escpos, pyserial and pyusb are imported
when a device is opened.
"""

from __future__ import annotations

import asyncio
import platform
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

T = TypeVar("T")

OPEN_S = 2.0
WRITE_S = 2.0
DRAIN_S = 1.0
CALL_LIMIT_S = 10.0  # longer than any timeout inside a call
WRITE_CHUNK = 2048  # 0.2 s at 115200 baud, 2.1 s at 9600
DEFAULT_PORT = 9100
DEFAULT_BAUD = 115_200
READ_BYTES = 512


class DeviceFault(Exception):
    """The line to the printer failed. Temporary: paper, cables and power come back."""


class DeviceUnreachable(DeviceFault):
    """It could not be opened; nothing was sent."""


class DeviceLost(DeviceFault):
    """It broke off or stopped taking bytes; some may have arrived."""


class AddressUnusable(ValueError):
    """The printer's url cannot work on this machine; the message says why."""


class Device(Protocol):
    """One printer's line, used by one owner. Every method but `close` may raise a `DeviceFault`."""

    @property
    def can_answer(self) -> bool:
        """False when nothing can be read back: then "sent" is all one ever knows."""

    async def open(self) -> None:
        """Connects afresh. Raises DeviceUnreachable."""

    async def write(self, data: bytes) -> None:
        """Hands all of `data` over. Raises DeviceLost when it breaks or stalls; some may have arrived then."""

    async def read(self, timeout_s: float) -> bytes:
        """Whatever the printer said, as soon as it says something; empty when it says nothing for `timeout_s`."""

    async def close(self) -> None:
        """Takes in what is still unread and hangs up; never raises."""


class Line(Protocol):
    """What differs between network, USB, serial and file; every call blocks and runs in the device's thread."""

    @property
    def can_answer(self) -> bool: ...
    def open(self) -> None: ...
    def write(self, data: bytes) -> None: ...
    def read(self, timeout_s: float) -> bytes: ...
    def close(self) -> None: ...
    def fresh(self) -> Line:
        """A closed line to the same printer."""


class EscposDevice:
    """A `Device` over one blocking line, in one thread. A call that never ends costs that thread, not the owner."""

    def __init__(self, line: Line, call_limit_s: float = CALL_LIMIT_S) -> None:
        self._line = line
        self._call_limit_s = call_limit_s
        self._thread: ThreadPoolExecutor | None = None

    @property
    def can_answer(self) -> bool:
        return self._line.can_answer

    async def open(self) -> None:
        await self._run(DeviceUnreachable, self._line.open)

    async def write(self, data: bytes) -> None:
        for start in range(0, len(data), WRITE_CHUNK):
            chunk = data[start : start + WRITE_CHUNK]
            await self._run(DeviceLost, partial(self._line.write, chunk))

    async def read(self, timeout_s: float) -> bytes:
        return await self._run(DeviceLost, partial(self._line.read, timeout_s))

    async def close(self) -> None:
        if self._thread is None:
            return
        with suppress(DeviceLost):  # what is broken need not be closed properly
            await self._run(DeviceLost, self._line.close)
        if self._thread is not None:
            self._thread.shutdown(wait=False)
            self._thread = None

    async def _run(self, fault: type[DeviceFault], call: Callable[[], T]) -> T:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
        running = asyncio.get_running_loop().run_in_executor(self._thread, partial(_as_fault, fault, call))
        try:
            async with asyncio.timeout(self._call_limit_s):
                return await running
        except TimeoutError as error:
            self._abandon_thread()
            raise fault(f"no end of a call in {self._call_limit_s} s") from error

    def _abandon_thread(self) -> None:
        """A device file blocks for ever when the paper is out; its thread ends when somebody loads paper."""
        if self._thread is not None:
            self._thread.shutdown(wait=False)
        self._thread = None
        self._line = self._line.fresh()


def open_device(url: str) -> EscposDevice:
    """The device of a printer's url; connects to nothing. Raises AddressUnusable.

    `tcp://host:9100` · `file:/dev/usb/lp0` · `usb:04b8:0e15` · `serial:/dev/ttyUSB0?baud=115200` · `win32:NAME`.
    """
    return EscposDevice(line_of(url))


def line_of(url: str) -> EscposLine:
    """The line that a url names. Raises AddressUnusable."""
    kind, _, rest = url.partition(":")
    makers: dict[str, Callable[[str], EscposLine]] = {
        "tcp": _network,
        "file": _file,
        "usb": _usb,
        "serial": _serial,
        "win32": _windows,
    }
    if kind not in makers:
        raise AddressUnusable(f"printer url {url!r}: begins with none of tcp:// file: usb: serial: win32:")
    return makers[kind](rest)


class EscposLine:
    """A line over one of python-escpos's printer classes; here as for those that only take bytes."""

    can_answer = False

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._printer: Any = None

    def open(self) -> None:
        printer = self._make()
        printer.open()
        self._printer = printer

    def write(self, data: bytes) -> None:
        self._printer._raw(data)

    def read(self, timeout_s: float) -> bytes:
        return b""

    def close(self) -> None:
        printer, self._printer = self._printer, None
        if printer is not None:
            self._close(printer)

    def fresh(self) -> EscposLine:
        return type(self)(self._make)

    def _close(self, printer: Any) -> None:
        printer.close()


class NetworkLine(EscposLine):
    """Port 9100. One connection at a time is normal for a printer."""

    can_answer = True

    def open(self) -> None:
        """Connects by itself: escpos knows no IPv6 and forgets to close a socket that could not connect."""
        printer = self._make()
        printer.device = socket.create_connection((printer.host, printer.port), OPEN_S)
        self._printer = printer

    def read(self, timeout_s: float) -> bytes:
        link: socket.socket = self._printer.device
        try:
            link.settimeout(max(timeout_s, 0.001))
            data = link.recv(READ_BYTES)
        except TimeoutError:
            return b""
        finally:
            link.settimeout(WRITE_S)
        if not data:
            raise ConnectionResetError("the printer hung up")
        return data

    def _close(self, printer: Any) -> None:
        try:
            _drain(printer.device)
        finally:
            printer.close()


class SerialLine(EscposLine):
    """A serial port, or USB that shows as one."""

    can_answer = True

    def read(self, timeout_s: float) -> bytes:
        port = self._printer.device
        port.timeout = timeout_s
        first = port.read(1)
        return bytes(first + port.read(port.in_waiting)) if first else b""


class UsbLine(EscposLine):
    """A USB printer; needs a udev rule, and takes the device away from the kernel's usblp."""

    can_answer = True

    def read(self, timeout_s: float) -> bytes:
        from usb.core import USBTimeoutError

        try:
            return bytes(self._printer.device.read(self._printer.in_ep, 64, max(1, round(timeout_s * 1000))))
        except USBTimeoutError:
            return b""


def _drain(link: socket.socket) -> None:
    """Says that nothing more comes, and reads until the printer hangs up too: so that all of a job arrives."""
    link.shutdown(socket.SHUT_WR)
    until = monotonic() + DRAIN_S
    while (left := until - monotonic()) > 0:
        link.settimeout(left)
        if not link.recv(READ_BYTES):
            return


def _network(rest: str) -> EscposLine:
    parts = urlsplit(f"tcp:{rest}")
    try:
        port = parts.port or DEFAULT_PORT
    except ValueError as error:
        raise AddressUnusable(f"printer url 'tcp:{rest}': {error}") from error
    host = parts.hostname
    if not host or parts.path.strip("/"):
        raise AddressUnusable(f"printer url 'tcp:{rest}': expected tcp://host:9100")

    def make() -> Any:
        from escpos.printer import Network

        return Network(host, port)

    return NetworkLine(make)


def _file(rest: str) -> EscposLine:
    path = rest.removeprefix("//")
    if not path.startswith("/"):
        raise AddressUnusable(f"printer url 'file:{rest}': expected file:/dev/usb/lp0")

    def make() -> Any:
        from escpos.printer import File

        return File(path)

    return EscposLine(make)


def _usb(rest: str) -> EscposLine:
    try:
        vendor, product = (int(part, 16) for part in rest.split(":"))
    except ValueError as error:
        raise AddressUnusable(
            f"printer url 'usb:{rest}': expected usb:VENDOR:PRODUCT in hex, as lsusb shows"
        ) from error

    def make() -> Any:
        import usb.core  # noqa: F401  first: without it escpos fails in its destructor, where nobody can catch it
        from escpos.printer import Usb

        return Usb(vendor, product, timeout=round(WRITE_S * 1000))

    return UsbLine(make)


def _serial(rest: str) -> EscposLine:
    path, _, query = rest.removeprefix("//").partition("?")
    options = {name: values[-1] for name, values in parse_qs(query).items()}
    baud, flow = options.pop("baud", str(DEFAULT_BAUD)), options.pop("flow", "yes")
    if not path or not baud.isdigit() or flow not in ("yes", "no") or options:
        raise AddressUnusable(f"printer url 'serial:{rest}': expected serial:/dev/ttyUSB0?baud=115200[&flow=no]")

    def make() -> Any:
        import serial  # noqa: F401  first, as for USB
        from escpos.printer import Serial

        return Serial(path, baudrate=int(baud), timeout=OPEN_S, dsrdtr=flow == "yes")

    return SerialLine(make)


def _windows(rest: str) -> EscposLine:
    if platform.system() != "Windows":
        raise AddressUnusable(f"printer url 'win32:{rest}': win32 printers exist on Windows only")

    def make() -> Any:
        from escpos.printer import Win32Raw

        return Win32Raw(rest)

    return EscposLine(make)


def _as_fault(fault: type[DeviceFault], call: Callable[[], T]) -> T:
    """Every way in which a line can fail becomes one typed fault."""
    try:
        return call()
    except _line_errors() as error:
        raise fault(f"{type(error).__name__}: {error}") from error


def _line_errors() -> tuple[type[BaseException], ...]:
    """What python-escpos and its back ends raise; serial and usb errors are OSErrors.

    ImportError says that the library for USB or serial ports is not installed (extras `usb`, `serial`); AttributeError
    and AssertionError are what it raises when used while not open.
    """
    from escpos.exceptions import Error

    return (Error, OSError, ImportError, AttributeError, AssertionError)
