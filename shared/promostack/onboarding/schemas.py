"""Output of client/onboarding, and what connects a bot and a channel."""

from pydantic import BaseModel, ConfigDict, Field

from promostack.onboarding.models import Do, StepName, StepState
from promostack.telegram.bot_health import Fix


class _Input(BaseModel):
    # A refused token must not come back in the answer or stand in a log.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class _Output(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ConnectBot(_Input):
    """A bot by its token, as @BotFather shows it."""

    token: str = Field(max_length=200, repr=False, examples=["7310000001:AAF0…"])


class ConnectChannel(_Input):
    """A channel by its name, its address or its number."""

    bot: str = Field(max_length=100, description="the bot's id")
    channel: str = Field(max_length=200, examples=["@deals", "https://t.me/deals", "-1001234567890"])


class ActionAnswer(_Output):
    """What a step lacks first: `do` names the control, `title` and `text` are for the owner."""

    do: Do
    title: str
    text: str


class StepAnswer(_Output):
    """`later`: another step comes first."""

    name: StepName
    state: StepState
    missing: ActionAnswer | None


class NextAnswer(ActionAnswer):
    """The one next thing to do, and in which step."""

    step: StepName


class BotFacts(BaseModel):
    """A bot; `link` connects a channel to it with one tap, `fix` names the control that does what `next` says."""

    id: str
    username: str
    is_ready: bool = Field(description="Telegram hands in what people write to it")
    is_checked: bool = Field(description="Telegram was asked for it since it was connected")
    problem: str | None
    next: str | None
    fix: Fix | None
    link: str


class ChannelFacts(BaseModel):
    """A channel; `can_post`: a bot that answers may post there."""

    id: str
    title: str
    username: str | None
    bot: str
    can_post: bool


class TelegramFacts(BaseModel):
    """What the first step is worked out from."""

    bots: list[BotFacts]
    channels: list[ChannelFacts]


class ProgressAnswer(BaseModel):
    """`next` null: all is there."""

    steps: list[StepAnswer]
    next: NextAnswer | None
    telegram: TelegramFacts


class ConnectionsAnswer(BaseModel):
    """What the workspace is connected with."""

    telegram: TelegramFacts


class ConnectedBot(BaseModel):
    """The bot that was connected."""

    id: str
    username: str


class ConnectedChannel(BaseModel):
    """The channel that was connected."""

    id: str
    title: str
