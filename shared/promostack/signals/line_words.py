"""Words that a line for subscribers must not hold, by what they would claim. All lower case, all ASCII."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_TENS = (
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion"
)
_ORDINALS = (
    "fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
    " seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
    " hundredth thousandth millionth"
)
_AMOUNTS = (
    "oh nil null naught nought nada half halves halfway quarter quarters thirds tenths dozen dozens score scores"
    " couple grand hundreds thousands millions billions tens ones zeros zeroes zillion percent percentage pct bps"
    " double doubled doubles doubling triple tripled triples tripling treble quadruple quintuple twice thrice"
    " twofold threefold fourfold fivefold tenfold hundredfold manifold lakh lakhs crore crores fourty fivety ninty"
    " fiveteen fourten"
)
CARDINALS = _set(f"{_UNITS} {_TENS}")
NUMBERS = CARDINALS | _set(f"{_ORDINALS} {_AMOUNTS}")
"""Number words of English. `first`, `second` and `third` are looked at where they stand."""

# Of these a letter too many, too few, wrong or swapped is still the number; words of English that are so near are not.
SPELT = _set(
    "eleven twelve twenty thirty eighty ninety thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "hundred thousand million billion"
)
NEAR_BUT_OTHER = frozenset({"thirsty", "weighty", "minion", "mullion", "pillion", "bullion", "eleventh", "seventeenth"})

FOREIGN_NUMBERS = _set(
    "uno dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce quince veinte treinta cuarenta "
    "cincuenta sesenta setenta ochenta noventa cien ciento cientos mil miles millon medio mitad eins zwei "
    "drei vier funf fuenf sechs sieben acht neun zehn elf zwolf zwoelf zwanzig dreissig vierzig funfzig "
    "fuenfzig sechzig siebzig achtzig neunzig halb deux trois quatre cinq sept huit neuf dix onze douze "
    "treize quatorze quinze vingt trente quarante cinquante soixante cent cents demi sei sette otto nove "
    "dieci undici dodici venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento mille mila "
    "duemila dois quatro oito dez cem vinte trinta quarenta cinquenta een twee drie vijf zes zeven negen tien "
    "twintig dertig veertig vijftig honderd duizend ek teen char paanch panch saat aath nau dus sau hazaar "
    "hazar dva tri pyat desyat sto tysyacha tysyach"
)
FOREIGN_ROOTS = re.compile(r"tausend|hundert|zwanzig|cientos$|mila$|cinquant|duizend|honderd")

# Longer parts first, so that `fourteen` is not read as four and een.
COMPOUND = re.compile(rf"(?:{'|'.join(sorted(CARDINALS | {'and', 'oh'}, key=len, reverse=True))}){{2,}}")
STARTS_WITH_TENS = re.compile(r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty[a-z]+")
ROMAN = re.compile(r"m{0,4}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
NOT_ROMAN = frozenset({"i", "mix", "mi", "di", "ml", "mm", "cd"})

PROMISES = _set(
    "guarantee guarantees guaranteed guaranteeing riskless safe safely safest safety secure secured securely "
    "certain certainly certainty sure surely surefire definite definitely absolutely undoubtedly doubtless "
    "assured assure assures promise promises promised promising foolproof bulletproof infallible failsafe "
    "inevitable inevitably unstoppable unbeatable impossible perfect perfectly flawless proven accuracy "
    "accurate always will shall gonna must winner winners winning win wins won jackpot richer millionaire "
    "wealth wealthy moon rocket lambo nobrainer money cash savings leverage leveraged borrow mortgage deposit "
    "invest instant instantly overnight everything profitable profit profits earn earns earnings income "
    "payout payday bonus freebie hurry urgent urgently riesgo risiko risque rischio risico sicher seguro "
    "garantiert sorglos guess jackpots"
)
PROMISE_ROOTS = re.compile(r"gu?a?u?a?r+a*u?e?n+t|garant|surefir|nobrain|riskfree|riskless|bulletpr")
PROMISE_PHRASES = re.compile(
    r"\b(?:no|without(?: an?y?)?|free of|zero|little) (?:risk|doubt|loss|losses|danger)\b|\brisk free\b"
    r"|\b(?:can not|cannot|cant|can t|could not|couldnt|never|nothing|no way|dont|do not|wont|doesnt|does not)\b"
    r"(?: \w+){0,3} (?:lose|loses|losing|loss|fail|fails|failing|miss|misses|wrong|hit|disappoint|be stopped)\b"
    r"|\bgoing to\b|\bbound to\b|\bhas to\b|\bhave to\b|\ball in\b|\bin the bag\b|\bno brainer\b|\bcan t go wrong\b"
    r"|\bw(?:in|inning) rate\b|\bsuccess rate\b|\bno chance of\b|\bfor granted\b|\b\w+ ll\b|\blast chance\b"
    r"|\bevery (?:time|trade)\b|\beach time\b|\bmax(?:imum)? (?:size|leverage)\b|\bbet (?:on|your|the)\b|\bfree gold\b"
    r"|\b(?:get|be|become|makes?|making|grow) (?:you |us )?rich\b"
)
"""Over words that stand apart by one blank, apostrophes and hyphens taken out."""

LINKS = _set(
    "http https www com net org io link links click visit website url dm whatsapp telegram instagram twitter "
    "discord vip subscribe contact inbox channel group code coupon broker account signup register referral "
    "bio guru pm"
)
LEAKS = _set(
    "system assistant prompt instruction instructions developer ai model chatbot language disclaimer ignore "
    "disregard forget override sorry draft rules print key password token secret json placeholder "
    "placeholders user sandbox"
)
LEAK_PHRASES = re.compile(
    r"\b(?:the )?(?:facts?|block|numbers?|prices|signal|message|text) (?:above|below|before) ?(?:is|are|were|was)?\b"
    r"|\b(?:above|previous|earlier) (?:facts?|block|message|text|signal)\b|\bhere is\b|\bheres\b|\boutdated\b"
    r"|\bfacts are\b|\bother side\b"
)

ACTS = {
    1: _set(
        "buy buys buying bought long longs bullish bulls bull uptrend accumulate accumulating comprar compra "
        "kaufen acheter comprare kopen north northward northwards"
    ),
    -1: _set(
        "sell sells selling sold short shorts shorting shorted bearish bears bear downtrend liquidate "
        "liquidating vender venda verkaufen vendre vendere verkopen dump dumping south southward southwards"
    ),
}
"""What one does on each side, and the words for those who do it: none of the other side's may stand in a line."""
MOVES = {
    1: _set(
        "rise rises rising rose risen rally rallies rallying climb climbs climbing surge surges surging soar "
        "soars soaring jump jumps jumping higher upward upwards up upside recover recovers appreciate spike "
        "spikes buyers breakout"
    ),
    -1: _set(
        "fall falls falling fell fallen drop drops dropping dropped decline declines declining crash crashes "
        "crashing plunge plunges plunging tumble tumbles tumbling slide slides sliding sink sinks sinking "
        "collapse collapses collapsing slump slumps slumping lower downward downwards down downside breakdown "
        "selloff sellers"
    ),
}
"""Where price goes and who moves it. The other side's may only tell what lies behind, or what has ended."""
RETRACES = {
    1: _set("bounce bounces bounced rebound rebounds recovery"),
    -1: _set("dip dips dipped pullback pullbacks setback setbacks correction"),
}
"""A move against the trend, after which one enters: the other side's may not be what is expected."""
EXPECTED_BEFORE = _set("expect expects expecting expected for likely next coming look looking plausible")
EXPECTED_AFTER = _set("from ahead next likely coming should could may might would begins starts")
BEHIND_BEFORE = _set(
    "after following despite recent earlier prior previous rejected late trapped extended strength volatility"
)
BEHIND_AFTER = _set(
    "fades fading faded slows slowing slowed stalls stalling stalled exhausted tired lost loses ended ends "
    "eases easing ran band bollinger gone done over trapped could failed"
)
UNDOES = _set("not no dont never avoid nobody neither close liquidate cover exit flatten unwind quit trap")
TURNS_ROUND = _set("opposite reverse reversed inverse contrary instead trap")
GETS_OUT = re.compile(r"\bget out\b|\bbail out\b|\boptions?\b")

# What a placeholder is called before it stands. An exit is the stop or a target.
LABELS = {
    **dict.fromkeys(_set("entry enter enters entered entering starts begins"), ("entry",)),
    **dict.fromkeys(_set("stop sl protect protection protected invalid wrong"), ("stop",)),
    **dict.fromkeys(_set("target targets tp objective goal gain aim aims"), ("tp1", "tp2", "tp3")),
    **dict.fromkeys(_set("exit exits outat"), ("stop", "tp1", "tp2", "tp3")),
}
BEGINS_ANEW = re.compile(r".*\b(?:as long as|until|while|if|unless|because|since|entry after)\b")
CALLED_AFTER = re.compile(
    r"^(?:is|as|for|marks|being|becomes)(?: (?:the|our|your|a|an|its|first|final|next|last|only|real|new))*"
    rf" ({'|'.join(LABELS)})\b(?! (?:at|by|on the way)\b)"
)
RANKS = {"first": "tp1", "nearest": "tp1", "second": "tp2", "third": "tp3", "final": "tp3", "last": "tp3"}
NOT_UPWARDS = _set("showed shows given gives gave lined lines ended ends backed")
ABOVE, BELOW = frozenset({"above", "over", "overhead"}), frozenset({"below", "beneath", "under", "underneath"})
