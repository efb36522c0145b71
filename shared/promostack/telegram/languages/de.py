"""German."""

TEXTS = {
    "welcome": "Hallo. Schick mir deinen Gutscheincode, ich mache das Promo-Bild dazu.",
    "help": (
        "Schick einen Gutscheincode, wähle eine Vorlage, tippe auf ein Format: das Bild kommt hierher.\n\n"
        "/generate nimmt deinen letzten Code noch einmal\n/cancel vergisst ihn\n"
        "/stop beendet Nachrichten dieses Bots, /resume bringt sie zurück"
    ),
    "cancelled": "Erledigt, der Code ist vergessen. Schick einen anderen, wann du magst.",
    "stopped": "Du bekommst keine Nachrichten dieses Bots mehr. Codes gehen wie bisher; /resume bringt sie zurück.",
    "resumed": "Du bekommst wieder Nachrichten dieses Bots. /stop beendet sie.",
    "link_old": "Dieser Link führt nirgends mehr hin. Schick mir stattdessen einen Gutscheincode.",
    "no_code_yet": "Es gibt noch keinen Code. Schick mir einen, zum Beispiel WELCOME-30.",
    "code_malformed": "Das kann kein Gutscheincode sein. {reason}",
    "code_invalid": "<b>{code}</b> gilt nicht. Prüfe die Schreibweise und schick ihn noch einmal.",
    "code_unknown": "Ich kann <b>{code}</b> gerade nicht prüfen. Am Code liegt es nicht; versuche es gleich wieder.",
    "too_many_tries": "Zu viele Versuche. Warte {wait} und schick den Code noch einmal.",
    "only_text": "Ich lese nur Text. Schick mir den Gutscheincode als Nachricht.",
    "gallery_empty": "Es gibt noch keine Vorlage. Bitte den Betreiber dieses Bots, eine zu veröffentlichen.",
    "gallery": "<b>{name}</b> · {page} von {pages}\nCode <b>{code}</b>. Wähle ein Format, dann kommt das Bild.",
    "button_old": "Diese Tasten gehören zu einer älteren Nachricht. Schick deinen Code noch einmal.",
    "rendering": "Dein Bild entsteht …",
    "picture": "Code <b>{code}</b>\n{link}",
    "qr": "Der QR-Code öffnet den Link mit <b>{code}</b>:\n{link}",
    "template_gone": "Diese Vorlage gibt es nicht mehr. Wähle eine andere.",
    "render_failed": "Das Bild misslang. Tippe noch einmal auf das Format oder wähle eine andere Vorlage.",
    "no_picture": "Es gibt noch kein Bild. Schick zuerst deinen Code.",
    "no_link": "Der Betreiber dieses Bots hat für seine Codes noch keinen Link hinterlegt.",
    "try_again": "Noch einmal",
    "as_file": "Als Datei",
    "as_qr": "QR-Code",
    "another_template": "Andere Vorlage",
    "share": "Teilen",
    "to_channel": "In meinen Kanal",
    "channel_none": (
        "Noch ist keiner deiner Kanäle verbunden. Tippe auf die Taste, wähle deinen Kanal und bestätige das "
        "Recht zu posten; tippe dann noch einmal auf „In meinen Kanal“."
    ),
    "channel_add": "Kanal verbinden",
    "channel_choose": "In welchen Kanal?",
    "channel_connected": (
        "<b>{channel}</b> ist verbunden. „In meinen Kanal“ unter einem Bild postet dort; was gewartet hat, "
        "geht jetzt hinaus."
    ),
    "channel_removed": (
        "Ich bin nicht mehr in <b>{channel}</b>. Verbinde den Kanal wieder; was für ihn wartet, wird dann gepostet."
    ),
    "channel_no_rights": (
        "In <b>{channel}</b> darf ich nicht posten. Gib mir bei den Administratoren das Recht „Nachrichten "
        "posten“ oder verbinde ihn neu; was für ihn wartet, wird dann gepostet."
    ),
    "channel_refused": (
        "Telegram weist meine Posts in <b>{channel}</b> ab. Verbinde den Kanal wieder; was für ihn wartet, "
        "wird dann gepostet."
    ),
    "post_preview": "So wird es in <b>{channel}</b> aussehen:",
    "post_now": "Jetzt posten",
    "post_hour": "In 1 Stunde",
    "post_morning": "Morgen 9:00",
    "post_cancel": "Abbrechen",
    "post_dropped": "Es wird nichts gepostet.",
    "post_twice": "Dasselbe Bild mit demselben Text steht in <b>{channel}</b> um {time}. Noch einmal posten?",
    "post_again": "Noch einmal posten",
    "post_old": "Diese Tasten sind schon benutzt oder gehören zu einer älteren Nachricht.",
    "post_busy": "Der Post geht gerade hinaus. Versuche es in ein paar Sekunden wieder.",
    "post_scheduled": "Es wird in <b>{channel}</b> gepostet: {time}.",
    "post_sending": "Unterwegs nach <b>{channel}</b>.",
    "post_posted": "In <b>{channel}</b> gepostet.",
    "post_held": (
        "Es wartet, weil ich in <b>{channel}</b> gerade nicht posten darf. Verbinde den Kanal wieder, dann "
        "wird es gepostet."
    ),
    "post_cancelled": "Es wird nicht in <b>{channel}</b> gepostet.",
    "post_failed": "Es ließ sich nicht in <b>{channel}</b> posten. Telegram sagt: {reason}",
    "post_unclear": "Telegram hat nicht geantwortet. Sieh in <b>{channel}</b> nach, ob der Post dort steht.",
    "post_deleting": "Es wird aus <b>{channel}</b> gelöscht.",
    "post_deleted": "Aus <b>{channel}</b> gelöscht.",
    "post_changing": "Der Text in <b>{channel}</b> wird geändert.",
    "post_changed": "Der Text in <b>{channel}</b> ist geändert.",
    "post_unchanged": "Der Text in <b>{channel}</b> ließ sich nicht ändern. Telegram sagt: {reason}",
    "post_kept": "Der Post in <b>{channel}</b> ließ sich nicht löschen. Telegram sagt: {reason}",
    "post_too_old": (
        "Telegram lässt mich meine Posts nur 48 Stunden lang löschen. Lösche diesen in <b>{channel}</b> selbst."
    ),
    "post_edit": "Text ändern",
    "post_delete": "Löschen",
    "post_drop": "Nicht posten",
    "post_open": "Post öffnen",
    "post_status": "Wo ist es?",
    "post_delete_ask": "Den Post aus <b>{channel}</b> löschen?",
    "post_delete_sure": "Ja, löschen",
    "post_keep": "Behalten",
    "caption_wanted": (
        "Schick den neuen Text für <b>{channel}</b> innerhalb von 10 Minuten als Nachricht. "
        "/cancel lässt ihn, wie er ist."
    ),
    "caption_too_long": (
        "Dieser Text hat {length} Zeichen; Telegram nimmt {most}. Schick einen kürzeren oder /cancel."
    ),
    "caption_refused": "Dieser Text enthält Zeichen, die Telegram nicht nimmt. Schick einen anderen oder /cancel.",
    "caption_kept": "Der Text bleibt, wie er ist.",
    "group_polite": "Aus Gutscheincodes mache ich Bilder, und zwar im privaten Chat. Schick mir deinen Code dort.",
    "group_open": "Chat öffnen",
    "inline_hint": "Schreib einen Gutscheincode hinter den Namen des Bots",
    "inline_invalid": "Dieser Code gilt nicht",
    "inline_unknown": "Der Code lässt sich gerade nicht prüfen",
    "inline_busy": "Zu viele Versuche; warte einen Moment",
    "format_square": "Quadrat",
    "format_story": "Story",
    "format_feed": "Feed",
    "seconds": "{number} Sekunden",
    "minutes": "{number} Minuten",
    "command_start": "Anfangen",
    "command_generate": "Ein Bild mit dem letzten Code",
    "command_help": "So geht es",
    "command_cancel": "Den Code vergessen",
    "command_stop": "Keine Nachrichten dieses Bots mehr",
    "command_resume": "Wieder Nachrichten dieses Bots",
}
