"""The words on papers. They are fixed by law and trade in each language, and never change with the reader's: so they stand here, not in gettext."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "ko", "ja")

# name -> (English, Korean, Japanese)
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "CONFIRMATION": ("Order confirmation", "주문 확인서", "注文請書"),
    "PROFORMA": ("Pro-forma invoice", "견적 송장 (프로포마)", "プロフォーマインボイス"),
    "PACKING_SLIP": ("Packing slip", "납품서 (포장 명세서)", "納品書"),
    "INVOICE": ("Invoice", "송장", "請求書"),
    "INVOICE.KR": ("Tax invoice", "세금계산서 (공급받는자 보관용)", "税金計算書"),
    "INVOICE.JP": ("Qualified invoice", "적격청구서", "適格請求書"),
    "CREDIT_NOTE": ("Credit note", "대변표", "返還請求書"),
    "CREDIT_NOTE.KR": ("Revised tax invoice", "수정세금계산서", "修正税金計算書"),
    "CREDIT_NOTE.JP": ("Qualified return invoice", "적격반환청구서", "適格返還請求書"),
    "copy": ("Translation, the original is in another language", "번역본 (원본은 다른 언어)", "訳文(原本は他言語)"),
    "number": ("Number", "번호", "番号"),
    "issued_on": ("Date", "작성일자", "発行日"),
    "supplied_on": ("Date of supply", "공급일자", "取引年月日"),
    "order": ("Order", "주문", "注文"),
    "po_number": ("Your order", "귀사 발주번호", "貴社発注番号"),
    "shipment": ("Shipment", "출하", "出荷"),
    "carrier": ("Carrier", "운송사", "運送会社"),
    "corrects": ("Corrects invoice", "당초 세금계산서", "対象請求書"),
    "due_on": ("Due", "지급기한", "支払期限"),
    "seller": ("Seller", "공급자", "売手"),
    "buyer": ("Buyer", "공급받는자", "買手"),
    "deliver_to": ("Delivery to", "납품처", "納品先"),
    "tax_number": ("VAT number", "등록번호", "登録番号"),
    "representative": ("Represented by", "대표자", "代表者"),
    "business": ("Business", "업태·종목", "事業内容"),
    "position": ("#", "순번", "No."),
    "part": ("Part", "품목", "品番・品名"),
    "machine": ("machine", "기계", "機械"),
    "card": ("repair card", "수리카드", "修理カード"),
    "quantity": ("Quantity", "수량", "数量"),
    "price": ("Unit price", "단가", "単価"),
    "per": ("per", "/", "/"),
    "rate": ("Tax rate", "세율", "税率"),
    "amount": ("Net", "공급가액", "金額(税抜)"),
    "amount_gross": ("Incl. tax", "금액(세액 포함)", "金額(税込)"),
    "freight": ("Freight", "운임", "送料"),
    "core": ("Core deposit", "코어 보증금", "コア保証金"),
    "fee": ("Restocking fee", "반품 수수료", "返品手数料"),
    "net": ("Supply without tax", "공급가액", "税抜金額"),
    "tax": ("Tax", "세액", "消費税額"),
    "gross": ("Incl. tax", "합계", "税込金額"),
    "total": ("Total", "합계금액", "合計金額"),
    "reduced": ("* reduced rate", "* 경감세율", "※ 軽減税率対象"),
    "codes": ("Serials and lots", "일련번호·로트", "製造番号・ロット"),
    "pieces": ("Packed", "포장 수량", "梱包数"),
    "PAID": ("paid", "유상", "有償"),
    "CONTRACT": ("contract", "계약", "保守契約"),
    "WARRANTY": ("warranty", "보증", "保証"),
    "INTERNAL": ("internal", "내부", "社内"),
    "pay_to": ("Please pay to", "입금 계좌", "お振込先"),
    "pay_reference": ("Reference", "입금 표기", "お振込時の記載"),
    "paid": ("Paid. Thank you.", "결제가 완료되었습니다. 감사합니다.", "お支払い済みです。ありがとうございます。"),
    "by_card": (
        "This is charged to your card. Thank you.",
        "카드로 결제됩니다. 감사합니다.",
        "カードでのお支払いです。ありがとうございます。",
    ),
    "pay_by": ("Please pay by {day}.", "{day}까지 지급하여 주십시오.", "{day}までにお支払いください。"),
    "pay_before": (
        "We ship as soon as the money is in. This is no tax invoice.",
        "입금 확인 후 출하합니다. 본 문서는 세금계산서가 아닙니다.",
        "ご入金確認後に出荷します。本書は適格請求書ではありません。",
    ),
    "credited": (
        "This amount is credited to your account.",
        "위 금액은 귀사 계정에 반영됩니다.",
        "上記金額を貴社勘定に充当いたします。",
    ),
    "free": ("These pieces are free of charge.", "무상 공급 품목입니다.", "無償提供品です。"),
    "promised": (
        "Thank you for your order. What we promised stands in the portal.",
        "주문해 주셔서 감사합니다. 약속한 출하일은 포털에서 확인하실 수 있습니다.",
        "ご注文ありがとうございます。お約束した出荷日はポータルでご確認いただけます。",
    ),
    "settled": ("Already paid", "기입금액", "お支払い済み"),
    "open": ("To pay", "입금하실 금액", "お支払い金額"),
    "pending": ("who pays is being decided", "비용 부담 결정 중", "費用負担を確認中"),
    "ship": ("We ship by", "출하 약속일", "出荷約束日"),
    "dealer-delivery": ("We deliver by", "납품 약속일", "納品約束日"),
    "agreed-delivery": ("Delivery agreed for", "합의한 납품일", "合意した納品日"),
    "REVERSE_CHARGE": (
        "Intra-Community supply, exempt under Article 138 of Directive 2006/112/EC. The recipient accounts for VAT (reverse charge).",
        "EU 역내 공급, 지침 2006/112/EC 제138조에 따라 면세. 부가가치세는 공급받는 자가 신고합니다 (Reverse charge).",
        "EU域内供給(指令2006/112/EC第138条により免税)。付加価値税は買手が申告します(Reverse charge)。",
    ),
    "EXPORT": (
        "Export: no tax is charged.",
        "수출 재화: 영세율 적용.",
        "輸出取引のため消費税は免税です。",
    ),
    "EXPORT.EU": (
        "Export outside the Union, exempt under Article 146 of Directive 2006/112/EC.",
        "EU 역외 수출, 지침 2006/112/EC 제146조에 따라 면세.",
        "EU域外輸出(指令2006/112/EC第146条により免税)。",
    ),
    "page": ("Page", "쪽", "ページ"),
}  # fmt: skip


def word(name: str, language: str, country: str = "") -> str:
    """The word in a language, as the law of a country calls it when it has a name of its own."""
    words = _WORDS.get(f"{name}.{country}") or _WORDS[name]
    return words[LANGUAGES.index(language) if language in LANGUAGES else 0]
