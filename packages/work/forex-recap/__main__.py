"""work/forex-recap: recaps with the record's head, the briefing, result cards, and the day's signal for everybody."""

from promostack.app import forex, forex_news, worker


def main(event, context):
    news = forex_news.with_pictures()
    return worker.run("forex-recap", context, lambda seconds: forex.with_store().recap(news, seconds))
