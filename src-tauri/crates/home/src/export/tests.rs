//! The whole way: a journal that was written to, the file, and the file read back.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::attempt::{self, CardMeans, Intent, Means, State, Subject, ThreeDs};
use vezne_core::card::CardNumber;
use vezne_core::evidence::{Confirmation, Evidence, SupervisorWord};
use vezne_core::ids::{AttemptId, AttemptReference, NameId, OperatorId, PaymentId, ReversalId};
use vezne_core::limits;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::record::{Batch, PersonName, Record};
use vezne_core::reversal::{self, Kind, Target};
use vezne_core::time::Millis;
use vezne_export::{Import, unguarded};

use super::*;
use crate::{Home, OpenTill, Opening, PagesFrom, SettingsFrom};

/// What somebody typed as a booking number, and a spreadsheet would run.
const FORMULA: &str = "=HYPERLINK(1)";
const FORMULA_NAME: &str = "@SUM(A1) YILMAZ";

async fn open() -> (tempfile::TempDir, OpenTill) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("chain.key"), format!("{}\n", "a5".repeat(32))).unwrap();
    let opening = Opening {
        program: "test",
        passphrase: vezne_vault::PassphraseSource::Environment,
        settings: SettingsFrom::File,
        logins: HashMap::new(),
        opener: Arc::new(|_| Err("none".to_owned())),
        notices: Arc::new(|_| {}),
        pages: PagesFrom::Loopback,
        settings_may_be_missing: true,
        care: None,
        new_chain_key: false,
    };
    let open = Home::at(folder.path()).open_till(opening).await.unwrap();
    (folder, open)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_795_284_000_000 + second * 1_000)
}

fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

fn ten(number: u64) -> [u8; 10] {
    let mut ten = [0; 10];
    ten[2..].copy_from_slice(&number.to_be_bytes());
    ten
}

fn intent(number: u64, booking: &str) -> Intent {
    let option = InstallmentOption { installments: 3, monthly: lira(18_500), total: lira(55_500), commission: None };
    let card = CardNumber::parse("4155650100416111").unwrap().summary();
    let plan = Plan { program: None, program_name: None, option };
    Intent {
        payment: PaymentId::from_parts(at(0), ten(number)),
        attempt: AttemptId::from_parts(at(0), ten(number)),
        reference: AttemptReference::from_random(u128::from(number).to_be_bytes()),
        account: AccountRef {
            id: "counter".parse().unwrap(),
            name: "Tezgâh".parse().unwrap(),
            gateway: GatewayKind::Finrota,
            endpoint: Endpoint {
                base_url: "https://pgw.example".to_owned(),
                host: "pgw.example".to_owned(),
                key_fingerprint: "beef".to_owned(),
            },
        },
        subject: Subject::Reference { reference: booking.parse().unwrap(), part: None },
        base: Some(lira(54_500)),
        means: Means::Card(Box::new(CardMeans { card, holder: Some(name(number)), plan, three_ds: ThreeDs::Asked })),
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

fn name(number: u64) -> NameId {
    NameId::from_parts(at(0), ten(number))
}

fn paid(number: u64, booking: &str) -> Vec<Record> {
    let intent = intent(number, booking);
    let (attempt, payment) = (intent.attempt, intent.payment);
    let approved = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Unconfirmed };
    [attempt::Entry::Opened(Box::new(intent)), attempt::Entry::Entered(Box::new(approved))]
        .map(|entry| Record::Attempt { attempt, payment, entry })
        .into()
}

fn returned(number: u64, amount: i64, target: Target) -> Vec<Record> {
    let of = intent(number, "R");
    let word = SupervisorWord {
        operator: OperatorId::from_parts(at(0), ten(99)),
        reason: "=a reason".parse().unwrap(),
        saw: Some("P-4711".parse().unwrap()),
    };
    let intent = reversal::Intent {
        reversal: ReversalId::from_parts(at(0), ten(number)),
        payment: of.payment,
        attempt: of.attempt,
        account: of.account,
        kind: Kind::Refund,
        amount: lira(amount),
        target,
        word,
    };
    let id = intent.reversal;
    let record = |entry| Record::Reversal { reversal: id, payment: of.payment, attempt: of.attempt, entry };
    reversal::recorded(intent, at(9)).1.into_iter().map(record).collect()
}

async fn filled(open: &OpenTill, payments: u64) {
    for number in 1..=payments {
        let booking = if number == 1 { FORMULA.to_owned() } else { format!("R-{number}") };
        let person = if number == 1 { FORMULA_NAME.to_owned() } else { format!("AYŞE {number}") };
        let names = vec![(name(number), PersonName::new(person))];
        let second = i64::try_from(number).unwrap();
        open.journal.append(Batch { records: paid(number, &booking), names }, at(second)).await.unwrap();
    }
    let back = Batch { records: returned(2, 5_500, Target::Portal), names: Vec::new() };
    open.journal.append(back, at(100_000)).await.unwrap();
}

fn order(format: TableFormat, wanted: Wanted) -> ExportOrder {
    let head = head_of(TableLanguage::Turkish, "Europe/Istanbul", (None, None), at(0)).unwrap();
    ExportOrder { wanted, format, head, desk: "kasa-1".to_owned(), training: false }
}

const CSV: TableFormat = TableFormat::Csv(TableSeparators::Semicolon);

/// Into a file, with progress that only counts.
async fn exported(open: &OpenTill, order: ExportOrder, path: &Path) -> Result<Exported, ExportFault> {
    let journal = Arc::clone(&open.journal);
    let place = (path.to_owned(), ExportExisting::Keep);
    export_file(journal, order, place, |_, _| ControlFlow::Continue(())).await
}

/// What stands in the folder.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_and_read_back_is_what_the_journal_holds_to_the_last_byte() {
    let (_home, open) = open().await;
    filled(&open, 700).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    let done = exported(&open, order(TableFormat::JsonLines, Wanted::all()), &path).await.unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!((done.rows, done.bytes), (701, u64::try_from(bytes.len()).unwrap()));
    let import = Import::begin(bytes.as_slice()).unwrap();
    let head = import.head().clone();
    let rows: Vec<PaymentRow> = import.map(Result::unwrap).collect();
    let mut again = Table::begin(TableFormat::JsonLines, &head, Vec::new()).unwrap();
    rows.iter().for_each(|row| again.row(row).unwrap());
    assert!(again.end().unwrap() == bytes, "the same tables, to the last byte");

    assert!(rows.windows(2).all(|pair| pair[0].opened <= pair[1].opened), "the oldest first");
    let second = &rows[1];
    assert_eq!(second.total, Some(vezne_export::Total { amount: lira(55_500), reversed_minor: Some(5_500) }));
    assert_eq!((second.holder.as_deref(), second.installments), (Some("AYŞE 2"), Some(3)));
    let back = rows.last().unwrap();
    assert_eq!(back.reversal.unwrap().kind, Kind::Refund);
    assert_eq!(back.total.unwrap().amount, lira(-5_500), "what goes back is below zero");
    assert_eq!((back.evidence.unwrap().word(), back.gateway_reference.as_deref()), ("portal", Some("P-4711")));
    let kept: i64 = rows.iter().filter_map(|row| row.total).map(|total| total.amount.minor()).sum();
    assert_eq!(kept, 700 * 55_500 - 5_500, "a column of totals adds up to what is kept");
    open.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_somebody_typed_is_run_by_a_spreadsheet() {
    let (_home, open) = open().await;
    filled(&open, 2).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.csv");
    exported(&open, order(CSV, Wanted::all()), &path).await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 4, "titles, two payments, what went back");
    assert!(lines[0].starts_with("Gün (Europe/Istanbul);"), "{}", lines[0]);
    for typed in [FORMULA, FORMULA_NAME, "=a reason"] {
        let safe = format!("'{typed}");
        assert!(text.contains(&safe) && !text.replace(&safe, "").contains(typed), "{typed}");
        assert_eq!(unguarded(&safe), typed);
    }
    assert!(lines[3].contains(";-55,00;"), "an amount is a number, whatever its sign: {}", lines[3]);
    open.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_written_file_never_has_its_name_and_nothing_of_it_is_left() {
    let (_home, open) = open().await;
    filled(&open, 1_200).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.xlsx");
    let told = Arc::new(AtomicU64::new(0));
    let heard = Arc::clone(&told);
    let beside = (path.clone(), folder.path().to_owned());
    let progress = move |at: u64, of: u64| {
        heard.store(at, Ordering::SeqCst);
        assert_eq!(of, 1_201);
        assert!(!beside.0.exists(), "not under its name before it is whole");
        assert_eq!(files(&beside.1), ["payments.xlsx.part"]);
        if at >= 1_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let place = (path.clone(), ExportExisting::Keep);
    let journal = Arc::clone(&open.journal);
    let cancelled = export_file(journal, order(TableFormat::Xlsx, Wanted::all()), place, progress).await;
    assert!(matches!(cancelled, Err(ExportFault::Cancelled)), "{cancelled:?}");
    assert_eq!(told.load(Ordering::SeqCst), 1_000);
    assert!(files(folder.path()).is_empty(), "{:?}", files(folder.path()));

    let whole = exported(&open, order(TableFormat::Xlsx, Wanted::all()), &path).await.unwrap();
    assert_eq!((whole.rows, files(folder.path())), (1_201, vec!["payments.xlsx".to_owned()]));
    let before = std::fs::read(&path).unwrap();
    let again = exported(&open, order(CSV, Wanted::all()), &path).await;
    assert!(matches!(again, Err(ExportFault::Exists(_))), "{again:?}");
    assert!(std::fs::read(&path).unwrap() == before, "what stood there is not touched");
    open.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_and_filters_take_only_what_was_asked_for() {
    let (_home, open) = open().await;
    filled(&open, 5).await;
    let count = async |wanted: Wanted| {
        let out = io::sink();
        export_into(Arc::clone(&open.journal), order(CSV, wanted), out).await.unwrap().rows
    };
    assert_eq!(count(Wanted::all()).await, 6);
    assert_eq!(count(Wanted { reversals: false, ..Wanted::all() }).await, 5);
    assert_eq!(count(Wanted { from: at(2), until: at(4), ..Wanted::all() }).await, 2);
    assert_eq!(count(Wanted { outcome: Some(attempt::Outcome::Declined), ..Wanted::all() }).await, 0);
    let supervisor = Some(OperatorId::from_parts(at(0), ten(99)));
    assert_eq!(count(Wanted { operator: supervisor, ..Wanted::all() }).await, 1, "who ordered the reversal");
    open.close().await;
}
