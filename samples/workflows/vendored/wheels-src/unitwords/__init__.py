"""Reads torques with their units."""

__version__ = "1.0.0"
_FACTORS = {"Nm": 1.0, "Ncm": 0.01, "kNm": 1000.0}


def newton_metres(text):
    """Returns a torque such as ``12 Nm`` or ``850 Ncm`` in newton metres."""
    number, _, unit = text.strip().partition(" ")
    try:
        return float(number) * _FACTORS[unit.strip()]
    except (KeyError, ValueError):
        raise ValueError(f"{text!r} is no torque; write for example '12 Nm' (units: {', '.join(_FACTORS)})") from None
