"""The keys of layer types, and the immutable records of their values that layers are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from archcalc.diagnostics import Fault
from archcalc.network.synonyms import meant_key
from archcalc.network.values import ValueType
from archcalc.record import Record
from archcalc.wording import did_you_mean, listed, quoted

Self = TypeVar("Self", bound="Keyed")
Class = type[Self]  # `type` is an attribute of those below

REQUIRED: Any = object()


class Key(Record):
    """A key of a layer type: what it takes, what it means, its default if it has one."""

    name: str
    takes: ValueType[Any]
    doc: str
    default: Any

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def check(self, value: Any) -> Any:
        """A plain value as a layer holds it; None where that is the default.

        Raises:
            Fault: as the type of the values does, with this key.
        """
        if value is None and self.default is None:
            return None
        try:
            return self.takes.check(value)
        except Fault as fault:
            raise Fault.together(
                Fault(
                    part.rule,
                    f"{self.name} {part.message}",
                    key=self.name,
                    suggestions=part.suggestions,
                )
                for part in fault.parts
            ) from None


def key(takes: ValueType[Any], doc: str, default: Any = REQUIRED) -> Any:
    """Declares a key in the body of a layer type; its name is the name that it is bound to."""
    return Key("", takes, doc, default)


class Keyed:
    """An immutable record of the values of the keys that a class declares in its body.

    It is no dataclass because forty of them take longer to define than a network takes to analyse,
    and a command line starts anew each time.
    """

    type: ClassVar[str]

    _keys: ClassVar[Mapping[str, Key]] = {}
    _required: ClassVar[frozenset[str]] = frozenset()
    _given: ClassVar[Callable[[Keyed], Any]] = attrgetter("type")

    def __init_subclass__(cls) -> None:
        declared = [(name, value) for name, value in vars(cls).items() if isinstance(value, Key)]
        cls._keys = {name: value._replace(name=name) for name, value in declared}
        cls._required = frozenset(name for name, value in declared if value.required)
        cls._given = attrgetter("type", *cls._keys)
        for name, value in declared:
            if value.default is REQUIRED:
                delattr(cls, name)
            else:
                setattr(cls, name, value.default)

    def __init__(self, **values: Any) -> None:
        """The values of the keys by name, as plain values: ``Conv(filters=64, kernel=[3, 5])``.

        Raises:
            Fault: for everything that is wrong with them, in the words that a file gets.
        """
        self.__dict__.update(self._checked(values))
        self.check_keys()

    @classmethod
    def of_checked(cls: Class[Self], values: Mapping[str, Any]) -> Self:
        """A layer of values that the types of its keys gave; none of them is checked again.

        Raises:
            Fault: where the values contradict each other.
        """
        layer = cls.__new__(cls)
        layer.__dict__.update(values)
        layer.check_keys()
        return layer

    def with_keys(self: Self, values: Mapping[str, Any]) -> Self:
        """The layer with other values for some of its keys.

        Raises:
            Fault: as the constructor does.
        """
        return type(self)(**{**self.__dict__, **values})

    @classmethod
    def _checked(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        faults = cls._misnamed(values)
        checked = {}
        for name, value in values.items():
            if name in cls._keys:
                try:
                    checked[name] = cls._keys[name].check(value)
                except Fault as fault:
                    faults.append(fault)
        if faults:
            raise Fault.together(faults)
        return checked

    @classmethod
    def _misnamed(cls, given: Collection[str]) -> list[Fault]:
        """Keys that the type has not, and those that it needs and that are not meant by them."""
        free = [name for name in cls._keys if name not in given]
        faults, meant = [], set()
        for name in given:
            if name not in cls._keys:
                close = meant_key(name, free)
                meant.add(close)
                fact, hints = f"{cls.type} has no key {quoted(name)}", did_you_mean(close)
                faults.append(Fault("unknown-key", fact, key=name, suggestions=hints))
        missing = [name for name in free if name in cls._required and name not in meant]
        if missing:
            faults.append(Fault("missing-key", f"{cls.type} needs {listed(missing)}"))
        return faults

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self.type} is immutable")

    def __repr__(self) -> str:
        """``Conv(filters=64, kernel=3)``: the keys that do not have their defaults."""
        given = ", ".join(
            f"{name}={getattr(self, name)!r}"
            for name, declared in self._keys.items()
            if getattr(self, name) != declared.default
        )
        return f"{type(self).__name__}({given})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and type(self)._given(self) == type(self)._given(other)

    def __hash__(self) -> int:
        return hash(type(self)._given(self))

    @classmethod
    def keys(cls) -> Mapping[str, Key]:
        """The keys that an entry of this type may have, in the order of declaration."""
        return cls._keys

    def check_keys(self) -> None:
        """Refuse values that contradict each other.

        Raises:
            Fault: with the rule that they break.
        """
