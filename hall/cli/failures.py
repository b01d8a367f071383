"""Trouble that ends a command: lines for stderr and an exit code, never a traceback for what an operator can mend."""

from __future__ import annotations

FAILED, MISUSED = 1, 2
DETAIL_MOST = 300


class Failed(Exception):
    """The command could not do what was asked. Each line says one thing."""

    def __init__(self, *lines: str, code: int = FAILED, prefix: str = "hall: ") -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(prefix + line for line in lines)
        self.code = code


def as_failed(error: Exception) -> Failed | None:
    """What an error means to the operator; None when it is a fault of ours, which deserves its traceback."""
    from pydantic import ValidationError
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    from hall.log.database import AlreadyServed
    from hall.log.migrate import DatabaseIsNewer
    from hall.log.port import StorageFault
    from hall.setup.findings import SetupMistakes
    from hall.web.control import NotDone

    match error:
        case Failed():
            return error
        case SetupMistakes():
            mistakes = (str(finding) for finding in error.findings if finding.is_mistake)
            return Failed(*mistakes, prefix="")  # an editor finds its way by `file:line:`
        case NotDone():
            return Failed(*error.lines or (error.code,))
        case ValidationError() if error.title == "Settings":
            return Failed(*(setting_line(dict(one)) for one in error.errors()), code=MISUSED)
        case AlreadyServed() | DatabaseIsNewer() | StorageFault():
            return Failed(one_line(error))
        case OSError() if error.filename is not None:
            return Failed(f"{error.filename}: {error.strerror}")
        case DBAPIError():
            return Failed(f"the database says: {one_line(error.orig or error)}")
        case ArgumentError() | NoSuchModuleError():
            return Failed(f"--database: {one_line(error)}", code=MISUSED)
    return None


def setting_line(error: dict[str, object]) -> str:
    """`HALL_PORT: Input should be ...`"""
    place = error["loc"]
    assert isinstance(place, tuple)
    return f"HALL_{'_'.join(map(str, place)).upper()}: {error['msg']}"


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:DETAIL_MOST] or type(error).__name__
