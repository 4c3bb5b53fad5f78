//! The one table from a code to words: what happened, and what to do now.

/// Variant by variant: the code, what happened, what to do next (empty when there is nothing to do).
macro_rules! codes {
    ($($variant:ident $word:literal $happened:literal $next:literal;)*) => {
        /// Every reason that `veznectl` can give.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Code { $(
            #[doc = $happened]
            $variant,
        )* }

        impl Code {
            /// All of them.
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as it stands in JSON.
            pub(crate) const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The code with this word; `None` for a word that only the till knows, which is shown as it is.
            pub(crate) fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }

            /// What happened, as a sentence.
            pub(crate) const fn happened(self) -> &'static str {
                match self { $(Self::$variant => $happened,)* }
            }

            /// What to do now.
            pub(crate) const fn next(self) -> Option<&'static str> {
                let next = match self { $(Self::$variant => $next,)* };
                if next.is_empty() { None } else { Some(next) }
            }
        }
    };
}

/// What to do now when it was a void or a refund: where the sentence of a payment speaks of paying or charging.
const NEXT_OF_REVERSAL: &[(Code, &str)] = &[
    (Code::BadRequest, "Read its words; nothing was returned."),
    (Code::TooMany, "Wait a minute and try again; nothing was returned."),
    (Code::Offline, "Check the network and try again; nothing was sent."),
    (Code::SignInUnanswered, "Try again in a moment; nothing was sent."),
    (Code::NoSlot, "Try again in a minute; nothing was sent."),
    (Code::Unprepared, "Nothing was sent; try again."),
    (Code::JournalFailed, "Make room on the disk, or repair it, and try again."),
];

/// What happened when it was a void or a refund, where the sentence of a payment does not fit.
const HAPPENED_TO_REVERSAL: &[(Code, &str)] = &[
    (Code::NotAllowed, "The gateway does not let this desk give money back."),
    (Code::WrongAddress, "There is no such call at the account's address."),
    (Code::ServerError, "The gateway failed while it worked on it."),
    (Code::JournalFailed, "It could not be written down, so nothing was sent."),
];

/// What the declines of a card are where there was none: paid from the credit limit.
const OF_LIMIT: &[Code] = &[
    Code::CardDeclined,
    Code::InsufficientFunds,
    Code::ExpiredCard,
    Code::InvalidCardNumber,
    Code::InvalidCvc,
    Code::ThreeDsFailed,
    Code::OtherDecline,
];

/// What to do now when nothing was to be sent: where the sentence of a payment speaks of sending.
const NEXT_ELSEWHERE: &[(Code, &str)] =
    &[(Code::DiskFull, "Make room on the disk, then try again."), (Code::AmountUnreadable, "Tell the gateway.")];

/// What happened when nothing was to be sent: of what was paid before, nobody may read that no money was taken.
const HAPPENED_ELSEWHERE: &[(Code, &str)] =
    &[(Code::Damaged, "The journal is damaged."), (Code::Gone, "The journal's file is gone from its place.")];

impl Code {
    /// What to do now when a verb failed that sends nothing.
    pub(crate) fn next_elsewhere(self) -> Option<&'static str> {
        self.among(NEXT_ELSEWHERE).or(self.next())
    }

    /// What happened when a verb failed that sends nothing.
    pub(crate) fn happened_elsewhere(self) -> &'static str {
        self.among(HAPPENED_ELSEWHERE).unwrap_or(self.happened())
    }

    /// What to do now when it was a void or a refund.
    pub(crate) fn next_of_reversal(self) -> Option<&'static str> {
        self.among(NEXT_OF_REVERSAL).or(self.next())
    }

    /// What happened when it was a void or a refund.
    pub(crate) fn happened_to_reversal(self) -> &'static str {
        self.among(HAPPENED_TO_REVERSAL).unwrap_or(self.happened())
    }

    /// What happened, and what to do now, when a payment from the credit limit was declined: no card had a part in it.
    pub(crate) fn of_limit(self) -> Option<(&'static str, &'static str)> {
        let words = (
            "The gateway declined to pay it from the credit limit.",
            "Pay the same order by card, or ask the gateway why.",
        );
        OF_LIMIT.contains(&self).then_some(words)
    }

    fn among(self, sentences: &[(Self, &'static str)]) -> Option<&'static str> {
        sentences.iter().find(|(code, _)| *code == self).map(|(_, sentence)| *sentence)
    }
}

codes! {
    // Declined.
    CardDeclined "card_declined" "The bank declined the card." "Ask for another card, or ask the customer to call their bank.";
    InsufficientFunds "insufficient_funds" "There is not enough money on the card." "Ask for another card, or take a smaller part.";
    ExpiredCard "expired_card" "The bank says that the card has expired." "Ask for another card, or check the date on the card.";
    InvalidCardNumber "invalid_card_number" "The bank does not know this card number." "Check the number against the card.";
    InvalidCvc "invalid_cvc" "The security code is wrong." "Check the code on the card and try again.";
    ThreeDsFailed "three_ds_failed" "The customer was not confirmed on the bank's page." "Try again with the code from the newest message, or ask for another card.";
    LimitExceeded "limit_exceeded" "The credit limit does not cover this." "Pay the same order by card, or ask the gateway to raise the limit.";
    OtherDecline "other" "The bank declined the payment." "Ask for another card, or ask the customer to call their bank.";
    // Refused by the gateway before processing.
    BadRequest "bad_request" "The gateway would not process the request." "Read its words; nothing was charged.";
    ReturnAddress "return_address_refused" "The gateway does not accept the return address." "Choose another `return_mode` for the account; veznectl always returns to this machine (loop-back).";
    Unauthorised "unauthorised" "The gateway does not accept the account's login." "Check the account's credentials.";
    NotAllowed "not_allowed" "The gateway does not let this desk pay." "Ask the gateway to allow this address (IP) and this account.";
    WrongAddress "wrong_address" "There is no payment API at the account's address." "Check `base_url` in config.toml.";
    TooMany "too_many_requests" "The gateway asks to wait before the next request." "Wait a minute and pay again; nothing was charged.";
    // Refused by Vezne before sending.
    OrderNotFound "order_not_found" "The gateway does not know this order, or it is already paid or cancelled." "Check the order id, and look at the order in the gateway's portal: it may be paid.";
    OrderAlreadyPaid "order_already_paid" "The order is already paid." "Nothing has to be paid.";
    OrderCancelled "order_cancelled" "The order is cancelled." "Make a new order.";
    OrderState "order_state" "The order is in a state that can't be paid." "Look at the order in the gateway's portal.";
    PriceChanged "price_changed" "The order's price has changed." "Look at the new price and pay again.";
    OrderUnreadable "order_unreadable" "The order could not be read, so its outcome could not be told later." "Try again in a moment.";
    OptionNotOffered "option_not_offered" "This way of paying is not offered for this card." "See what is: veznectl options.";
    OptionsUnanswered "options_unanswered" "The gateway did not tell the installment options." "Try again in a moment.";
    Overtaken "overtaken" "While this waited to be sent, something new was told of an earlier attempt on the same order or reference." "Look at the earlier attempt first: it may be paid.";
    SpanMissing "journal_span_missing" "A backup was restored, and this may have been paid in the span that is missing." "Look in the gateway's portal; a supervisor then allows it (--as and --reason).";
    // Not sent.
    Offline "offline" "The gateway can't be reached." "Check the network and pay again; nothing was sent.";
    SignInRefused "sign_in_refused" "The gateway does not accept the account's login." "Check the account's credentials; nothing was sent.";
    SignInUnanswered "sign_in_unanswered" "The gateway did not answer the sign-in." "Pay again in a moment; nothing was sent.";
    NoSlot "no_slot" "The gateway's rate limit left no place in time." "Pay again in a minute; nothing was sent.";
    Cancelled "cancelled" "Cancelled before anything was sent." "";
    Restarted "restarted" "The desk was stopped while this was under way." "";
    NoReturnAddress "no_return_address" "No address could be made for the way back from the bank." "Nothing was sent. Check that this machine may listen on 127.0.0.1.";
    Unprepared "unprepared" "What the request must carry was not at hand any more." "Nothing was sent; pay again.";
    JournalFailed "journal_failed" "The payment could not be written down, so nothing was sent." "Make room on the disk, or repair it, and pay again.";
    // Unknown.
    TimedOut "timed_out" "The gateway did not answer in time." "";
    ConnectionLost "connection_lost" "The connection broke before the answer." "";
    ServerError "server_error" "The gateway failed while it worked on the payment." "";
    UnexpectedStatus "unexpected_status" "The gateway gave an answer that its document does not know." "";
    Unreadable "unreadable_answer" "The gateway's answer can't be read." "";
    Contradictory "contradictory_answer" "The gateway's answer contradicts itself." "";
    BankTimeout "bank_timeout" "The bank did not answer the gateway in time." "";
    NotFoundOrProcessed "not_found_or_processed" "The gateway says that the order is not there, or paid already." "";
    UnknownWord "unknown_word" "The gateway used a word that its document does not know." "";
    BankPage "bank_page_unusable" "The bank's page can't be shown safely." "";
    NoFinalAnswer "no_final_answer" "There is no final answer of the gateway yet." "";
    FailedButPending "failed_but_pending" "The answer was no, but the gateway still works on the payment." "";
    SuccessThenNotPaid "success_then_not_paid" "The answer was yes, but the gateway now says that it is not paid." "";
    NotAsExpected "not_as_expected" "The gateway's record is not what was sent." "A supervisor compares it with the gateway's portal.";
    GatewayState "gateway_state" "The gateway's record is in a state that a person must judge." "A supervisor looks it up in the gateway's portal.";
    PaidByUnknownCard "paid_by_unknown_card" "The order is paid, by which card is not known." "A supervisor looks it up in the gateway's portal.";
    OnlyReturnSuccess "only_the_return_said_success" "The bank's page reports success; nobody can confirm it." "A supervisor looks it up in the gateway's portal.";
    OnlyReturnFailure "only_the_return_said_failure" "The bank's page reports failure; nobody can confirm it." "A supervisor looks it up in the gateway's portal.";
    NobodySaid "nobody_said_anything" "Nobody said what became of it, and nobody can be asked." "A supervisor looks it up in the gateway's portal.";
    Interrupted "interrupted" "Stopped while the payment may have been under way; it stays written down." "";
    // Alarms.
    OtherAmount "other_amount" "The gateway has another amount." "A supervisor compares it with the gateway's portal.";
    UnreadableAmount "amount_unreadable" "The gateway's amount can't be read, so it can't be compared." "A supervisor compares it with the gateway's portal.";
    OtherCard "other_card" "The gateway has another card." "A supervisor compares it with the gateway's portal.";
    Contradicted "contradicted" "The gateway now says something else than the outcome." "A supervisor makes the counter-entry: veznectl payment resolve.";
    BothApproved "both_approved" "Two attempts for the same thing are approved." "Give one of them back.";
    // The duplicate guard.
    DuplicateOpen "duplicate_open" "An attempt for the same order or reference is not settled." "Do not charge again. Ask about it: veznectl payment ask.";
    DuplicateContradicted "duplicate_contradicted" "An attempt for the same order or reference is contradicted." "A supervisor makes the counter-entry first: veznectl payment resolve.";
    DuplicatePaid "duplicate_paid" "This is paid already." "For a further payment say which part it is (--part), or a supervisor allows it (--override with --as and --reason).";
    DuplicateSameCard "duplicate_same_card" "An attempt with the same card and amount is not settled." "Do not charge again. Ask about it, or a supervisor allows this one (--override with --as and --reason).";
    DuplicateSetAside "duplicate_set_aside" "The attempt that was set aside was with this very card." "Use another card, or a supervisor allows this one (--override with --as and --reason).";
    DuplicateTwin "duplicate_twin" "The same card paid the same amount a moment ago." "If a second payment is really meant, say --twin-ok.";
    TooManyOpen "too_many_open" "As many payments are open as one desk can watch." "Wait until one of them is settled.";
    // Input.
    CardUnreadable "card_unreadable" "The card on standard input can't be read." "Give one JSON object: {\"number\":\"…\",\"holder\":\"…\",\"expiry_month\":12,\"expiry_year\":2030,\"cvc\":\"…\"}.";
    CardNumber "card_number" "The card number is wrong." "Check the number against the card.";
    CardHolder "card_holder" "The holder's name is wrong." "Check the name against the card.";
    CardExpiry "card_expiry" "The expiry date is wrong." "Check the date against the card.";
    CardCvc "card_cvc" "The security code is wrong." "Check the code against the card.";
    Amount "amount" "The amount can't be taken." "Write it with a dot and at most the currency's decimals, such as 545.00.";
    Currency "currency" "There is no such currency." "Write its three-letter code in capitals, such as TRY.";
    CurrencyNotTaken "currency_not_taken" "The account does not take this currency." "Choose one that stands in `currencies`, or another account.";
    Order "order" "The order id can't be taken." "Check the order id.";
    Reference "reference" "The reference can't be taken." "Check the reference.";
    Part "part" "The part can't be taken." "A part is rental, deposit, extra or a number from 1 to 99.";
    Bin "bin" "The first digits of a card are six or eight digits." "";
    Id "id" "The id can't be read." "Copy it as it was printed.";
    Text "text" "The text can't be taken." "";
    Name "name" "The name can't be taken." "";
    Day "day" "The day can't be read." "Write it as 2026-11-21.";
    OutcomeWord "outcome" "This outcome does not fit." "An attempt is approved or declined; a reversal is done or not-done.";
    Arguments "arguments" "The arguments can't be read." "";
    TypeTwice "type_twice" "An amount this large is stated twice." "Give the same amount again with --confirm-amount.";
    WrongSubject "wrong_subject" "This account is paid in another way." "";
    NoCreditLimit "no_credit_limit" "The account does not pay from a credit limit." "Pay by card.";
    CardForgotten "card_forgotten" "The card is not kept any more." "Give it again.";
    UnknownAccount "unknown_account" "There is no such account in the settings (config.toml)." "";
    Configuration "configuration" "The settings (config.toml) can't be used." "";
    NameTaken "name_taken" "There is an operator of this name already." "Choose another name.";
    UnknownOperator "unknown_operator" "There is no such operator." "See veznectl operator list.";
    // Rights.
    NeedsSupervisor "needs_supervisor" "A supervisor must agree to this." "Give --as NAME --reason TEXT, and the PIN on standard input.";
    ReasonMissing "reason_missing" "A supervisor's act needs a reason." "Give it with --reason TEXT.";
    NotASupervisor "not_a_supervisor" "The name or the PIN is not a supervisor's." "";
    PinMissing "pin_missing" "The PIN is missing." "Give it as the only line of standard input (with a card: as its field supervisor_pin).";
    PinRefused "pin_refused" "The PIN can't be taken." "";
    NotConfirmed "not_confirmed" "It was not confirmed." "Type yes when asked, if it is really meant.";
    // Settling.
    NotFound "not_found" "The journal knows of no such thing." "Copy the id as it was printed: veznectl payment list.";
    NotNow "not_now" "That can't happen to it as it stands." "See veznectl payment show.";
    TooLateToCancel "too_late_to_cancel" "It may have left, so it can't be cancelled." "Ask about it: veznectl payment ask.";
    PageStillOpen "page_still_open" "The bank's page may still be open before the customer." "Wait until its time is over.";
    NotAskedEnough "not_asked_enough" "The gateway has not been asked often enough." "Ask again: veznectl payment ask.";
    TooSoon "too_soon" "It is too soon for that." "Wait, then try again.";
    SaidPaid "said_paid" "The gateway says that it is paid." "Do not charge again.";
    PortalReference "portal_reference_missing" "What was seen in the gateway's portal is missing." "Give it with --saw.";
    NothingContradicts "nothing_contradicts" "It is settled, and nothing contradicts it." "";
    WentBack "went_back" "Something of this payment went back, so it can't count as not paid." "Correct the reversal first: veznectl payment resolve.";
    NotListed "not_listed" "It can't be settled in a list." "Settle it alone: veznectl payment resolve.";
    // Reversals.
    ReturnChanged "return_changed" "Meanwhile another amount is left." "Look again: veznectl payment show.";
    WhichAttempt "which_attempt" "Two attempts of this payment are approved." "Say which of them goes back by its id (att_…): veznectl payment show.";
    TwoApproved "two_approved" "Two payments of this order are approved: cancelling it would cancel the rental." "Call the gateway, and write down what went back: veznectl payment record-return.";
    NotApproved "not_approved" "This payment is not approved, so there is nothing to give back." "";
    AlreadyReturned "already_returned" "Everything of this payment has been given back already." "";
    AlreadyVoid "already_void" "This payment is already void." "";
    ReversalsOff "reversals_off" "Void and refund are switched off for this account." "Do it in the gateway's portal and write it down (veznectl payment record-return), or set `reversals = true` once the vendor has confirmed them.";
    AccountGone "account_gone" "The account that it was paid with is not configured any more." "Put it back into config.toml, or do it in the gateway's portal and write it down: veznectl payment record-return.";
    ReversalOpen "reversal_open" "Another reversal of this payment is not settled." "Ask about it: veznectl payment ask.";
    TooMuch "too_much" "That is more than what is left." "";
    VoidNotPossible "void_not_possible" "A void is not possible." "Give it back by a refund: veznectl payment refund.";
    WholeOnly "whole_only" "An order can only be cancelled as a whole." "Leave --amount out.";
    AmountNotKnown "amount_not_known" "What was paid is not known." "Do it in the gateway's portal and write it down with its amount: veznectl payment record-return --amount.";
    ReversalRefused "not_possible" "It can't be given back." "";
    NotDone "not_done" "A supervisor says that the money did not go back." "";
    BaselineUnreadable "baseline_unreadable" "The gateway did not tell what is left of this payment." "Try again in a moment.";
    NotCancellable "not_cancellable" "The order can't be cancelled." "Ask the gateway.";
    NotRefundable "not_refundable" "The order could be cancelled, but the money would not come back." "Ask the gateway.";
    RemainingDiffers "remaining_differs" "The gateway has another amount left." "A supervisor compares it with the gateway's portal.";
    // Reads.
    NoAnswer "gateway_no_answer" "The gateway did not answer." "Try again in a moment.";
    NotLet "gateway_not_allowed" "The gateway does not let this account ask." "Check the account's login and rights.";
    NotKnown "gateway_does_not_know" "The gateway does not know it, or it is already paid or cancelled." "Check the order id and the account, and look at the order in the gateway's portal: it may be paid.";
    QuestionRefused "gateway_refused_question" "The gateway refused the question." "";
    AmountUnreadable "gateway_amount_unreadable" "An amount of the gateway can't be read exactly." "Nothing was sent; tell the gateway.";
    // Environment.
    HomeUnusable "home_unusable" "The home folder can't be used." "";
    InUse "journal_in_use" "The journal is in use by another desk." "Close it first, or wait until it is done.";
    Vault "vault" "A secret can't be had." "";
    Journal "journal" "The journal can't be used." "";
    DiskFull "disk_full" "The disk is full, so nothing could be written down." "Make room on the disk, then try again; nothing was sent.";
    Damaged "journal_damaged" "The journal is damaged, so no money is taken." "Repair it: veznectl journal repair. What can be read and the backups are put together; nothing is thrown away.";
    Gone "journal_gone" "The journal's file is gone from its place, so no money is taken." "Put it back, or restore from the backups: veznectl journal repair.";
    RepairFailed "journal_repair_failed" "The journal could not be repaired; everything is as it was." "";
    SpanLost "journal_span_lost" "The journal was damaged, and what became of this is among what is lost." "It may have been charged: ask the gateway, or look in its portal.";
    NotWritten "not_written_down" "The outcome could not be written down." "Make room on the disk, then ask about the payment: veznectl payment ask.";
    NoSuchClose "no_such_close" "No day close has this number." "See which there are: veznectl close list.";
    CloseNotKnown "close_not_known" "Whether the day is closed is not known yet: the journal can't be read now." "When it can, see: veznectl close list.";
    Comparing "comparing" "A day close is being compared already." "Wait for its end, or stop it.";
    Anchor "anchor" "The anchor can't be read." "Copy it as it is printed: a number and four groups of four letters and digits.";
    Closing "closing" "The till is closing." "";
    Port "port" "The port can't be had." "Choose another with --port.";
    Exists "exists" "Something stands there already; nothing is overwritten." "";
    NoRoom "no_room" "The disk has not enough room for it." "Make room, or take a shorter span of time.";
    File "file" "The file can't be read or written." "";
    Broken "journal_broken" "The journal does not verify." "Keep the file as it is, restore a backup beside it, and find out who changed it.";
    // Papers.
    PaperNoOutcome "paper_no_outcome" "There is no outcome yet, so there is no receipt." "Ask again in a moment.";
    PaperUnderWay "paper_under_way" "This paper is already on its way to the printer." "Wait for it, or look at the printer.";
    PaperWaits "paper_waits" "The paper waits for the printer." "See to the printer; the desk prints it by itself at its next start.";
    PaperAsked "paper_asked" "It is not known whether the paper came out." "Look at the printer; what is printed again is a copy.";
    PaperNotKept "paper_not_kept" "It could not be written down that this is printed, so it was not." "Make room on the disk, and try again.";
    PaperNotMade "paper_not_made" "The paper could not be made." "Try again; if it stays, save its text.";
    PaperNotSaved "paper_not_saved" "The file could not be written." "Choose another place or another name.";
    PrinterNone "printer_none" "No receipt printer is set up." "Say in config.toml under [printer] where it is.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_codes_have_the_same_word_and_every_word_is_found_again() {
        let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| Code::of_word(code.word()) == Some(*code)));
    }

    #[test]
    fn of_a_reversal_nothing_speaks_of_charging_or_paying() {
        let of_gateway = [
            Code::BadRequest,
            Code::Unauthorised,
            Code::NotAllowed,
            Code::WrongAddress,
            Code::TooMany,
            Code::Offline,
            Code::SignInRefused,
            Code::SignInUnanswered,
            Code::NoSlot,
            Code::Restarted,
            Code::JournalFailed,
            Code::Unprepared,
            Code::TimedOut,
            Code::ConnectionLost,
            Code::ServerError,
        ];
        for code in of_gateway {
            for words in [Some(code.happened_to_reversal()), code.next_of_reversal()].into_iter().flatten() {
                for wrong in ["charged", "pay ", "the payment", "next payment"] {
                    assert!(!words.contains(wrong), "{words}");
                }
            }
        }
    }

    #[test]
    fn every_sentence_is_one() {
        for code in Code::ALL {
            for text in [Some(code.happened()), code.next()].into_iter().flatten() {
                assert!(text.starts_with(char::is_uppercase) && text.ends_with('.'), "{text}");
            }
        }
    }

    /// The till's codes are words in its views: each that stands there has a sentence here.
    #[test]
    fn every_code_of_the_till_has_words() {
        let sources = [
            include_str!("../../till/src/view/reason.rs"),
            include_str!("../../till/src/view/attempt.rs"),
            include_str!("../../till/src/view/reversal.rs"),
        ];
        let marks = ["ReasonView::code(\"", "ReasonView::with(\"", "code: \"", "=> \""];
        let no_reasons = ["gateway", "vezne", "reversal_answer", "gateway_status", "supervisor"];
        let mut found = 0;
        for line in sources.iter().flat_map(|source| source.lines()) {
            let after = marks.iter().find_map(|mark| line.split_once(mark).map(|(_, rest)| rest));
            let Some((word, _)) = after.and_then(|rest| rest.split_once('"')) else { continue };
            let is_code = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if is_code && !no_reasons.contains(&word) {
                found += 1;
                assert!(Code::of_word(word).is_some(), "no words for {word:?}");
            }
        }
        assert!(found > 40, "the till's codes are no longer found in its views: {found}");
    }
}
