"""Output of client/onboarding, and what connects a bot and a channel."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from promostack.onboarding.models import Do, StepName, StepState
from promostack.telegram.bot_health import Fix

Role = Literal["coupons", "signals"]

_COLOUR = r"^#[0-9A-Fa-f]{6}$"


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


class ColoursInput(_Input):
    """Two colours; text in `accent` has to be readable on `background` (4.5:1)."""

    background: str = Field(pattern=_COLOUR, examples=["#0B1739"])
    accent: str = Field(pattern=_COLOUR, examples=["#8B7BFF"])


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
    roles: list[Role] = Field(description="what it does: `coupons` for whoever writes to it, `signals` in a channel")
    is_ready: bool = Field(description="Telegram hands in what people write to it")
    is_checked: bool = Field(description="Telegram was asked for it since it was connected")
    problem: str | None
    next: str | None
    fix: Fix | None
    link: str


class ChannelFacts(BaseModel):
    """A channel; `can_post`: a bot that answers may post there. `number`: Telegram's; it is looked at again by that."""

    id: str
    number: str
    bot_id: str
    title: str
    username: str | None
    bot: str
    can_post: bool


class TelegramFacts(BaseModel):
    """What the first step is worked out from."""

    bots: list[BotFacts]
    channels: list[ChannelFacts]


class PlaceFacts(_Output):
    """Where codes can be checked; asked when it is on, able to answer when it is ready."""

    kind: str
    is_on: bool
    is_ready: bool


class TemplateFacts(BaseModel):
    """A template that bots show."""

    slug: str
    name: str
    thumbnail_url: str | None


class BusinessFacts(BaseModel):
    """Who the workspace is, and its first template."""

    name: str
    support_email: str | None
    zone: str
    logo_url: str | None
    template: TemplateFacts | None


class PostFacts(BaseModel):
    """The latest picture that went out."""

    channel: str
    code: str
    link: str | None
    picture_url: str


class ProgressAnswer(BaseModel):
    """`next` null: all is there."""

    steps: list[StepAnswer]
    next: NextAnswer | None
    telegram: TelegramFacts
    codes: list[PlaceFacts]
    business: BusinessFacts
    post: PostFacts | None


class PaletteAnswer(_Output):
    """Two colours that can be read on each other."""

    background: str
    accent: str


class PaletteList(BaseModel):
    """Those of the logo first."""

    items: list[PaletteAnswer]


class ConnectionsAnswer(BaseModel):
    """What the workspace is connected with."""

    telegram: TelegramFacts


class ConnectedBot(BaseModel):
    """The bot that was connected."""

    id: str
    username: str


class ManagedOffer(BaseModel):
    """`link` opens Telegram with the new bot's name filled in."""

    link: str


class ManagedFound(BaseModel):
    """`bot` null: it has not been made yet."""

    bot: ConnectedBot | None


class ConnectedChannel(BaseModel):
    """The channel that was connected."""

    id: str
    title: str
