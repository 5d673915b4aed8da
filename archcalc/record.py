"""Named tuples that are cheap to define: a command line defines them all at every start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    try:
        from _collections import _tuplegetter as getter
    except ImportError:
        from operator import itemgetter

        def getter(index: int, doc: str) -> property:
            return property(itemgetter(index), doc=doc)

    class Slotted(type):
        """Classes whose instances have no dictionary."""

        def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> type:
            return super().__new__(cls, name, bases, {"__slots__": (), **space})

    class Record(tuple, metaclass=Slotted):
        """What ``typing.NamedTuple`` is, in a third of its time: it evaluates no annotation."""

        _fields: tuple[str, ...] = ()

        def __init_subclass__(cls) -> None:
            known, fields = vars(cls), tuple(cls.__annotations__)
            if not fields:
                return
            names = ", ".join(fields)
            make = eval(f"lambda _cls, {names}: _new(_cls, ({names},))", {"_new": tuple.__new__})
            make.__defaults__ = tuple([known[name] for name in fields if name in known])
            cls.__new__ = make
            cls.__match_args__ = cls._fields = fields
            for index, name in enumerate(fields):
                setattr(cls, name, getter(index, ""))

        def __repr__(self) -> str:
            inside = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({inside})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **values: Any) -> Any:
            return type(self)(**{**self._asdict(), **values})


__all__ = ["Record"]
