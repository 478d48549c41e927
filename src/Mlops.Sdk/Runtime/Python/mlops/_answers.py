"""What a node says of its things. Each keeps all that the node said in ``json``."""
from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Mapping, Optional, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Workflow:
    """A workflow package."""

    name: str
    version: str
    description: str
    trusted: bool
    json: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class Training:
    """One run of a workflow's train. ``state`` is queued, running, succeeded, failed or cancelled."""

    id: str
    workflow: str
    version: str
    state: str
    progress: float
    metrics: Mapping[str, float]
    model: Optional[str] = None
    reason: Optional[str] = None
    json: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in ("queued", "running")


@dataclass(frozen=True)
class Model:
    """What a training produced. ``stage`` is none, candidate, production or archived."""

    id: str
    workflow: str
    version: str
    stage: str
    training: str
    metrics: Mapping[str, float]
    json: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class Deployment:
    """A model in the prediction stage."""

    id: str
    workflow: str
    model: str
    state: str
    answered: int
    predictionFeed: str
    reason: Optional[str] = None
    json: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class Prediction:
    """One answer; ``source`` names the record that was answered."""

    source: Mapping[str, Any]
    values: Mapping[str, Any]
    model: str
    json: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class Feed:
    """A named sequence of records; ``fields`` holds (name, type) of each field."""

    id: str
    records: int
    fields: "tuple[tuple[str, str], ...]"
    first: Optional[str] = None
    last: Optional[str] = None
    json: Mapping[str, Any] = field(repr=False, default_factory=dict)


def read(kind: "type[T]", answer: Mapping[str, Any]) -> T:
    """Makes one of the above of a node's answer."""
    values = {f.name: answer[f.name] for f in fields(kind) if f.name != "json" and f.name in answer}  # type: ignore[arg-type]
    if kind is Feed:
        values["fields"] = tuple((f["name"], f["type"]) for f in answer["fields"])
    return kind(**values, json=answer)
