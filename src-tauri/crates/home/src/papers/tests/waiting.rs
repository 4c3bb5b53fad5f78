//! What changes while a paper waits: its outcome, a person's mind, the printer.

use vezne_printing::Job;

use super::*;

/// Orders the receipt of that state at a printer without paper, lets the entries follow, and puts paper in.
async fn changed_while_it_waited(open: &OpenTill, printer: &Printer, state: State, entries: Vec<Entry>) -> Paper {
    open.papers.start_printing().await;
    let ordered = paper(open, taken(open, 1, state).await).await;
    open.papers.print(&ordered, None).await.unwrap();
    let waits = |queue: &Queue| matches!(queue.jobs()[0].stand, Stand::Waiting { trouble: Some(Trouble::NoPaper), .. });
    until(&open.papers, waits).await;
    for entry in entries {
        let record = Record::Attempt { attempt: intent(1).attempt, payment: intent(1).payment, entry };
        open.journal.append(Batch { records: vec![record], names: Vec::new() }, opened_at()).await.unwrap();
    }
    *printer.mood.lock().unwrap() = Mood::Sound;
    open.papers.hurry().await.unwrap();
    ordered
}

fn contradicted(paid: bool) -> Entry {
    Entry::Contradicted(Contradiction { seen: vezne_core::status::Seen::default(), paid })
}

#[tokio::test]
async fn a_slip_that_waited_while_the_outcome_changed_is_not_printed_and_the_current_one_is_offered() {
    let printer = Printer::start(Mood::NoPaper).await;
    let (_folder, home) = home();
    let open = open(&home, &with(&printer.address)).await;
    let not_sent = State::NotSent(NotSent { reason: NotSentReason::Cancelled });
    let ordered = changed_while_it_waited(&open, &printer, not_sent, vec![contradicted(true)]).await;
    let told = |queue: &Queue| matches!(queue.jobs(), [Job { stand: Stand::Asked { trouble: Trouble::Outdated }, .. }]);
    let job = until(&open.papers, told).await.jobs()[0].id.number();
    assert_eq!(open.papers.answer(job, Seen::CameOut, None).await, Err(PaperFault::NotNow));
    open.papers.answer(job, Seen::Copy, None).await.unwrap();
    until(&open.papers, |queue| queue.jobs().is_empty()).await;
    let printed = printer.texts(1).await;
    assert!(printed[0].contains("Outcome not known yet") && !printed[0].contains("COPY"), "{printed:?}");
    assert!(!printed[0].contains("safe to pay again"), "{printed:?}");
    assert_eq!(printer.count(), 1);
    let now = paper(&open, About::Attempt(intent(1).attempt)).await;
    assert_ne!(now.name, ordered.name);
    assert_eq!(open.journal.copies_of(&now.name).await.unwrap(), Some(0), "the first of its kind");
    open.close().await;
}

#[tokio::test]
async fn a_receipt_that_waited_says_what_is_so_when_it_is_printed() {
    let printer = Printer::start(Mood::NoPaper).await;
    let (_folder, home) = home();
    let open = open(&home, &with(&printer.address)).await;
    changed_while_it_waited(&open, &printer, approved(), vec![contradicted(false)]).await;
    until(&open.papers, |queue| queue.jobs().is_empty()).await;
    let printed = printer.texts(1).await;
    assert!(printed[0].contains("Payment approved") && printed[0].contains("something else since"), "{printed:?}");
    open.close().await;
}

#[tokio::test]
async fn what_is_taken_back_while_it_waits_uses_up_no_number() {
    let printer = Printer::start(Mood::NoPaper).await;
    let (_folder, home) = home();
    let open = open(&home, &with(&printer.address)).await;
    open.papers.start_printing().await;
    let receipt = paper(&open, taken(&open, 1, approved()).await).await;
    open.papers.print(&receipt, None).await.unwrap();
    let job = open.papers.queue().unwrap().borrow().jobs()[0].id.number();
    let waits = |queue: &Queue| matches!(queue.jobs()[0].stand, Stand::Waiting { trouble: Some(Trouble::NoPaper), .. });
    until(&open.papers, waits).await;
    open.papers.cancel(job, None).await.unwrap();
    assert_eq!(open.papers.cancel(job, None).await, Err(PaperFault::JobGone));
    assert_eq!(open.papers.preview(&receipt).await.unwrap().copy, None, "nobody has the original yet");
    let lines = open.journal.payment(intent(1).payment).await.unwrap().unwrap().lines;
    assert!(lines.iter().any(|(_, record)| matches!(record, Record::PaperWithdrawn(_))), "it is a step of its payment");
    *printer.mood.lock().unwrap() = Mood::Sound;
    open.papers.print(&receipt, None).await.unwrap();
    until(&open.papers, |queue| queue.jobs().is_empty()).await;
    assert!(!printer.texts(1).await[0].contains("COPY"));
    open.close().await;
}

#[tokio::test]
async fn what_waits_goes_to_the_printer_that_is_set_up_meanwhile() {
    let broken = Printer::start(Mood::NoPaper).await;
    let (_folder, home) = home();
    let open = open(&home, &with(&broken.address)).await;
    open.papers.start_printing().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let following = tokio::spawn(open.papers.clone().follow(move |papers, queue| {
        let header = papers.settings().receipt.header.clone();
        tell.send((header, queue.jobs().len())).ok();
    }));
    let receipt = paper(&open, taken(&open, 1, approved()).await).await;
    open.papers.print(&receipt, None).await.unwrap();
    let waits = |queue: &Queue| matches!(queue.jobs()[0].stand, Stand::Waiting { trouble: Some(Trouble::NoPaper), .. });
    until(&open.papers, waits).await;
    let sound = Printer::start(Mood::Sound).await;
    let text = with(&sound.address).replace("Işık Oto", "Işık Turizm");
    open.papers.change(Settings::parse(&text, "config.toml").unwrap()).await;
    open.papers.hurry().await.unwrap();
    until(&open.papers, |queue| queue.jobs().is_empty()).await;
    let printed = sound.texts(1).await;
    assert!(printed[0].contains("Turizm") && !printed[0].contains("COPY"), "{printed:?}");
    assert_eq!(broken.count(), 0);
    // Whoever follows the queue is told of the new printer, and that it is through.
    while told.recv().await.unwrap() != (vec!["Işık Turizm".to_owned()], 0) {}
    following.abort();
    open.close().await;
}
