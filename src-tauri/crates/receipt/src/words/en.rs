//! English.

use vezne_core::answers::DeclineReason;
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;

use super::{Labels, Titles, Words};
use crate::receipt::{Basis, CopyMark, Doubt, Next, NotBack, RefusedBy, Secure};

pub(super) static WORDS: Words = Words {
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    titles: Titles {
        approved: "Payment approved",
        declined: "Payment declined",
        refused: "Payment refused",
        not_sent: "Payment not sent",
        unknown: "Outcome not known yet",
        voided: "Payment voided",
        refunded: "Refunded",
        not_voided: "Void: not done",
        not_refunded: "Refund: not done",
        void_unknown: "Void: not known yet",
        refund_unknown: "Refund: not known yet",
    },
    labels: Labels {
        time: "Time",
        settled: "Settled at",
        desk: "Desk",
        operator: "Operator",
        account: "Account",
        gateway: "Gateway",
        order: "Order",
        reference: "Reference",
        part: "Part",
        means: "Paid from",
        card: "Card",
        secure: "3-D Secure",
        holder: "Cardholder",
        owed: "Owed",
        commission: "Commission",
        total: "Total",
        amount: "Amount",
        plan: "Installments",
        paid: "Paid",
        gateway_payment: "Gateway payment no.",
        gateway_reference: "Gateway reference",
        authorisation: "Authorisation code",
        attempt: "Attempt reference",
        payment: "Payment",
        returned: |kind| match kind {
            Kind::Void => "Voided amount",
            Kind::Refund => "Refund amount",
        },
        reversal: |kind| match kind {
            Kind::Void => "Void no.",
            Kind::Refund => "Refund no.",
        },
        basis: "How it is known",
        bank_says: "The bank’s words",
        gateway_says: "The gateway’s words",
        bank_code: "Bank code",
    },
    not_charged: "Not charged",
    nothing_charged: "Nothing was charged",
    single_payment: "Single payment",
    credit_limit: "Credit limit",
    installments,
    part,
    copy: |mark| match mark {
        CopyMark::Number(number) => format!("COPY {number}"),
        CopyMark::Uncounted => "COPY (not counted)".to_owned(),
    },
    page: |page, pages| format!("Page {page} of {pages}"),
    training: "TRAINING MODE – NOT VALID",
    training_small: "Made in training mode. No real money moved.",
    not_fiscal: "Not a fiscal document. It does not take the place of an invoice or a till receipt.",
    declined,
    refused: |by| match by {
        RefusedBy::Gateway => "The gateway turned it away before processing it.",
        RefusedBy::Vezne => "The desk did not send it.",
    },
    not_sent: "Nothing left the desk. It is safe to pay again.",
    basis,
    doubt: |doubt| match doubt {
        Doubt::None => None,
        Doubt::Unconfirmed => Some("Not confirmed yet: the gateway has not been able to repeat it."),
        Doubt::OnlyReturn => Some("Not confirmed: only the bank’s page reported this, and nobody could be asked."),
        Doubt::Contradicted => Some("The gateway has said something else since. A supervisor settles it."),
    },
    unknown: "It is not known yet whether this payment was charged. This paper does not say that it was, nor that it was not.",
    return_unknown: "It is not known yet whether the money went back. This paper does not say that it did, nor that it did not.",
    next: |next| match next {
        Next::Asking => "The desk goes on asking the gateway until it says.",
        Next::Person => "The gateway can’t be asked by the desk. A supervisor looks it up in the gateway’s portal.",
        Next::Compared => {
            "The gateway has since said something else than was told before. A supervisor looks it up in the gateway’s portal."
        }
    },
    keep: "Please keep this paper: by the payment number below it is found at any time.",
    returned: |kind| match kind {
        Kind::Void => "The charge was cancelled. When that shows on the card depends on its bank.",
        Kind::Refund => "The money goes back the way it was paid. When it shows there depends on the bank.",
    },
    only_cancelled: "The order was cancelled. This does not prove that the money goes back: the gateway has said nothing of it.",
    nothing_back: "Nothing went back",
    not_back: |why| match why {
        NotBack::Gateway(_) => "The gateway turned it away. What was charged stays charged.",
        NotBack::Vezne => "The desk did not ask for it. What was charged stays charged.",
        NotBack::NotSent => "Nothing left the desk. What was charged stays charged.",
        NotBack::Supervisor => "A supervisor found that it did not happen. What was charged stays charged.",
    },
    secure: |secure| match secure {
        Secure::Used => "asked for",
        Secure::Forced => "asked for: the gateway insists on it",
        Secure::DidWithout => "asked for; the gateway did without",
        Secure::NotAsked => "not asked for",
    },
};

fn installments(count: u8) -> String {
    format!("{count} installments")
}

fn part(part: Part) -> String {
    match part {
        Part::Rental => "rental".to_owned(),
        Part::Deposit => "deposit".to_owned(),
        Part::Extra => "extra".to_owned(),
        Part::Number(number) => format!("part {}", number.get()),
    }
}

const fn declined(reason: DeclineReason) -> &'static str {
    match reason {
        DeclineReason::CardDeclined => "The bank declined the card.",
        DeclineReason::InsufficientFunds => "There is not enough money on the card.",
        DeclineReason::ExpiredCard => "The bank says that the card has expired.",
        DeclineReason::InvalidCardNumber => "The bank does not know this card number.",
        DeclineReason::InvalidCvc => "The security code is wrong.",
        DeclineReason::ThreeDsFailed => "The bank could not confirm the customer on its page.",
        DeclineReason::LimitExceeded => "The limit does not cover this amount.",
        DeclineReason::Other => "The bank declined the payment.",
    }
}

const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::GatewayStatus => "The gateway was asked and says so.",
        Basis::Answer => "The gateway’s answer says so.",
        Basis::ReturnAndProbe => "The bank’s page says so, and a second sign at the gateway bears it out.",
        Basis::ReturnAlone => "Only the bank’s page says so.",
        Basis::Supervisor => "A supervisor settled it.",
        Basis::CounterEntry => "A supervisor corrected it.",
    }
}
