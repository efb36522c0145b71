"""hooks/telegram-webhook/BOT_ID: Telegram's updates, by the secret that the bot was registered with."""

from promostack.app import services
from promostack.app.access import WEBHOOK
from promostack.app.endpoint import Endpoint
from promostack.telegram.schemas import Update

endpoint = Endpoint("hooks/telegram-webhook")


@endpoint.post("{bot}", access=WEBHOOK, body=Update)
def receive(request, body, bot):
    secret = request.headers.get("x-telegram-bot-api-secret-token", "")
    return {"status": services.inbox().receive(bot, secret, body.as_sent, body.update_id)}


def main(event, context):
    return endpoint.handle(event, context)
