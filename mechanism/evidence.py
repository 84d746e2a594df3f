"""What stands behind a number: it was measured, fitted or assumed."""

from __future__ import annotations

from typing import Literal

Kind = Literal["measured", "fitted", "assumed"]
