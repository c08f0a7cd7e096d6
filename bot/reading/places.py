"""Countries by name, nation, short form and large cities: ISO 3166-1 alpha-2 codes, upper case."""

from __future__ import annotations

import re

_NAMED = """
GB: united kingdom, great britain, britain, british, england, english people, scotland, scottish, wales, welsh
GB: northern ireland, uk, gb, u.k., london, manchester, birmingham, glasgow, edinburgh, leeds, liverpool
GB: belfast, cardiff, bristol
IE: ireland, irish, republic of ireland, eire, dublin, cork city, galway
US: united states, united states of america, america, american, usa, u.s., u.s.a., the states, new york, nyc
US: los angeles, chicago, texas, california, florida, ohio, boston, seattle, brooklyn, michigan, philadelphia
CA: canada, canadian, toronto, vancouver, montreal, ontario, quebec, alberta
AU: australia, australian, aussie, oz, sydney, melbourne, brisbane, perth, adelaide
NZ: new zealand, kiwi, nz, auckland, wellington, aotearoa
DE: germany, german, deutschland, berlin, hamburg, munich, frankfurt
AT: austria, austrian, vienna, österreich
CH: switzerland, swiss, zurich, geneva, schweiz
FR: france, french, paris, lyon, marseille
ES: spain, spanish, españa, madrid, barcelona, valencia
PT: portugal, portuguese, lisbon, porto
IT: italy, italian, italia, rome, milan, naples
NL: netherlands, holland, dutch, amsterdam, rotterdam, the hague
BE: belgium, belgian, brussels, antwerp
LU: luxembourg
DK: denmark, danish, copenhagen
SE: sweden, swedish, stockholm, gothenburg
NO: norway, norwegian, oslo, bergen
FI: finland, finnish, helsinki
IS: iceland, icelandic, reykjavik
PL: poland, polish, warsaw, krakow
CZ: czech republic, czechia, czech, prague
SK: slovakia, slovak, bratislava
HU: hungary, hungarian, budapest
RO: romania, romanian, bucharest
BG: bulgaria, bulgarian, sofia
GR: greece, greek, athens
CY: cyprus, cypriot, nicosia
MT: malta, maltese
HR: croatia, croatian, zagreb
SI: slovenia, slovenian, ljubljana
RS: serbia, serbian, belgrade
BA: bosnia, bosnian, bosnia and herzegovina, sarajevo
AL: albania, albanian
MK: north macedonia, macedonia
ME: montenegro
XK: kosovo
EE: estonia, estonian, tallinn
LV: latvia, latvian, riga
LT: lithuania, lithuanian, vilnius
UA: ukraine, ukrainian, kyiv, kiev, lviv, odesa
BY: belarus, belarusian, minsk
MD: moldova, moldovan
RU: russia, russian, moscow, st petersburg
TR: turkey, turkish, türkiye, turkiye, istanbul, ankara
GE: republic of georgia, georgian, tbilisi
AM: armenia, armenian, yerevan
AZ: azerbaijan, baku
KZ: kazakhstan, kazakh, almaty
UZ: uzbekistan, tashkent
IL: israel, israeli, tel aviv
PS: palestine, palestinian, gaza, west bank
LB: lebanon, lebanese, beirut
JO: jordanian, amman
SY: syria, syrian, damascus
IQ: iraq, iraqi, baghdad
IR: iran, iranian, tehran
SA: saudi arabia, saudi, riyadh, jeddah
AE: united arab emirates, emirates, uae, dubai, abu dhabi
QA: qatar, doha
KW: kuwait
BH: bahrain
OM: oman, muscat
YE: yemen
EG: egypt, egyptian, cairo, alexandria
MA: morocco, moroccan, casablanca, rabat
DZ: algeria, algerian
TN: tunisia, tunisian
LY: libya
SD: sudan, khartoum
NG: nigeria, nigerian, lagos, abuja
GH: ghana, ghanaian, accra
KE: kenya, kenyan, nairobi, mombasa
UG: uganda, ugandan, kampala
TZ: tanzania, tanzanian, dar es salaam
RW: rwanda, kigali
ET: ethiopia, ethiopian, addis ababa
SO: somalia, somali, mogadishu
ZA: south africa, south african, johannesburg, cape town, durban, pretoria
ZW: zimbabwe, zimbabwean, harare
ZM: zambia, zambian, lusaka
BW: botswana
NA: namibia
MW: malawi
MZ: mozambique
AO: angola
CM: cameroon
SN: senegal, dakar
CI: ivory coast, côte d'ivoire
SL: sierra leone
LR: liberia
GM: the gambia
CD: congo, kinshasa
MU: mauritius
IN: india, indian, mumbai, delhi, new delhi, bangalore, bengaluru, chennai, kolkata, hyderabad, pune
PK: pakistan, pakistani, karachi, lahore, islamabad
BD: bangladesh, bangladeshi, dhaka
LK: sri lanka, sri lankan, colombo
NP: nepal, nepali, kathmandu
AF: afghanistan, afghan, kabul
CN: china, chinese, beijing, shanghai, shenzhen
HK: hong kong
MO: macau
TW: taiwan, taiwanese, taipei
JP: japan, japanese, tokyo, osaka
KR: south korea, korea, korean, seoul
PH: philippines, filipino, filipina, pinoy, manila, cebu
ID: indonesia, indonesian, jakarta, bali
MY: malaysia, malaysian, kuala lumpur
SG: singapore, singaporean
TH: thailand, thai, bangkok
VN: vietnam, vietnamese, hanoi, ho chi minh, saigon
KH: cambodia
LA: laos
MM: myanmar, burma, burmese
MN: mongolia
MX: mexico, mexican, mexico city, guadalajara
GT: guatemala
HN: honduras
SV: el salvador
NI: nicaragua
CR: costa rica
PA: panama
CU: cuba, cuban, havana
DO: dominican republic
PR: puerto rico
JM: jamaica, jamaican
HT: haiti
TT: trinidad, trinidad and tobago, tobago
BB: barbados
BS: bahamas
BR: brazil, brazilian, brasil, sao paulo, são paulo, rio de janeiro
AR: argentina, argentinian, buenos aires
CL: chile, chilean, santiago
CO: colombia, colombian, bogota, bogotá, medellin
PE: peru, peruvian, lima
VE: venezuela, venezuelan, caracas
EC: ecuador, quito
BO: bolivia
PY: paraguay
UY: uruguay, montevideo
GY: guyana
FJ: fiji
PG: papua new guinea
WS: samoa
GL: greenland
"""

_CODE_OF = {
    name.strip(): line.split(":", 1)[0]
    for line in _NAMED.strip().splitlines()
    for name in line.split(":", 1)[1].split(",")
}
_CODES = frozenset(_CODE_OF.values())
_NAME_OF = {code: name for name, code in reversed(_CODE_OF.items())}
_LONGEST_FIRST = re.compile(
    r"(?<!\w)(" + "|".join(re.escape(n) for n in sorted(_CODE_OF, key=len, reverse=True)) + r")(?!\w)"
)
_NOT_HERE = re.compile(r"\b(?:not(?: in| from)?|no longer in|used to live in|moved from|was born in|left)\s+(?:the )?$")
_PLACED = re.compile(r"\b(?:in|from|to|near|around|outside|country is|country to)\s+(?:the )?$")
_ALSO_LANGUAGES = frozenset(
    [
        "french",
        "german",
        "spanish",
        "italian",
        "dutch",
        "polish",
        "portuguese",
        "danish",
        "swedish",
        "norwegian",
        "finnish",
        "greek",
        "irish",
        "welsh",
        "turkish",
        "russian",
    ]
)
_SHORT_US = re.compile(r"(?:\b(?:in|from|the|of) |^)(?:the )?(us|US)\b(?! all)")


def country(text: str, *, asked: bool) -> str | None:
    """The code of the country someone is in; None when none is named.

    `asked`: the bot has just asked, so that a bare code ("uk", "DE") is one; otherwise it counts only where
    somebody is or is from, since "in french please" is about something else. The last counts, unless they left it.
    """
    words = " ".join(text.lower().replace("’", "'").split())
    found = [_CODE_OF[each[1]] for each in _LONGEST_FIRST.finditer(words) if _is_meant(each, words, asked)]
    if found:
        return found[-1]
    if _SHORT_US.search(text.strip()) and (asked or "in the us" in words or "from the us" in words):
        return "US"
    bare = text.strip(" .!").upper()
    if (
        asked
        and len(bare) == 2
        and bare in _CODES
        and bare not in {"NO", "IN", "IS", "IT", "SO", "ME", "AM", "MY", "BE", "LA", "AT"}
    ):
        return bare
    return {"NO": None, "GB": "GB"}.get(bare) if asked else None


def country_name(code: str) -> str:
    """The country's English name as people write it; the code itself when we don't know it."""
    return " ".join(
        word if word in ("of", "and", "the") else word.capitalize() for word in _NAME_OF.get(code, code).split()
    )


def _is_meant(found: re.Match[str], words: str, asked: bool) -> bool:
    before = words[: found.start()]
    if _NOT_HERE.search(before):
        return False
    return asked or (found[1] not in _ALSO_LANGUAGES and bool(_PLACED.search(before)))
