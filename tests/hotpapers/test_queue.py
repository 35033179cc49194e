"""The folder of messages, as another process would find it in the middle of a sending."""

from pathlib import Path

from kombu import Connection

from hotpapers.queue import Transport


class Spy:
    """Looks into the folder while it is written down as a message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __json__(self) -> list[str]:
        return [path.name for path in self.folder.glob("*.msg")]


def test_it_works(tmp_path: Path) -> None:
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    options["control_folder"] = str(tmp_path / "control")
    with Connection(transport=Transport, transport_options=options).channel() as channel:
        channel._put("celery", {"seen": Spy(tmp_path)})
        # Nobody could have read it before it was whole.
        assert channel._get("celery") == {"seen": []}
