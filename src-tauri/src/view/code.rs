//! The one list of codes that cross to the window. Its tables of words are complete over it in each language, so a new
//! code fails the window's type check until it has words.

use serde::Serialize;
use specta::Type;

/// Variant by variant: the code, and what it means.
macro_rules! codes {
    ($($variant:ident $word:literal $meaning:literal;)*) => {
        /// Every reason that the desk can give.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
        pub enum Code { $(
            #[doc = $meaning]
            #[serde(rename = $word)]
            $variant,
        )* }

        impl Code {
            /// All of them.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as it crosses.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The code with this word.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    CardDeclined "card_declined" "The bank declined the card.";
    InsufficientFunds "insufficient_funds" "There is not enough money on the card.";
    ExpiredCard "expired_card" "The bank says that the card has expired.";
    InvalidCardNumber "invalid_card_number" "The bank does not know this card number.";
    InvalidCvc "invalid_cvc" "The security code is wrong.";
    ThreeDsFailed "three_ds_failed" "The customer was not confirmed on the bank's page.";
    LimitExceeded "limit_exceeded" "The credit limit does not cover this.";
    OtherDecline "other" "The bank declined the payment.";
    BadRequest "bad_request" "The gateway would not process the request.";
    ReturnAddress "return_address_refused" "The gateway does not accept the return address.";
    Unauthorised "unauthorised" "The gateway does not accept the account's login.";
    NotAllowed "not_allowed" "The gateway does not let this desk pay.";
    WrongAddress "wrong_address" "There is no payment API at the account's address.";
    TooMany "too_many_requests" "The gateway asks to wait before the next request.";
    OrderNotFound "order_not_found" "The gateway does not know this order.";
    OrderAlreadyPaid "order_already_paid" "The order is already paid.";
    OrderCancelled "order_cancelled" "The order is cancelled.";
    OrderState "order_state" "The order is in a state that can't be paid.";
    PriceChanged "price_changed" "The order's price has changed.";
    OrderUnreadable "order_unreadable" "The order could not be read, so its outcome could not be told later.";
    OptionNotOffered "option_not_offered" "This way of paying is not offered for this card.";
    OptionsUnanswered "options_unanswered" "The gateway did not tell the installment options.";
    Overtaken "overtaken" "While this waited to be sent, something new was told of an earlier attempt on the same order or reference.";
    SpanMissing "journal_span_missing" "A backup was restored, and this may have been paid in the span that is missing.";
    Offline "offline" "The gateway can't be reached.";
    SignInRefused "sign_in_refused" "The gateway does not accept the account's login.";
    SignInUnanswered "sign_in_unanswered" "The gateway did not answer the sign-in.";
    NoSlot "no_slot" "The gateway's rate limit left no place in time.";
    Cancelled "cancelled" "Cancelled before anything was sent.";
    Restarted "restarted" "The desk was stopped while this was under way.";
    NoReturnAddress "no_return_address" "No address could be made for the way back from the bank.";
    Unprepared "unprepared" "What the request must carry was not at hand any more.";
    JournalFailed "journal_failed" "The payment could not be written down, so nothing was sent.";
    TimedOut "timed_out" "The gateway did not answer in time.";
    ConnectionLost "connection_lost" "The connection broke before the answer.";
    ServerError "server_error" "The gateway failed while it worked on the payment.";
    UnexpectedStatus "unexpected_status" "The gateway gave an answer that its document does not know.";
    Unreadable "unreadable_answer" "The gateway's answer can't be read.";
    Contradictory "contradictory_answer" "The gateway's answer contradicts itself.";
    BankTimeout "bank_timeout" "The bank did not answer the gateway in time.";
    NotFoundOrProcessed "not_found_or_processed" "The gateway says that the order is not there, or paid already.";
    UnknownWord "unknown_word" "The gateway used a word that its document does not know.";
    BankPage "bank_page_unusable" "The bank's page can't be shown safely.";
    NoFinalAnswer "no_final_answer" "The gateway gives no final answer yet.";
    FailedButPending "failed_but_pending" "The answer was no, but the gateway still works on the payment.";
    SuccessThenNotPaid "success_then_not_paid" "The answer was yes, but the gateway now says that it is not paid.";
    NotAsExpected "not_as_expected" "The gateway's record is not what was sent.";
    GatewayState "gateway_state" "The gateway's record is in a state that a person must judge.";
    PaidByUnknownCard "paid_by_unknown_card" "The order is paid, by which card is not known.";
    OnlyReturnSuccess "only_the_return_said_success" "The bank's page reports success; nobody can confirm it.";
    OnlyReturnFailure "only_the_return_said_failure" "The bank's page reports failure; nobody can confirm it.";
    NobodySaid "nobody_said_anything" "Nobody said what became of it, and nobody can be asked.";
    OtherAmount "other_amount" "The gateway has another amount.";
    UnreadableAmount "amount_unreadable" "The gateway's amount can't be read, so it can't be compared.";
    OtherCard "other_card" "The gateway has another card.";
    Contradicted "contradicted" "The gateway now says something else than the outcome.";
    BothApproved "both_approved" "Two attempts for the same thing are approved.";
    DuplicateOpen "duplicate_open" "An attempt for the same order or reference is not settled.";
    DuplicateContradicted "duplicate_contradicted" "An attempt for the same order or reference is contradicted.";
    DuplicatePaid "duplicate_paid" "This is paid already.";
    DuplicateSameCard "duplicate_same_card" "An attempt with the same card and amount is not settled.";
    DuplicateSetAside "duplicate_set_aside" "The attempt that was set aside was with this very card.";
    DuplicateTwin "duplicate_twin" "The same card paid the same amount a moment ago.";
    TooManyOpen "too_many_open" "As many payments are open as one desk can watch.";
    CardNumber "card_number" "The card number is wrong.";
    CardHolder "card_holder" "The holder's name is wrong.";
    CardExpiry "card_expiry" "The expiry date is wrong.";
    CardCvc "card_cvc" "The security code is wrong.";
    Currency "currency" "There is no such currency.";
    CurrencyNotTaken "currency_not_taken" "The account does not take this currency.";
    Part "part" "The part can't be taken.";
    Name "name" "The name can't be taken.";
    TypeTwice "type_twice" "An amount this large is stated twice.";
    WrongSubject "wrong_subject" "This account is paid in another way.";
    NoCreditLimit "no_credit_limit" "The account does not pay from a credit limit.";
    CardForgotten "card_forgotten" "The card is not kept any more.";
    UnknownAccount "unknown_account" "There is no such account in the settings (config.toml).";
    Configuration "configuration" "The settings (config.toml) can't be used.";
    NameTaken "name_taken" "There is an operator of this name already.";
    NeedsSupervisor "needs_supervisor" "A supervisor must agree to this.";
    NotASupervisor "not_a_supervisor" "The name or the PIN is not a supervisor's.";
    PinMissing "pin_missing" "The PIN is missing.";
    PinRefused "pin_refused" "The PIN can't be taken.";
    NotFound "not_found" "The journal knows of no such thing.";
    NotNow "not_now" "That can't happen to it as it stands.";
    TooLateToCancel "too_late_to_cancel" "It may have left, so it can't be cancelled.";
    PageStillOpen "page_still_open" "The bank's page may still be open before the customer.";
    NotAskedEnough "not_asked_enough" "The gateway has not been asked often enough.";
    TooSoon "too_soon" "It is too soon for that.";
    SaidPaid "said_paid" "The gateway says that it is paid.";
    PortalReference "portal_reference_missing" "What was seen in the gateway's portal is missing.";
    NothingContradicts "nothing_contradicts" "It is settled, and nothing contradicts it.";
    WentBack "went_back" "Something of this payment went back, so it can't count as not paid.";
    NotListed "not_listed" "It can't be settled in a list.";
    NotConfirmed "not_confirmed" "The second confirmation is missing.";
    ReturnChanged "return_changed" "Meanwhile another amount of this payment is left.";
    TwoApproved "two_approved" "Two payments of this order are approved, and cancelling it would cancel the rental.";
    NotApproved "not_approved" "This payment is not approved, so there is nothing to give back.";
    AlreadyReturned "already_returned" "Everything of this payment has been given back already.";
    AlreadyVoid "already_void" "This payment is already void.";
    ReversalsOff "reversals_off" "Void and refund are switched off for this account.";
    AccountGone "account_gone" "The account that it was paid with is not configured any more.";
    ReversalOpen "reversal_open" "Another reversal of this payment is not settled.";
    TooMuch "too_much" "That is more than what is left.";
    VoidNotPossible "void_not_possible" "A void is not possible.";
    WholeOnly "whole_only" "An order can only be cancelled as a whole.";
    AmountNotKnown "amount_not_known" "What was paid is not known.";
    ReversalRefused "not_possible" "It can't be given back.";
    NotDone "not_done" "A supervisor says that the money did not go back.";
    BaselineUnreadable "baseline_unreadable" "The gateway did not tell what is left of this payment.";
    NotCancellable "not_cancellable" "The order can't be cancelled.";
    NotRefundable "not_refundable" "The order could be cancelled, but the money would not come back.";
    RemainingDiffers "remaining_differs" "The gateway has another amount left.";
    NoAnswer "gateway_no_answer" "The gateway did not answer.";
    NotLet "gateway_not_allowed" "The gateway does not let this account ask.";
    NotKnown "gateway_does_not_know" "The gateway does not know it.";
    QuestionRefused "gateway_refused_question" "The gateway refused the question.";
    AmountUnreadable "gateway_amount_unreadable" "An amount of the gateway can't be read exactly.";
    HomeUnusable "home_unusable" "The home folder can't be used.";
    InUse "journal_in_use" "The journal is in use by another desk.";
    Vault "vault" "A secret can't be had.";
    Journal "journal" "The journal can't be used.";
    DiskFull "disk_full" "The disk is full, so nothing could be written down.";
    Damaged "journal_damaged" "The journal is damaged, so no money is taken.";
    Gone "journal_gone" "The journal's file is gone from its place, so no money is taken.";
    RepairFailed "journal_repair_failed" "The journal could not be repaired; everything is as it was.";
    SpanLost "journal_span_lost" "The journal was damaged, and what became of this is among what is lost.";
    NotWritten "not_written_down" "The outcome could not be written down.";
    NoSuchClose "no_such_close" "No day close has this number.";
    CloseNotKnown "close_not_known" "Whether the day is closed is not known yet.";
    Comparing "comparing" "A day close is being compared already.";
    Closing "closing" "The till is closing.";
    ExportBusy "export_busy" "Another export is under way.";
    ExportDay "export_day" "The span of days can't be read.";
    ExportNoRoom "export_no_room" "The disk has not enough room for the export.";
    ExportCancelled "export_cancelled" "The export was cancelled; nothing of it is left.";
    ExportFailed "export_failed" "The export could not be written.";
    AmountEmpty "amount_empty" "No amount was typed.";
    AmountOddCharacter "amount_odd_character" "The amount holds something other than digits and separators.";
    AmountAmbiguous "amount_ambiguous" "The amount can be read in two ways: the readings are offered.";
    AmountMalformed "amount_malformed" "No way of writing amounts looks like this.";
    AmountNotPositive "amount_not_positive" "The amount must be more than zero.";
    AmountTooLarge "amount_too_large" "The amount is larger than any that can be stated.";
    ReferenceEmpty "reference_empty" "No reference was typed.";
    ReferenceTooLong "reference_too_long" "The reference is too long.";
    ReferenceOdd "reference_odd" "The reference holds a character that cannot be seen.";
    OrderIdEmpty "order_id_empty" "No order id was typed.";
    OrderIdOdd "order_id_odd" "The order id holds a character that no order id has, or is too long.";
    CardDataInField "card_data_in_field" "Card data was typed where it does not belong: it is never written down.";
    TextMissing "text_missing" "A text that is needed is missing.";
    TextRefused "text_refused" "A text is too long or holds characters that cannot be seen.";
    CardExpired "card_expired" "The card has expired.";
    ThreeDsOff "without_3ds" "Taking a payment without 3-D Secure.";
    Override "override" "Paying beside an earlier attempt.";
    OptionsTooOld "options_too_old" "The options are too old to pay from.";
    TotalChanged "total_changed" "The total is not the one that was shown any more.";
    CardCurrency "card_currency" "The card can not pay in this currency.";
    NoOptions "no_options" "The gateway offers no way to pay with this card.";
    AttemptsOpen "attempts_open" "Payments are under way, so the desk can not change its till now.";
    AccountUnsettled "account_unsettled" "The account has unsettled payments, so it can not be removed or sent elsewhere.";
    AccountWrong "account_wrong" "The account can not be used so.";
    PassphraseWrong "passphrase_wrong" "The passphrase does not open the sealed file.";
    BrowserNotOffered "browser_not_offered" "The page can not go to the browser: the outcome could not be asked for.";
    NoPage "no_page" "There is no bank page of this payment.";
    TrainingFailed "training_failed" "The practice gateways could not be started.";
    PreferencesFailed "preferences_failed" "The preferences could not be written.";
    PaperNoOutcome "paper_no_outcome" "There is no outcome yet, so there is no receipt.";
    PaperUnderWay "paper_under_way" "This paper is already on its way to the printer.";
    PaperJobGone "paper_job_gone" "This paper stands in the printer's queue no more.";
    PaperNotKept "paper_not_kept" "It could not be written down that this is printed, so it was not.";
    PaperOutdated "paper_outdated" "The outcome has changed since this paper was ordered, so it was not printed.";
    PaperNotMade "paper_not_made" "The paper could not be made.";
    PaperNotSaved "paper_not_saved" "The receipt could not be saved.";
    MailNotOpened "mail_not_opened" "No program for mails could be started.";
    PrinterNone "printer_none" "No receipt printer is set up.";
    PrinterNotReachable "printer_not_reachable" "The printer can't be reached.";
    PrinterRefusing "printer_refusing" "The printer's address takes no print jobs.";
    PrinterNotAllowed "printer_not_allowed" "This user may not use the printer's device.";
    PrinterNoPaper "printer_no_paper" "The printer has no paper.";
    PrinterCoverOpen "printer_cover_open" "The printer's cover is open.";
    PrinterFault "printer_fault" "The printer reports an error.";
    PrinterSlow "printer_slow" "The printer does not take the data, or does not say that it has printed.";
    PrinterGone "printer_gone" "The connection to the printer broke.";
    PrinterNoQueue "printer_no_queue" "The system knows no such print queue.";
    PrinterStopped "printer_stopped" "The desk was stopped while the paper was on its way to the printer.";
    PapersWrong "papers_wrong" "Receipts and the printer can not be set up so.";
    Internal "internal" "Something went wrong inside Vezne; its log says what.";
}
