"""Finer words for refusals about orders."""

from django.utils.translation import gettext_lazy as _

from portal.errors import Code, register_words

register_words(
    {
        (Code.CARD_REQUIRED, "machine_down"): _(
            "A machine-down order names a repair card or the machine's serial on every line."
        ),
        (Code.INVALID, "amount"): _("Give an amount above zero in whole units of {currency}; {open} is open."),
        (Code.INVALID, "bank_amount"): _("Line {line} has an amount that cannot be: look at the file and its profile."),
        (Code.INVALID, "bank_columns"): _("The file lacks the columns of this profile. Choose the bank's own profile."),
        (Code.INVALID, "bank_currency"): _("The order is in {currency}; keep the sum as credit or send it back."),
        (Code.INVALID, "bank_date"): _("Line {line} has a date that cannot be read: choose the bank's own profile."),
        (Code.INVALID, "bank_encoding"): _("The file is written in another encoding than the profile says."),
        (Code.INVALID, "bank_kind"): _(
            "This is a workbook, an archive or a PDF. Send the statement as CSV or camt.053, unpacked."
        ),
        (Code.INVALID, "bank_no_statement"): _("This XML is no statement (camt.053). Ask the bank for one."),
        (Code.INVALID, "bank_rows"): _("Line {line} is no row of a CSV: look at its quotation marks."),
        (Code.INVALID, "bank_size"): _("Send a file of at most {limit} MB that is not empty."),
        (Code.INVALID, "bank_too_long"): _("The file has more than {line} sums. Split it by days."),
        (Code.INVALID, "bank_xml"): _("This XML cannot be read, or holds what a statement must not."),
        (Code.INVALID, "one_source"): _("Name one of lines, order, savedList and enquiry."),
        (Code.INVALID, "photo_kind"): _("This is no picture we can open. Send a photo as JPEG, PNG or WebP."),
        (Code.INVALID, "photo_pixels"): _("This picture has too many points to be opened safely. Send a smaller one."),
        (Code.INVALID, "photo_size"): _("The photo is larger than {limit} MB. Send a smaller one."),
        (Code.INVALID, "one_buyer"): _("The orders belong to several buyers. Give the sum to one of them."),
        (Code.INVALID, "card_closed"): _("This repair card is closed."),
        (Code.INVALID, "change"): _("Give a change other than zero, at most {limit} pieces."),
        (Code.INVALID, "counted"): _("Give a number from 0 to {limit}."),
        (Code.INVALID, "core_expected"): _(
            "The old units of this line are expected since it left; use the return that is already there."
        ),
        (Code.INVALID, "country"): _("Give the country as two letters, for example KR."),
        (Code.INVALID, "card_refund"): _(
            "What a card paid goes back to the card. Refund it there, or keep it as credit."
        ),
        (Code.INVALID, "coins"): _("Give an amount above zero in whole units of {currency}."),
        (Code.INVALID, "currency"): _("Give the currency as three letters, for example EUR."),
        (Code.INVALID, "deliver_on"): _("Choose a day of delivery from {first} to {last}."),
        (Code.INVALID, "deliver_on_early"): _("The goods leave by {earliest}; choose a day of delivery from then on."),
        (Code.INVALID, "future_failure"): _("The failure date lies in the future; today is {today}."),
        (Code.INVALID, "hours"): _("Give the hour meter as a number from 0 to {limit}."),
        (Code.INVALID, "line_count"): _("Send 1 to {limit} lines."),
        (Code.INVALID, "list_count"): _("A company keeps at most {limit} lists. Delete one you need no more."),
        (Code.INVALID, "list_name"): _("There is a list “{name}” already. Choose another name."),
        (Code.INVALID, "missing"): _("This field is needed. Fill it in."),
        (Code.INVALID, "name_buyer"): _("Staff order for a buyer: name the company."),
        (Code.INVALID, "no_method"): _("Say how the money came."),
        (Code.INVALID, "no_tax_rate"): _(
            "No tax rate is known for {country} ({taxClass}), so we cannot sell there yet. Ask your contact."
        ),
        (Code.INVALID, "no_price"): _("Part {partNumber} has no published price for you. Ask your contact for it."),
        (Code.INVALID, "old_part"): _("Old parts are expected by themselves; use the return that is already there."),
        (Code.INVALID, "other_body"): _("The quote was made for other lines. Ask for a new one."),
        (Code.INVALID, "other_machine"): _("Repair card {repairCard} belongs to another machine than this line's."),
        (Code.INVALID, "evidence"): _("This would mend a broken promise: say by what it is proved."),
        (Code.INVALID, "expect_day"): _("Choose a day from {today} to {last}."),
        (Code.INVALID, "over_balance"): _("At most {most} can be paid."),
        (Code.INVALID, "quantity"): _("Give a quantity from 1 to {limit}."),
        (Code.INVALID, "postal_code"): _("This is no postal code of that place. It looks like {hint}."),
        (Code.INVALID, "other_country"): _(
            "The country decides tax and freight and stays {country}. For another one, cancel the order and order anew."
        ),
        (Code.INVALID, "same_address"): _("This is the address the order has already. Correct what is wrong with it."),
        (Code.INVALID, "region"): _("This country's addresses need a region. Choose one: {hint}."),
        (Code.WRONG_STATE, "no_successor"): _(
            "Part {partNumber} has no single successor. Wait for it, or cancel the line."
        ),
        (Code.WRONG_STATE, "settled"): _("Somebody has settled this already."),
        (Code.INVALID, "share"): _("Give the customer's share as a fraction from 0 to 1 that fits the payer."),
        (Code.INVALID, "too_much"): _("Only {open} is open. Book the rest elsewhere."),
        (Code.INVALID, "twice"): _("Name every line once, and at least one."),
        (Code.INVALID, "units"): _("Give one serial or lot code for each of the {quantity} pieces, or none."),
        (Code.INVALID, "when"): _(
            "It happened between {earliest} and {latest}: not in the future, not before the step it follows."
        ),
        (Code.NOT_ALLOWED, "over_limit"): _(
            "You may order up to {limit} at once; this comes to {total}. Ask a colleague to approve it."
        ),
        (Code.NOT_ALLOWED, "approver_limit"): _(
            "This comes to {total}, more than you may order yourself. A colleague with a higher limit approves it."
        ),
        (Code.NOT_ALLOWED, "own"): _("Nobody decides on their own order. Ask a colleague."),
        (Code.OUT_OF_STOCK, "held"): _(
            "Orders hold {held} of the {onHand} pieces there; the level cannot fall below that."
        ),
        (Code.OUT_OF_STOCK, "not_on_shelf"): _("Only {there} pieces of {partNumber} are on the shelf for this line."),
        (Code.INVALID, "unpaid_hold"): _("This hold comes and goes by itself, as the card covers the order or not."),
        (Code.NOT_ALLOWED, "own_card"): _("Only the buyer's own people pay with the buyer's card."),
        (Code.PAYMENT_UNAVAILABLE, "cards_away"): _(
            "Card payments do not answer at the moment. Your order stands and nothing is lost: try again in some minutes, or pay by transfer."
        ),
        (Code.PAYMENT_UNAVAILABLE, "cards_refused"): _(
            "This sum cannot be paid by card ({reason}). Pay by transfer, or ask your contact."
        ),
        (Code.PAYMENT_UNAVAILABLE, "no_account"): _("This company has no account to buy on. Pay by transfer."),
        (Code.PAYMENT_UNAVAILABLE, "not_free"): _("This order costs {total}: choose how it is paid."),
        (Code.TOO_LATE, "return_window"): _("The last day for this return was {lastDay}."),
        (Code.WRONG_STATE, "bank_settled"): _("This sum is settled already."),
        (Code.WRONG_STATE, "card_closed"): _("This repair card is not open any more ({state})."),
        (Code.WRONG_STATE, "card_lapsed"): _(
            "The buyer's card no longer covers these pieces. They can leave as soon as it does; the buyer is told by itself."
        ),
        (Code.WRONG_STATE, "cart_changed"): _(
            "Your cart changed since you opened this page, perhaps because the button was pressed twice. Look again, then press."
        ),
        (Code.WRONG_STATE, "request_decided"): _("{name} was first: this request is settled already ({state})."),
        (Code.WRONG_STATE, "request_shown"): _(
            "Prices, stock or days changed since you looked. Look again, then approve."
        ),
        (Code.WRONG_STATE, "within_limit"): _("This is within your limit: order it yourself."),
        (Code.WRONG_STATE, "enquiry_answered"): _("{name} has answered this already. What you typed is still here."),
        (Code.WRONG_STATE, "enquiry_no_parts"): _("The answer names no parts."),
        (Code.WRONG_STATE, "no_link"): _("This order has no tracking link now."),
        (Code.WRONG_STATE, "nothing_waits"): _("Nothing of this line waits any more."),
        (Code.WRONG_STATE, "list_changed"): _(
            "{name} changed this list at {changedAt} while you had it open. What you typed is still here: compare, then save again."
        ),
        (Code.WRONG_STATE, "no_card"): _("This order takes no card payment (any more)."),
        (Code.WRONG_STATE, "unpaid_hold"): _("This hold ends by itself when the buyer's card covers the order again."),
        (Code.WRONG_STATE, "delivered"): _(
            "The delivery is recorded already, at {deliveredAt}. Correct it with evidence."
        ),
        (Code.WRONG_STATE, "held"): _("The order is held back. Release it first."),
        (Code.WRONG_STATE, "no_credit"): _("There is no credit to use here: {open} is open."),
        (Code.WRONG_STATE, "nothing_to_refund"): _("This order is not paid too much."),
        (Code.WRONG_STATE, "no_paper"): _(
            "This paper cannot be had now: an order is confirmed once it is decided, approved and taken, and has a pro-forma while it waits for a transfer."
        ),
        (Code.WRONG_STATE, "no_hold"): _("The order is not held."),
        (Code.WRONG_STATE, "not_cleared"): _(
            "Line {line} waits for money, approval or a decision; it cannot ship yet."
        ),
        (Code.WRONG_STATE, "not_confirmed"): _("The store has not confirmed this order yet."),
        (Code.WRONG_STATE, "not_delivered"): _("Record the delivery first; then it can be corrected."),
        (Code.WRONG_STATE, "nothing_to_return"): _("Nothing of this line is left to send back."),
        (Code.WRONG_STATE, "nothing_to_ship"): _("Nothing of this order is ready on a shelf."),
        (Code.WRONG_STATE, "nothing_there"): _(
            "Nothing of this order is ready in {place}; what is ready lies in another warehouse. See the order."
        ),
        (Code.WRONG_STATE, "left_already"): _(
            "{by} handed this order to {carrier} already, {at} ({shipment}). Nothing was recorded twice."
        ),
        (Code.WRONG_STATE, "waits_for_goods"): _(
            "Nothing of this order is on a shelf: {pieces} pieces wait for goods, expected on {expectedOn}."
        ),
        (Code.WRONG_STATE, "waits_without_day"): _(
            "Nothing of this order is on a shelf: {pieces} pieces wait for goods, and no day is known."
        ),
        (Code.WRONG_STATE, "order_cancelled"): _("This order is cancelled: put the goods back on their shelf."),
        (Code.WRONG_STATE, "other_warehouse"): _(
            "This slip is of {place}, and you hand over at {here}. Nothing was recorded; bring the parcel there."
        ),
        (Code.NOT_FOUND, "no_such_slip"): _(
            "No order has the code {typed}. Scan the slip again, or type the order’s number."
        ),
        (Code.NOT_FOUND, "no_such_place"): _("The code {typed} names a warehouse we do not have. Scan the slip again."),
    }
)
