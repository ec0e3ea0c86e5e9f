"""Which letters real texts use: what tells one old encoding from another. Facts about writing systems, no tables of text."""

from __future__ import annotations

# The syllables that Korean text is mostly made of, with those of spare parts; Chinese bytes read as Korean give rare ones.
KOREAN = frozenset(
    "가각간감강개거건검게격견결경계고공과관광교구국군그금급기길김나난날남내너넘네노농높니다단달담당대더덕데도독동되된두드"
    "든들등디따때또라락란람래량러런레려력련로록론료루르른를름리린림립마막만말맞매머면명모목못무문물미민바박반발밝방배백번버법베변"
    "별보복본볼봉부분불브비사산상새색생서석선설성세소속손송수순스습승시식신실심쓰씨씰아안않알암압앞야약양어언업없에여역연열영예오온와완"
    "외요용우운울원월위유육으은을음응의이인일임입있자작장재저적전절점정제조종좌주준중즈증지직진질집차찬참창채처천철첫청체초총최추축출"
    "충치카커케코크키타탁태터테토통투트특티파판팩퍼페펌편평포표품프플피필하학한할함합항해했향허험현형호홈화확환활황회효후휠히힌힘"
    "링너볼트와셔필터엔캡핀커버밸브밴드호스벨튜샤릴램센"
)

WESTERN = {
    "German": frozenset("äöüßÄÖÜ"),
    "French": frozenset("àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ"),
    "Spanish": frozenset("áéíóúñüÁÉÍÓÚÑÜ¿¡ºª"),
    "Italian": frozenset("àèéìíòóùúÀÈÉÌÍÒÓÙÚ"),
    "Portuguese": frozenset("áâãàçéêíóôõúÁÂÃÀÇÉÊÍÓÔÕÚºª"),
    "Nordic": frozenset("åäöæøéÅÄÖÆØÉ"),
    "Dutch": frozenset("ëïéèöüáóíúËÏÉÈÖÜ"),
    "Icelandic": frozenset("áéíóúýðþæöÁÉÍÓÚÝÐÞÆÖ"),
}
CENTRAL = {
    "Czech": frozenset("áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"),
    "Slovak": frozenset("áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ"),
    "Polish": frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
    "Hungarian": frozenset("áéíóöőúüűÁÉÍÓÖŐÚÜŰ"),
    "Romanian": frozenset("ăâîşţĂÂÎŞŢ"),
    "Croatian": frozenset("čćđšžČĆĐŠŽ"),
}
SIGNS = frozenset("°±µ×÷½¼¾²³¹«»®©™€£§•·–—‘’“”„…Øø´¨ \u00a0")


def is_kana(letter: str) -> bool:
    """Hiragana or full-width katakana: every Japanese sentence and nearly every name of a part has some."""
    return "\u3041" <= letter <= "\u30fe"


def is_hangul(letter: str) -> bool:
    """A Korean syllable."""
    return "\uac00" <= letter <= "\ud7a3"
