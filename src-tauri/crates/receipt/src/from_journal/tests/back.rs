//! What goes back, and what does not.

use super::*;

fn reversal(kind: Kind, state: reversal::State) -> Reversal {
    let intent = reversal::Intent {
        reversal: ReversalId::from_parts(START, [3; 10]),
        payment: intent().payment,
        attempt: intent().attempt,
        account: intent().account,
        kind,
        amount: lira(12_345),
        target: Target::Transaction { number: ForeignText::filter("R-1"), reference: intent().reference },
        word: word(),
    };
    let mut reversal = Reversal::open(intent, START);
    reversal.apply(&reversal::Entry::Entered(Box::new(state)), START.after(Millis::seconds(90))).unwrap();
    reversal
}

fn back(reversal: &Reversal) -> (String, String, String) {
    papers(&Slip::of_reversal(reversal, &standing(approved()), around()).unwrap())
}

#[test]
fn what_went_back_is_told_with_what_was_paid() {
    let done = || reversal::State::Done { proof: Proof::Status(Seen::default()) };
    let (name, english, turkish) = back(&reversal(Kind::Refund, done()));
    assert_eq!(name, "done");
    holds(&english, &["Refunded", "123.45 TRY", "Paid 555.00 TRY", "Refund no. rev_", "Visa 41556501 **** 6111"]);
    holds(&turkish, &["İade edildi", "123,45 TRY", "Para, ödendiği yoldan geri gider."]);
    lacks(&english, &["3 × 185", "3-D Secure"]);
    let (_, english, turkish) = back(&reversal(Kind::Void, done()));
    holds(&english, &["Payment voided"]);
    holds(&turkish, &["Ödeme iptal edildi"]);

    let mut cancelled = reversal(Kind::Void, done());
    cancelled.intent.target = Target::Order("order_1".parse().unwrap());
    let (_, english, turkish) = back(&cancelled);
    holds(&english, &["This does not prove that the money goes back"]);
    holds(&turkish, &["Bu, paranın geri gideceğini göstermez"]);

    // Whoever looked it up for the gateway saw a cancelled order as well, and no money.
    cancelled.state = reversal::State::Done { proof: Proof::Supervisor(word()) };
    let (_, english, turkish) = back(&cancelled);
    holds(&english, &["This does not prove that the money goes back", "A supervisor settled it."]);
    holds(&turkish, &["Bu, paranın geri gideceğini göstermez"]);
    cancelled.intent.target = Target::Portal;
    let (_, english, _) = back(&cancelled);
    holds(&english, &["The charge was cancelled.", "A supervisor settled it."]);
}

#[test]
fn what_did_not_go_back_and_what_nobody_knows_is_not_claimed_to_have() {
    let refused = reversal::State::Refused(reversal::Refused::Gateway(GatewayRefusal {
        reason: RefusalReason::BadRequest,
        text: Some(ForeignText::filter("süre geçti")),
    }));
    let (name, english, turkish) = back(&reversal(Kind::Refund, refused));
    assert_eq!(name, "refused");
    holds(&english, &["Refund: not done", "Nothing went back", "What was charged stays charged.", "süre geçti"]);
    holds(&turkish, &["İade yapılmadı", "Para geri gitmedi"]);
    for state in [
        reversal::State::NotDone { word: word() },
        reversal::State::NotSent { reason: NotSentReason::Cancelled },
        reversal::State::Refused(reversal::Refused::Vezne(reversal::VezneRefusal::NotCancellable)),
    ] {
        holds(&back(&reversal(Kind::Void, state)).1, &["Void: not done", "Nothing went back"]);
    }

    let unknown = reversal::State::Unknown { cause: reversal::UnknownCause::Restarted };
    let (name, english, turkish) = back(&reversal(Kind::Refund, unknown));
    assert_eq!(name, "unknown");
    holds(&english, &["Refund: not known yet", "This paper does not say that it did, nor that it did not."]);
    holds(&turkish, &["İadenin sonucu henüz bilinmiyor"]);
    lacks(&english, &["Refunded", "Nothing went back"]);

    let sending = reversal(Kind::Refund, reversal::State::Sending(Round::First));
    assert_eq!(Slip::of_reversal(&sending, &standing(approved()), around()), None);
}
