"""The queue of the embedded stack: kombu's folder of messages, with none that is half written."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Write a message beside and rename it: kombu's own can be read before it is written.

        An empty message, or one of a sender that was killed in between, would end the worker.
        """
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid4()}.{queue}.msg"
        beside = Path(self.data_folder_out, f"{name}.part")
        beside.write_text(dumps(payload))
        beside.replace(Path(self.data_folder_out, name))


class Transport(filesystem.Transport):
    Channel = Channel
