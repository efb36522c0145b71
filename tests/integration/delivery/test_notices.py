"""What nobody misses, like a chat action: started, never waited for."""

from concurrent.futures import Future

from promostack.core import ids
from promostack.delivery import errors
from promostack.delivery.sender import Sender
from tests.integration.delivery.conftest import text


class Hanging:
    """A messenger whose first call ends when it is told to; it has no `call` that could be waited for."""

    def __init__(self) -> None:
        self.first: Future = Future()
        self.started: list[str] = []

    def prepare(self) -> None:
        """Nothing to load."""

    def start(self, message, **_: object) -> Future:
        self.started.append(message.method)
        return self.first


def test_a_notice_that_hangs_keeps_nobody_and_its_429_closes_the_gate(bot) -> None:
    telegram = Hanging()
    sender = Sender(telegram, lambda key: b"")
    sender.notify(bot.tenant_id, bot.id, 1, "sendChatAction", {"action": "upload_photo"})
    assert telegram.started == ["sendChatAction"]
    sender.send_own([], "none")
    telegram.first.set_exception(errors.SlowDown("429", retry_after_s=60))
    lease = ids.opaque_id()
    sender.send_own(bot.put(text(1), lease=lease), lease)
    assert telegram.started == ["sendChatAction"]
    assert bot.rows("state, attempts") == [("waiting", 0)]
