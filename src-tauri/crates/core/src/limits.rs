//! Every limit of the rules of money in one place, with its unit in its type (`RULES.md` 1 to 3).
//! Deadlines of single HTTP calls are settings of the desk; these are the rules' own numbers.

use crate::time::Millis;

/// How long a payment call may take before its outcome counts as unknown.
pub const PAY_DEADLINE: Millis = Millis::seconds(120);
/// From here on the screen says that the bank is slow.
pub const PAY_SLOW: Millis = Millis::seconds(15);
/// How long a confirmation may go without a final answer before the attempt is unknown.
pub const CONFIRMING: Millis = Millis::seconds(30);
/// The first question while the customer is at the bank.
pub const AT_BANK_FIRST_QUESTION: Millis = Millis::seconds(20);
/// The questions after that, while the customer is still at the bank.
pub const AT_BANK_QUESTION: Millis = Millis::seconds(15);
/// Returns from the bank cause at most one question in this time.
pub const RETURN_QUESTION_GAP: Millis = Millis::seconds(2);
/// How many returns of one attempt are written down.
pub const RETURNS_KEPT: usize = 20;
/// When a decline that the gateway itself answered is asked about once more, and then again.
pub const DECLINE_RECHECKS: [Millis; 2] = [Millis::seconds(10), Millis::seconds(60)];
/// When a still unpaid order speaks for a return that said "failed" (no status query).
pub const PROBES: [Millis; 2] = [Millis::seconds(10), Millis::seconds(60)];
/// How long an installment token or an option list may be used (a gateway says nothing; assumed).
pub const OPTIONS_AGE: Millis = Millis::minutes(20);
/// While a second sign is waited for beside a return, an attempt stays in Confirming until this long after the return:
/// the last of [`PROBES`] and the time its answer may take.
pub const PROBING: Millis = Millis::seconds(90);
/// How long card number, expiry and holder are kept for "same card again".
pub const SAME_CARD_AGAIN: Millis = Millis::seconds(120);
/// How long a card that was handed over is held, with its CVC, while a payment with it is still being asked about.
pub const CARD_HELD: Millis = Millis::seconds(120);
/// Answered questions needed before an unknown attempt may be set aside.
pub const SET_ASIDE_QUESTIONS: usize = 3;
/// How long after the page was gone the last of them must be.
pub const SET_ASIDE_QUIET: Millis = Millis::seconds(30);
/// How long to wait before setting aside where nothing can be asked.
pub const SET_ASIDE_BLIND: Millis = Millis::minutes(10);
/// A status that contradicts a success just heard settles only after this time (the gateway may lag behind itself).
pub const CONFLICT_SETTLES: Millis = Millis::seconds(30);
/// How long an order may take to show a decline that the gateway has answered already.
pub const ORDER_LAGS: Millis = Millis::minutes(2);
/// Unconfirmed outcomes older than this stand in Needs attention.
pub const UNCONFIRMED_ATTENTION: Millis = Millis::hours(24);
/// Unknown attempts older than this may be settled by a person several in one step.
pub const LISTED: Millis = Millis::hours(24);
/// Attempts that may be open at once.
pub const OPEN_ATTEMPTS: usize = 3;
/// The most installments an option may have.
pub const INSTALLMENTS_MOST: u8 = 60;
/// The most options read from one answer.
pub const OPTIONS_MOST: usize = 200;
/// The largest bank page accepted, in bytes.
pub const BANK_PAGE_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    #[test]
    fn a_bank_page_has_256_kib_at_most() {
        assert_eq!(super::BANK_PAGE_BYTES, 262_144);
    }
}
