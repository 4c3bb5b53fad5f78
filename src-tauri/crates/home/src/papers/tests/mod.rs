//! Papers over a real home and a printer on loop-back: one original, then copies; nothing twice, nothing lost.

mod printer;
mod waiting;

use std::collections::HashMap;
use std::path::Path;

use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::answers::NotSentReason;
use vezne_core::attempt::{
    Attempt, CardMeans, Contradiction, Entry, Intent, Means, NotSent, State, Subject, ThreeDs, Unknown, UnknownCause,
};
use vezne_core::card::CardNumber;
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId};
use vezne_core::limits;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::time::{Millis, Timestamp};
use vezne_printing::{Stand, Trouble};
use vezne_receipt::Language;
use vezne_till::{AttemptView, Change};
use vezne_vault::PassphraseSource;

use super::*;
use crate::{Home, OpenTill, Opening, PagesFrom, SettingsFrom};
use printer::{Mood, Printer};

fn home() -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("chain.key"), format!("{}\n", "a5".repeat(32))).unwrap();
    let home = Home::at(folder.path());
    (folder, home)
}

async fn open(home: &Home, config: &str) -> OpenTill {
    let opening = Opening {
        program: "test",
        passphrase: PassphraseSource::Environment,
        settings: SettingsFrom::Given(Box::new(Settings::parse(config, "config.toml").unwrap())),
        logins: HashMap::new(),
        opener: Arc::new(|_| Err("none".to_owned())),
        notices: Arc::new(|_| {}),
        pages: PagesFrom::Loopback,
        settings_may_be_missing: true,
        care: None,
        new_chain_key: false,
    };
    home.open_till(opening).await.unwrap()
}

/// The settings of a desk with this printer.
fn with(address: &str) -> String {
    format!(
        "[desk]\ntimezone = \"Europe/Istanbul\"\n[receipt]\nheader = [\"Işık Oto\"]\nprint_after_approval = true\n\
         [printer]\nway = \"network\"\naddress = \"{address}\"\n"
    )
}

fn opened_at() -> Timestamp {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

fn intent(n: u8) -> Intent {
    let lira = |minor| Money::from_minor(minor, Currency::TRY);
    let option = InstallmentOption { installments: 1, monthly: lira(54_500), total: lira(54_500), commission: None };
    Intent {
        payment: PaymentId::from_parts(opened_at(), [n; 10]),
        attempt: AttemptId::from_parts(opened_at(), [n; 10]),
        reference: AttemptReference::from_random([n; 16]),
        account: AccountRef {
            id: "counter".parse().unwrap(),
            name: "Tezgâh".parse().unwrap(),
            gateway: GatewayKind::Finrota,
            endpoint: Endpoint {
                base_url: "https://pay.example/api".to_owned(),
                host: "pay.example".to_owned(),
                key_fingerprint: "f1".to_owned(),
            },
        },
        subject: Subject::Reference { reference: format!("REZ-{n}").parse().unwrap(), part: None },
        base: Some(lira(54_500)),
        means: Means::Card(Box::new(CardMeans {
            card: CardNumber::parse("4155650100416111").unwrap().summary(),
            holder: None,
            plan: Plan { program: None, program_name: None, option },
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

fn approved() -> State {
    State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Confirmed }
}

/// Writes an attempt into the journal that came to stand there a minute after it was opened.
async fn taken(open: &OpenTill, n: u8, state: State) -> About {
    let intent = intent(n);
    let id = intent.attempt;
    for (entry, at) in [
        (Entry::Opened(Box::new(intent.clone())), opened_at()),
        (Entry::Entered(Box::new(state)), opened_at().after(Millis::minutes(1))),
    ] {
        let record = Record::Attempt { attempt: id, payment: intent.payment, entry };
        open.journal.append(Batch { records: vec![record], names: Vec::new() }, at).await.unwrap();
    }
    About::Attempt(id)
}

async fn paper(open: &OpenTill, about: About) -> Paper {
    open.papers.receipt(about, Language::English).await.unwrap()
}

/// Waits until the queue is as it should be.
async fn until(papers: &Papers, wanted: impl FnMut(&Queue) -> bool) -> Queue {
    papers.queue().unwrap().wait_for(wanted).await.unwrap().clone()
}

fn at(file: PathBuf) -> PdfTo {
    PdfTo { file: Some(file), paper: None }
}

fn pdf_text(path: &Path) -> String {
    let output = std::process::Command::new("pdftotext").args(["-layout", &path.display().to_string(), "-"]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[tokio::test]
async fn one_original_and_then_copies_by_whatever_way_in_whatever_language_and_over_a_restart() {
    let printer = Printer::start(Mood::Sound).await;
    let (_folder, home) = home();
    let open_now = open(&home, &with(&printer.address)).await;
    open_now.papers.start_printing().await;
    let about = taken(&open_now, 1, approved()).await;
    let receipt = paper(&open_now, about).await;
    assert_eq!(open_now.papers.preview(&receipt).await.unwrap().copy, None);
    assert_eq!(open_now.papers.print(&receipt, None).await.unwrap(), None);
    until(&open_now.papers, |queue| queue.jobs().is_empty()).await;

    let saved = open_now.papers.save(&receipt, PdfTo::default(), None).await.unwrap();
    assert_eq!(saved.copy.map(NonZeroU32::get), Some(1));
    let text = pdf_text(&saved.path);
    assert!(text.contains("COPY 1") && text.contains("Payment approved") && text.contains("545.00 TRY"), "{text}");
    open_now.close().await;

    let again = open(&home, &with(&printer.address)).await;
    again.papers.start_printing().await;
    let turkish = again.papers.receipt(about, Language::Turkish).await.unwrap();
    let draft = again.papers.draft(&turkish, "", None).await.unwrap();
    assert_eq!(draft.copy.map(NonZeroU32::get), Some(2));
    assert!(draft.address.starts_with("mailto:?subject=%C3%96deme") && draft.address.contains("KOPYA%202"));
    assert!(pdf_text(&draft.path).contains("KOPYA 2"));
    let preview = again.papers.preview(&receipt).await.unwrap();
    assert_eq!(preview.copy.map(NonZeroU32::get), Some(3));
    again.papers.print(&receipt, None).await.unwrap();
    let printed = printer.texts(2).await;
    assert!(!printed[0].contains("COPY"), "{}", printed[0]);
    assert!(printed[1].contains("COPY 3"), "{}", printed[1]);

    let issued = again.journal.papers_of(intent(1).payment).await.unwrap();
    let ways: Vec<_> = issued.iter().map(|(_, one)| (one.way.word(), one.copy.map_or(0, NonZeroU32::get))).collect();
    assert_eq!(ways, [("printer", 0), ("pdf", 1), ("mail", 2), ("printer", 3)]);
    assert!(again.journal.verify().await.unwrap().is_sound());
    again.close().await;
}

#[tokio::test]
async fn a_close_is_a_paper_like_any_other_printed_once_and_a_copy_ever_after() {
    let printer = Printer::start(Mood::Sound).await;
    let (_folder, home) = home();
    let open_now = open(&home, &with(&printer.address)).await;
    open_now.papers.start_printing().await;
    taken(&open_now, 1, approved()).await;
    let mut papers = Vec::new();
    for _ in 0..2 {
        let closed = open_now.till.close_day(None).await.unwrap();
        let day = ClosedDay { closed, names: std::collections::BTreeMap::new(), training: true };
        papers.push(day.paper(&open_now.settings, Language::English));
    }
    let [first, second] = &papers[..] else { unreachable!() };
    assert_ne!(first.name, second.name, "each close has a paper of its own");
    assert_eq!(open_now.papers.print(first, None).await.unwrap(), None);
    until(&open_now.papers, |queue| queue.jobs().is_empty()).await;
    let saved = open_now.papers.save(first, PdfTo::default(), None).await.unwrap();
    assert_eq!(saved.copy.map(NonZeroU32::get), Some(1));
    assert!(saved.path.file_name().unwrap().to_str().unwrap().contains("-practice"), "{:?}", saved.path);
    let text = pdf_text(&saved.path);
    for words in ["COPY 1", "TRAINING", "Day close no. 1", "545.00 TRY", "Anchor"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(open_now.papers.save(second, PdfTo::default(), None).await.unwrap().copy, None);
    let printed = printer.texts(1).await;
    assert!(printed[0].contains("Day close no. 1") && !printed[0].contains("COPY"), "{}", printed[0]);
    assert!(open_now.journal.verify().await.unwrap().is_sound());
    open_now.close().await;
}

#[tokio::test]
async fn a_printer_that_is_off_is_told_in_words_and_goes_on_by_itself_after_a_restart() {
    // A port that nobody listens on.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (folder, home) = home();
    let open_now = open(&home, &with(&address.to_string())).await;
    open_now.papers.start_printing().await;
    let receipt = paper(&open_now, taken(&open_now, 1, approved()).await).await;
    open_now.papers.print(&receipt, None).await.unwrap();
    let stands = |queue: &Queue| {
        queue.jobs().iter().any(|job| matches!(job.stand, Stand::Waiting { trouble: Some(Trouble::Refusing), .. }))
    };
    until(&open_now.papers, stands).await;
    // Whoever clicks again while it waits gets no second one, and no number is used up.
    assert_eq!(open_now.papers.print(&receipt, None).await, Err(PaperFault::UnderWay));
    assert_eq!(open_now.journal.copies_of(&receipt.name).await.unwrap(), Some(0));
    open_now.close().await;
    let kept = std::fs::read_to_string(folder.path().join("papers.json")).unwrap();
    assert!(kept.contains("415565") && !kept.contains("4155650100416111"), "no more of a card than a receipt shows");

    let again = open(&home, &with(&address.to_string())).await;
    again.papers.start_printing().await;
    let printer = Printer::at(tokio::net::TcpListener::bind(address).await.unwrap(), Mood::Sound);
    again.papers.hurry().await.unwrap();
    until(&again.papers, |queue| queue.jobs().is_empty()).await;
    let printed = printer.texts(1).await;
    assert!(printed[0].contains("Payment approved") && !printed[0].contains("COPY"), "{}", printed[0]);
    again.close().await;
    let kept = std::fs::read_to_string(folder.path().join("papers.json")).unwrap();
    assert!(!kept.contains("415565"), "what was printed is kept no longer");
}

#[tokio::test]
async fn what_broke_half_way_is_printed_again_only_as_a_counted_copy() {
    let printer = Printer::start(Mood::Gone(40)).await;
    let (_folder, home) = home();
    let open = open(&home, &with(&printer.address)).await;
    open.papers.start_printing().await;
    let receipt = paper(&open, taken(&open, 1, approved()).await).await;
    open.papers.print(&receipt, None).await.unwrap();
    let queue =
        until(&open.papers, |queue| queue.jobs().iter().any(|job| matches!(job.stand, Stand::Asked { .. }))).await;
    let job = queue.jobs()[0].id.number();
    assert_eq!(printer.count(), 1);
    assert_eq!(open.papers.cancel(job, None).await, Err(PaperFault::NotNow));
    *printer.mood.lock().unwrap() = Mood::Slow;
    open.papers.answer(job, Seen::Copy, None).await.unwrap();
    until(&open.papers, |queue| queue.jobs().is_empty()).await;
    let printed = printer.texts(2).await;
    assert!(printed[1].contains("COPY 1") && printed[1].contains("545.00 TRY"), "{}", printed[1]);
    assert_eq!(open.journal.copies_of(&receipt.name).await.unwrap(), Some(1));
    assert_eq!(open.papers.answer(job, Seen::CameOut, None).await, Err(PaperFault::JobGone));
    open.close().await;
}

#[tokio::test]
async fn a_full_queue_comes_out_whole_and_in_order_after_a_restart() {
    const PAPERS: u8 = 30;
    let printer = Printer::start(Mood::NoPaper).await;
    let (_folder, home) = home();
    let open_now = open(&home, &with(&printer.address)).await;
    open_now.papers.start_printing().await;
    for n in 1..=PAPERS {
        let receipt = paper(&open_now, taken(&open_now, n, approved()).await).await;
        open_now.papers.print(&receipt, None).await.unwrap();
    }
    let trouble =
        |queue: &Queue| matches!(queue.jobs()[0].stand, Stand::Waiting { trouble: Some(Trouble::NoPaper), .. });
    until(&open_now.papers, trouble).await;
    open_now.close().await;
    assert_eq!(printer.count(), 0);

    *printer.mood.lock().unwrap() = Mood::Sound;
    let again = open(&home, &with(&printer.address)).await;
    again.papers.start_printing().await;
    again.papers.hurry().await.unwrap();
    until(&again.papers, |queue| queue.jobs().is_empty()).await;
    let printed = printer.texts(usize::from(PAPERS)).await;
    assert_eq!(printed.len(), usize::from(PAPERS));
    for (text, n) in printed.iter().zip(1..) {
        assert!(text.contains(&format!("REZ-{n}")) && !text.contains("COPY"), "{n}: {text}");
    }
    again.close().await;
}

#[tokio::test]
async fn a_queue_that_cannot_be_read_is_set_aside_and_its_papers_come_again_as_copies() {
    let printer = Printer::start(Mood::NoPaper).await;
    let (folder, home) = home();
    let open_now = open(&home, &with(&printer.address)).await;
    open_now.papers.start_printing().await;
    let about = taken(&open_now, 1, approved()).await;
    open_now.papers.print(&paper(&open_now, about).await, None).await.unwrap();
    open_now.close().await;
    let file = folder.path().join("papers.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, &text[..text.len() / 2]).unwrap();

    *printer.mood.lock().unwrap() = Mood::Sound;
    let again = open(&home, &with(&printer.address)).await;
    again.papers.start_printing().await;
    assert!(again.papers.queue().unwrap().borrow().jobs().is_empty());
    assert!(folder.path().join("papers.damaged.json").exists());
    again.papers.print(&paper(&again, about).await, None).await.unwrap();
    assert!(printer.texts(1).await[0].contains("COPY 1"));
    again.close().await;
}

#[tokio::test]
async fn what_cannot_be_saved_uses_up_no_number_and_nothing_is_overwritten() {
    let (folder, home) = home();
    let open = open(&home, "").await;
    let receipt = paper(&open, taken(&open, 1, approved()).await).await;
    let there = folder.path().join("there.pdf");
    std::fs::write(&there, "mine").unwrap();
    let refused = open.papers.save(&receipt, at(there.clone()), None).await;
    assert!(matches!(refused, Err(PaperFault::File(_))), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "mine");
    let nowhere = open.papers.save(&receipt, at(folder.path().join("no/such/x.pdf")), None).await;
    assert!(matches!(nowhere, Err(PaperFault::File(_))));
    assert_eq!(open.journal.copies_of(&receipt.name).await.unwrap(), None);
    // Two in the same minute have names of their own.
    let [first, second] = [
        open.papers.save(&receipt, PdfTo::default(), None).await,
        open.papers.save(&receipt, PdfTo::default(), None).await,
    ];
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first.path, second.path);
    assert_eq!(first.path.parent().unwrap(), folder.path().join("receipts"));
    assert!(!pdf_text(&first.path).contains("COPY") && pdf_text(&second.path).contains("COPY 1"));
    assert_eq!(open.papers.print(&receipt, None).await, Err(PaperFault::NoPrinter));
    open.close().await;
}

#[tokio::test]
async fn there_is_no_paper_before_there_is_an_outcome_and_another_one_after_an_unknown_one() {
    let (_folder, home) = home();
    let open = open(&home, "").await;
    let about = taken(&open, 1, State::AtBank).await;
    let nothing_yet = open.papers.receipt(about, Language::English).await;
    assert_eq!(nothing_yet, Err(PaperFault::NoOutcome));
    let absent = About::Attempt(AttemptId::from_parts(opened_at(), [9; 10]));
    assert_eq!(open.papers.receipt(absent, Language::English).await, Err(PaperFault::NotFound));

    let about = taken(&open, 2, State::Unknown(Unknown { cause: UnknownCause::Restarted })).await;
    let slip = paper(&open, about).await;
    open.papers.save(&slip, PdfTo::default(), None).await.unwrap();
    let record = Record::Attempt {
        attempt: intent(2).attempt,
        payment: intent(2).payment,
        entry: Entry::Entered(Box::new(approved())),
    };
    open.journal.append(Batch { records: vec![record], names: Vec::new() }, opened_at()).await.unwrap();
    let receipt = paper(&open, about).await;
    assert_ne!(receipt.name, slip.name);
    assert_eq!(
        open.papers.save(&receipt, PdfTo::default(), None).await.unwrap().copy,
        None,
        "the receipt is no copy of the slip"
    );
    open.close().await;
}

#[tokio::test]
async fn an_approval_is_printed_by_itself_once_however_often_it_is_told() {
    let printer = Printer::start(Mood::Sound).await;
    let (_folder, home) = home();
    let open = open(&home, &with(&printer.address)).await;
    open.papers.start_printing().await;
    taken(&open, 1, approved()).await;
    let view = |n: u8, state: State, minutes: u64| {
        let mut attempt = Attempt::open(intent(n), opened_at());
        let at = opened_at().after(Millis::minutes(minutes));
        attempt.apply(&Entry::Entered(Box::new(state)), at).unwrap();
        Change::Attempt(Box::new(AttemptView::of(&attempt, at)))
    };
    taken(&open, 2, State::Unknown(Unknown { cause: UnknownCause::Restarted })).await;
    taken(&open, 3, approved()).await;
    taken(&open, 4, approved()).await;
    let (tell, told) = tokio::sync::broadcast::channel(16);
    for change in [
        view(1, approved(), 1),
        view(1, approved(), 1),
        view(2, State::Unknown(Unknown { cause: UnknownCause::Restarted }), 1),
        // Nobody waits at the counter any more.
        view(3, approved(), 45),
        view(1, approved(), 1),
        view(4, approved(), 1),
    ] {
        tell.send(change).unwrap();
    }
    drop(tell);
    open.papers.print_after_approval(told).await;
    until(&open.papers, |queue| queue.jobs().is_empty()).await;
    let printed = printer.texts(2).await;
    assert!(printed[0].contains("REZ-1") && printed[1].contains("REZ-4") && printed.len() == 2, "{printed:?}");
    open.close().await;
}

#[tokio::test]
async fn any_document_with_a_name_of_its_own_is_printed_and_counted() {
    let printer = Printer::start(Mood::Sound).await;
    let (_folder, home) = home();
    let open = open(&home, &with(&printer.address)).await;
    open.papers.start_printing().await;
    let document = test_page(&[], opened_at(), &TimeZone::UTC, Language::English);
    let close = Paper {
        name: "close-1".parse().unwrap(),
        about: None,
        payment: None,
        subject: "1".to_owned(),
        stem: "close 1".to_owned(),
        document,
    };
    for _ in 0..2 {
        open.papers.print(&close, None).await.unwrap();
        until(&open.papers, |queue| queue.jobs().is_empty()).await;
    }
    let printed = printer.texts(2).await;
    assert!(!printed[0].contains("COPY") && printed[1].contains("COPY 1"));
    // A test page is neither counted nor queued.
    open.papers.test(Language::English).await.unwrap();
    assert!(printer.texts(3).await[2].contains("Test page"));
    assert_eq!(open.journal.copies_of(&close.name).await.unwrap(), Some(1));
    open.close().await;
}

#[tokio::test]
async fn a_pdf_is_made_for_the_paper_that_is_wanted() {
    let (folder, home) = home();
    let open = open(&home, "[receipt]\npdf = \"80\"\n").await;
    let receipt = paper(&open, taken(&open, 1, approved()).await).await;
    let width = |path: &Path| {
        let told = std::process::Command::new("pdfinfo").arg(path).output().unwrap().stdout;
        let told = String::from_utf8(told).unwrap();
        let size = told.lines().find_map(|line| line.strip_prefix("Page size:")).unwrap().trim().to_owned();
        size.split('.').next().unwrap().split(' ').next().unwrap().parse::<u32>().unwrap()
    };
    let usual = open.papers.save(&receipt, PdfTo::default(), None).await.unwrap();
    assert_eq!(width(&usual.path), 226, "80 mm in points");
    for (paper, points) in [(PdfPaper::A4, 595), (PdfPaper::Roll58, 164)] {
        let to = PdfTo { file: Some(folder.path().join(paper.word())), paper: Some(paper) };
        let saved = open.papers.save(&receipt, to, None).await.unwrap();
        assert_eq!(width(&saved.path), points);
        assert!(pdf_text(&saved.path).contains("Payment approved"));
    }
    open.close().await;
}
