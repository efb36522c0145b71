"""client/outbox: for tenants' people, on the dashboard's host only."""

from __future__ import annotations

from promostack.telegram.letter_schemas import (
    Chosen,
    DoneAnswer,
    LetterPage,
    LettersQuery,
    ParkedPage,
    ParkedQuery,
    Requeue,
    RetriedAnswer,
    TallyAnswer,
)
from scripts.local.api.operation import Operation

_MESSAGE = {404: "`message_not_found`, `tenant_not_found`, or nothing at this address"}

OPERATIONS = (
    Operation(
        "get",
        "/client/outbox",
        "What the bots sent, have to send and could not send",
        LetterPage,
        about="Each message says in words why it stands where it stands, and what to do about it.",
        tag="client",
        caller="member",
        query=LettersQuery,
    ),
    Operation(
        "get",
        "/client/outbox/counts",
        "How much waits and how much failed, for each bot",
        TallyAnswer,
        tag="client",
        caller="member",
    ),
    Operation(
        "post",
        "/client/outbox/requeue",
        "Send dead letters once more",
        DoneAnswer,
        about="Twenty are sent at once, the others within a minute. What is no dead letter any more stays as it is.",
        tag="client",
        caller="member",
        body=Requeue,
        errors=_MESSAGE | {409: "`may_arrive_twice`: Telegram gave no answer to one; send `may_arrive_twice`"},
    ),
    Operation(
        "post",
        "/client/outbox/cancel",
        "Cancel what waits",
        DoneAnswer,
        about="What is being sent at this moment stays as it is.",
        tag="client",
        caller="member",
        body=Chosen,
        errors=_MESSAGE,
    ),
    Operation(
        "get",
        "/client/outbox/parked",
        "Updates that could not be answered",
        ParkedPage,
        about="An update that fails three times is set aside, so that the chat goes on.",
        tag="client",
        caller="member",
        query=ParkedQuery,
    ),
    Operation(
        "post",
        "/client/outbox/parked/retry",
        "Answer updates that were set aside",
        RetriedAnswer,
        about="They are handed in again within a minute; those older than a day are not.",
        tag="client",
        caller="member",
        body=Chosen,
        errors={404: "`update_not_found`, `tenant_not_found`, or nothing at this address"},
    ),
)
