"""Named tuples that are cheap to define: a command line defines them all at every start."""

from __future__ import annotations

from functools import cache
from types import FunctionType
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

    @cache
    def _maker(size: int) -> FunctionType:
        """Makes records of so many fields; compiled once for all of them, which takes longest."""
        names = ", ".join(f"_{place}" for place in range(size))
        made: FunctionType = eval(f"lambda _cls, {names}: _new(_cls, ({names},))", _BUILDING)
        return made

    _BUILDING = {"_new": tuple.__new__}

    class Slotted(type):
        """Classes whose instances have no dictionary, made with their fields and constructor.

        To set those on a class that is there already takes as long as to make it.
        """

        def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> type:
            fields = tuple(space.get("__annotations__", ()))
            whole = {"__slots__": (), **space}
            if fields:
                code = _maker(len(fields)).__code__.replace(co_varnames=("_cls", *fields))
                defaults = tuple([space[name] for name in fields if name in space])
                whole["__new__"] = FunctionType(code, _BUILDING, "__new__", defaults)
                whole["__match_args__"] = whole["_fields"] = fields
                whole.update((name, getter(index, "")) for index, name in enumerate(fields))
            return super().__new__(cls, name, bases, whole)

    class Record(tuple, metaclass=Slotted):
        """What ``typing.NamedTuple`` is, in a third of its time: it evaluates no annotation."""

        _fields = ()

        def __repr__(self) -> str:
            inside = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({inside})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **values: Any) -> Any:
            changed = tuple.__new__(type(self), map(values.pop, self._fields, self))
            if values:
                raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")
            return changed


__all__ = ["Record"]
