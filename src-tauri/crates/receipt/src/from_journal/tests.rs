//! Each outcome, from the journal's attempt to the words on paper, in both languages.

use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::answers::{DeclineReason, GatewayRefusal, NotSentReason, RefusalReason, SecureUse, Success};
use vezne_core::attempt::{
    CardMeans, Contradiction, Intent, NotSent, Page, Refused, Round, SetAsideBy, Unknown, UnknownCause, VezneRefusal,
};
use vezne_core::card::CardNumber;
use vezne_core::evidence::{Claim, SupervisorWord};
use vezne_core::ids::{AttemptId, AttemptReference, OperatorId, PaymentId, ReversalId};
use vezne_core::limits;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan as CorePlan};
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;
use vezne_core::time::{Millis, Timestamp};

mod back;

use super::*;
use crate::words::words;
use crate::{CopyMark, Language, grid};

const START: Timestamp = Timestamp::from_millis(1_795_251_600_000);

fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

fn account(base_url: &str) -> AccountRef {
    AccountRef {
        id: "counter".parse().unwrap(),
        name: "Tezgâh".parse().unwrap(),
        gateway: GatewayKind::Finrota,
        endpoint: Endpoint {
            base_url: base_url.to_owned(),
            host: "pay.example".to_owned(),
            key_fingerprint: "f1".to_owned(),
        },
    }
}

fn intent() -> Intent {
    let option = InstallmentOption { installments: 3, monthly: lira(18_500), total: lira(55_500), commission: None };
    Intent {
        payment: PaymentId::from_parts(START, [1; 10]),
        attempt: AttemptId::from_parts(START, [2; 10]),
        reference: AttemptReference::from_random([1; 16]),
        account: account("https://pay.example/api"),
        subject: attempt::Subject::Reference { reference: "REZ-İ1".parse().unwrap(), part: Some(Part::Deposit) },
        base: Some(lira(54_500)),
        means: attempt::Means::Card(Box::new(CardMeans {
            card: CardNumber::parse("4155650100416111").unwrap().summary(),
            holder: None,
            plan: CorePlan { program: None, program_name: None, option },
            three_ds: ThreeDs::Asked,
        })),
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: limits::PAY_DEADLINE,
            page: PagePlace::Window,
        },
        operator: None,
        overrides: None,
        follows: None,
        behind_decline: false,
    }
}

fn standing(state: State) -> Attempt {
    let mut attempt = Attempt::open(intent(), START);
    attempt.apply(&attempt::Entry::Entered(Box::new(state)), START.after(Millis::seconds(60))).unwrap();
    attempt
}

fn around() -> Around {
    Around {
        merchant: vec![HeaderLine::typed("Işık Oto Kiralama").unwrap()],
        desk: Some(ForeignText::filter("desk-1")),
        operator: Some(ForeignText::filter("Ayşe")),
        holder: Some(ForeignText::filter("İPEK ŞAĞLAM")),
        zone: TimeZone::UTC,
        training: false,
    }
}

fn word() -> SupervisorWord {
    let operator = OperatorId::from_parts(START, [1; 10]);
    SupervisorWord { operator, reason: "dekont görüldü".parse().unwrap(), saw: None }
}

fn approved() -> State {
    let seen = Seen {
        payment_id: Some(ForeignText::filter("9031174")),
        reference_number: Some(ForeignText::filter("FR-88120")),
        ..Seen::default()
    };
    State::Approved { evidence: Evidence::GatewayStatus(seen), confirmation: Confirmation::Confirmed }
}

fn declined(confirmation: Confirmation) -> State {
    let failure = Failure {
        bank_text: Some(ForeignText::filter("Yetersiz bakiye 4155650100416111")),
        bank_code: Some(ForeignText::filter("51")),
        ..Failure::plain(DeclineReason::InsufficientFunds)
    };
    State::Declined { failure, evidence: Evidence::PayAnswer, confirmation }
}

/// The paper's name behind the attempt's, and its text on one line, in both languages.
fn papers(slip: &Slip) -> (String, String, String) {
    let flat = |language| {
        let text = grid::plain_text(&slip.receipt.document(language), 48);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (_, word) = slip.paper.as_str().rsplit_once('.').unwrap();
    (word.to_owned(), flat(Language::English), flat(Language::Turkish))
}

fn of(attempt: &Attempt) -> (String, String, String) {
    papers(&Slip::of_attempt(attempt, around()).unwrap())
}

fn holds(paper: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(paper.contains(words), "{words}\n{paper}");
    }
}

fn lacks(paper: &str, unwanted: &[&str]) {
    for words in unwanted {
        assert!(!paper.contains(words), "{words}\n{paper}");
    }
}

#[test]
fn while_there_is_no_outcome_there_is_no_paper() {
    for state in [
        State::Ready,
        State::Sending(Round::First),
        State::Reauthorising,
        State::AtBank,
        State::Confirming(Heard::Nothing),
    ] {
        assert_eq!(Slip::of_attempt(&standing(state), around()), None);
    }
}

#[test]
fn an_approved_payment_with_everything_by_which_it_is_found_again() {
    let (name, english, turkish) = of(&standing(approved()));
    assert_eq!(name, "approved");
    holds(
        &english,
        &[
            "Işık Oto Kiralama",
            "Payment approved",
            "555.00 TRY",
            "Owed 545.00 TRY",
            "Commission 10.00 TRY",
            "3 × 185.00 TRY",
            "Visa 41556501 **** 6111",
            "İPEK ŞAĞLAM",
            "REZ-İ1",
            "deposit",
            "9031174",
            "FR-88120",
            "The gateway was asked and says so.",
            "3-D Secure asked for",
            "Not a fiscal document.",
            "desk-1",
            "Ayşe",
        ],
    );
    holds(
        &turkish,
        &[
            "Ödeme onaylandı",
            "555,00 TRY",
            "Komisyon 10,00 TRY",
            "3 × 185,00 TRY",
            "depozito",
            "Ödeme kuruluşu doğruladı.",
            "3-D Secure istendi",
            "Mali değeri yoktur.",
        ],
    );
    lacks(&english, &["Not confirmed", "TRAINING", "COPY", "4155650100416111"]);
    lacks(&turkish, &["Henüz doğrulanmadı", "EĞİTİM", "KOPYA"]);
}

#[test]
fn what_stands_on_weaker_evidence_says_so() {
    let state = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Unconfirmed };
    let (_, english, turkish) = of(&standing(state));
    holds(&english, &["Payment approved", "Not confirmed yet"]);
    holds(&turkish, &["Ödeme onaylandı", "Henüz doğrulanmadı"]);

    let returned = Evidence::ReturnAlone(Claim::Success);
    let state = State::Approved { evidence: returned, confirmation: Confirmation::Unconfirmed };
    let (_, english, turkish) = of(&standing(state));
    holds(
        &english,
        &["only the bank’s page reported this, and nobody could be asked", "Only the bank’s page says so."],
    );
    holds(&turkish, &["yalnızca banka sayfası bildirdi, kimseye sorulamadı"]);

    let settled = Evidence::Supervisor(word());
    let state = State::Approved { evidence: settled, confirmation: Confirmation::Confirmed };
    let (_, english, turkish) = of(&standing(state));
    holds(&english, &["A supervisor settled it."]);
    holds(&turkish, &["Bir yetkili sonuçlandırdı."]);
    // Why, and by whom, is the desk's own affair.
    lacks(&turkish, &["dekont"]);
}

#[test]
fn a_declined_payment_was_not_charged_and_the_banks_words_hold_no_card() {
    let (name, english, turkish) = of(&standing(declined(Confirmation::Confirmed)));
    assert_eq!(name, "declined");
    holds(
        &english,
        &[
            "Payment declined",
            "Not charged",
            "There is not enough money on the card.",
            "Bank code 51",
            "Yetersiz bakiye ****",
        ],
    );
    holds(&turkish, &["Ödeme reddedildi", "Çekim yapılmadı", "Banka kodu 51"]);
    lacks(&english, &["4155650100416111", "Payment approved"]);
}

#[test]
fn what_the_gateway_contradicts_is_claimed_no_more() {
    let contradiction = Some(Contradiction { seen: Seen::default(), paid: true });
    let attempt = Attempt { contradiction: contradiction.clone(), ..standing(declined(Confirmation::Confirmed)) };
    let (name, english, turkish) = of(&attempt);
    // Another paper than the one that said "not charged".
    assert_eq!(name, "contradicted");
    holds(&english, &["Outcome not known yet", "since said something else", "A supervisor looks it up"]);
    lacks(&english, &["Not charged", "Nothing was charged", "can’t be asked"]);
    lacks(&turkish, &["Çekim yapılmadı", "soramıyor"]);

    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: None };
    for state in [
        State::Refused(Refused::Gateway(refusal)),
        State::Refused(Refused::Vezne(VezneRefusal::OrderAlreadyPaid)),
        State::NotSent(NotSent { reason: NotSentReason::Cancelled }),
    ] {
        let attempt = Attempt { contradiction: contradiction.clone(), ..standing(state) };
        let (name, english, turkish) = of(&attempt);
        assert_eq!(name, "contradicted");
        holds(&english, &["Outcome not known yet", "since said something else", "A supervisor looks it up"]);
        lacks(&english, &["Nothing was charged", "safe to pay again", "Payment refused", "Payment not sent"]);
        lacks(&turkish, &["Çekim yapılmadı", "güvenle yeniden"]);
    }

    let attempt = Attempt { contradiction, ..standing(approved()) };
    let (name, english, _) = of(&attempt);
    assert_eq!(name, "approved");
    holds(&english, &["The gateway has said something else since. A supervisor settles it."]);
}

#[test]
fn what_a_supervisor_settled_as_declined_is_not_put_in_the_banks_mouth() {
    for (evidence, basis) in [
        (Evidence::Supervisor(word()), "A supervisor settled it."),
        (Evidence::CounterEntry(word()), "A supervisor corrected it."),
    ] {
        let failure = Failure::plain(DeclineReason::Other);
        let (name, english, turkish) =
            of(&standing(State::Declined { failure, evidence, confirmation: Confirmation::Confirmed }));
        assert_eq!(name, "declined");
        holds(&english, &["Payment declined", "Not charged", basis]);
        lacks(&english, &["The bank declined"]);
        lacks(&turkish, &[(words(Language::Turkish).declined)(DeclineReason::Other)]);
    }
}

#[test]
fn refused_and_not_sent_were_never_charged() {
    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: Some(ForeignText::filter("returnUrl")) };
    let (name, english, turkish) = of(&standing(State::Refused(Refused::Gateway(refusal))));
    assert_eq!(name, "refused");
    holds(&english, &["Payment refused", "Nothing was charged", "The gateway turned it away", "returnUrl"]);
    holds(&turkish, &["Ödeme kabul edilmedi", "Çekim yapılmadı"]);
    lacks(&english, &["3-D Secure"]);

    let (_, english, _) = of(&standing(State::Refused(Refused::Vezne(VezneRefusal::OrderAlreadyPaid))));
    holds(&english, &["Nothing was charged", "The desk did not send it."]);

    let (name, english, turkish) = of(&standing(State::NotSent(NotSent { reason: NotSentReason::Cancelled })));
    assert_eq!(name, "not_sent");
    holds(&english, &["Payment not sent", "Nothing was charged", "safe to pay again"]);
    holds(&turkish, &["Ödeme gönderilmedi", "güvenle yeniden"]);
}

#[test]
fn nothing_is_claimed_of_what_is_not_known() {
    let cause = UnknownCause::NoFinalAnswer;
    let aside = SetAsideBy { cause: cause.clone(), word: word() };
    for state in [State::Unknown(Unknown { cause }), State::SetAside(aside)] {
        let (name, english, turkish) = of(&standing(state.clone()));
        assert_eq!(name, "unknown");
        holds(
            &english,
            &[
                "Outcome not known yet",
                "This paper does not say that it was, nor that it was not.",
                "goes on asking",
                "Amount 555.00 TRY",
            ],
        );
        holds(&turkish, &["Sonuç henüz bilinmiyor", "çekim yapıldığını da yapılmadığını da göstermez"]);
        lacks(&english, &["approved", "Not charged", "Nothing was charged", "Total"]);
        lacks(&turkish, &["onaylandı", "Çekim yapılmadı"]);

        let mut attempt = standing(state);
        attempt.intent.terms.status_query = StatusQuery::Off;
        holds(&of(&attempt).1, &["The gateway can’t be asked by the desk."]);
    }
}

#[test]
fn an_unknown_payment_that_is_approved_later_is_another_paper() {
    let unknown = standing(State::Unknown(Unknown { cause: UnknownCause::Restarted }));
    let before = Slip::of_attempt(&unknown, around()).unwrap();
    let after = Slip::of_attempt(&standing(approved()), around()).unwrap();
    assert_ne!(before.paper, after.paper);
}

#[test]
fn three_d_secure_that_was_asked_for_and_not_done_is_said() {
    let with = |three_ds, secure| {
        let mut attempt = standing(approved());
        if let attempt::Means::Card(means) = &mut attempt.intent.means {
            means.three_ds = three_ds;
        }
        attempt.heard = Some(Heard::Success(Success { numbers: GatewayNumbers::default(), secure }));
        attempt.page = Page::Gone { since: START };
        of(&attempt)
    };
    let (_, english, turkish) = with(ThreeDs::Asked, SecureUse::Without);
    holds(&english, &["asked for; the gateway did without"]);
    holds(&turkish, &["istendi; ödeme kuruluşu kullanmadı"]);
    holds(&with(ThreeDs::Forced, SecureUse::Used).1, &["the gateway insists on it"]);
    holds(&with(ThreeDs::NotAsked, SecureUse::NotSaid).1, &["3-D Secure not asked for"]);
}

#[test]
fn an_order_from_the_limit_has_no_card_and_one_without_an_amount_no_figure() {
    let mut attempt = standing(approved());
    attempt.intent.subject = attempt::Subject::Order("order_1".parse().unwrap());
    attempt.intent.means = attempt::Means::CreditLimit;
    let (_, english, turkish) = of(&attempt);
    holds(&english, &["Order order_1", "Paid from Credit limit", "545.00 TRY"]);
    holds(&turkish, &["Kredi limiti"]);
    lacks(&english, &["3-D Secure", "Card "]);

    attempt.intent.base = None;
    let (_, english, _) = of(&attempt);
    holds(&english, &["Payment approved"]);
    lacks(&english, &["TRY", "Total"]);
}

#[test]
fn training_is_told_by_the_desk_and_not_by_an_address() {
    for base_url in ["http://127.0.0.1:4711/api", "https://pay.example/api"] {
        for training in [true, false] {
            let mut attempt = standing(approved());
            attempt.intent.account = account(base_url);
            let slip = Slip::of_attempt(&attempt, Around { training, ..around() }).unwrap();
            let (_, english, turkish) = papers(&slip);
            assert_eq!(english.contains("TRAINING MODE – NOT VALID"), training, "{base_url}");
            assert_eq!(turkish.contains("EĞİTİM MODU – GEÇERSİZ"), training, "{base_url}");
        }
    }
}

#[test]
fn a_receipt_keeps_the_payments_own_time_whatever_is_said_later() {
    let mut attempt = Attempt::open(intent(), START);
    let mut stands = |state: State, seconds| {
        let at = START.after(Millis::seconds(seconds));
        attempt.apply(&attempt::Entry::Entered(Box::new(state)), at).unwrap();
        of(&attempt).1
    };
    let first = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Unconfirmed };
    let before = stands(first, 20);
    lacks(&before, &["Settled at"]);
    // The gateway bears it out the next day: the payment is not a day younger for that.
    let after = stands(approved(), 86_400);
    let time = |paper: &str| paper.split("Time ").nth(1).unwrap().split(" (").next().unwrap().to_owned();
    assert_eq!(time(&before), time(&after));
    lacks(&after, &["Settled at"]);

    let settled = Evidence::Supervisor(word());
    let mut late = standing(State::Unknown(Unknown { cause: UnknownCause::Restarted }));
    lacks(&of(&late).1, &["Settled at"]);
    let state = State::Approved { evidence: settled, confirmation: Confirmation::Confirmed };
    late.apply(&attempt::Entry::Entered(Box::new(state)), START.after(Millis::seconds(86_400))).unwrap();
    let (_, english, turkish) = of(&late);
    assert_eq!(time(&english), time(&before));
    holds(&english, &["Settled at"]);
    holds(&turkish, &["Sonuçlandı"]);
}

#[test]
fn a_header_is_printed_as_it_was_written_and_holds_no_card() {
    let line = "IBAN TR33 0006 1005 1978 6457 8413 26";
    let header = ["Tel 0242 555 00 11 · 0532 111 22 33", line].map(|line| HeaderLine::typed(line).unwrap());
    let slip = Slip::of_attempt(&standing(approved()), Around { merchant: header.to_vec(), ..around() }).unwrap();
    holds(&papers(&slip).1, &["Tel 0242 555 00 11 · 0532 111 22 33", line]);
    assert_eq!(HeaderLine::typed("4155650100416111"), None);
}

#[test]
fn a_copy_says_that_it_is_one_and_so_does_one_that_nobody_counted() {
    let slip = Slip::of_attempt(&standing(approved()), around()).unwrap();
    for (mark, english, turkish) in [
        (CopyMark::Number(std::num::NonZeroU32::new(2).unwrap()), "COPY 2", "KOPYA 2"),
        (CopyMark::Uncounted, "COPY (not counted)", "KOPYA (sayılmadı)"),
    ] {
        let first = |language| {
            let text = grid::plain_text(&slip.receipt.document(language).as_copy(mark), 48);
            text.lines().find(|line| !line.trim().is_empty()).unwrap().trim().to_owned()
        };
        assert!(first(Language::English).contains(english), "{}", first(Language::English));
        assert!(first(Language::Turkish).contains(turkish), "{}", first(Language::Turkish));
    }
}

#[test]
fn a_document_is_read_back_from_what_was_written_down_and_holds_no_command_then() {
    let document = Slip::of_attempt(&standing(approved()), around()).unwrap().receipt.document(Language::Turkish);
    let text = serde_json::to_string(&document).unwrap();
    assert_eq!(serde_json::from_str::<crate::block::Document>(&text).unwrap(), document);
    assert!(!text.contains("4155650100416111"));
    // Whoever changes the file can put no command to a printer into it.
    let changed = text.replace("Ayşe", "\\u001bp\\u0000Ay");
    assert_ne!(changed, text);
    let read: crate::block::Document = serde_json::from_str(&changed).unwrap();
    assert!(!grid::plain_text(&read, 48).contains(|c: char| c.is_control() && c != '\n'));
}
