//! What is read back of papers that wait for a printer: the queue goes on from whatever stands there, and a paper is drawn,
//! printed and shown whatever its text is.

use vezne_core::time::{Millis, Timestamp};
use vezne_printing::{Answer, End, Queue, Stand, Trouble};
use vezne_receipt::block::Document;
use vezne_receipt::escpos::{CodePage, Columns, Cutter, Letters, Printer};
use vezne_receipt::{escpos, grid, mail, pdf};

use crate::engine::Target;
use crate::samples::NOON;

/// The target.
pub(super) const TARGET: Target = Target { name: "papers", run, words: &WORDS, longest: 2048 };

const WORDS: [&str; 24] = [
    r#"{"last":1,"jobs":[]}"#,
    r#"{"id":1,"paper":"close.7","copy":null,"ordered":1795262400000,"stand":"#,
    r#"{"waiting":{"failures":0,"trouble":null,"due":1795262400000}}"#,
    r#"{"printing":{"failures":4294967295}}"#,
    r#"{"asked":{"trouble":"stopped"}}"#,
    "18446744073709551615",
    "0",
    r#"{"language":"turkish","title":"#,
    r#""moment":1795262400000,"blocks":["#,
    r#"{"mark":"COPY"}"#,
    r#"{"small":""#,
    "rows",
    "table",
    "columns",
    "cells",
    r#""align":"right","strong":true"#,
    "\u{1b}p\u{0}",
    "İşçi ığüşöç ₺",
    "字",
    "e\u{301}\u{301}\u{301}",
    "\u{202e}",
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
    "[]",
    "null",
];

fn run(data: &[u8]) {
    if let Ok(queue) = serde_json::from_slice::<Queue>(data) {
        goes_on(queue);
    }
    if let Ok(document) = serde_json::from_slice::<Document>(data) {
        is_drawn(&document);
    }
}

/// After a start nothing is on its way, and whatever waits comes out, or is asked about, one after the other.
fn goes_on(mut queue: Queue) {
    queue.restarted();
    assert!(!queue.jobs().iter().any(|job| matches!(job.stand, Stand::Printing { .. })));
    let late = Timestamp::from_millis(i64::MAX);
    queue.hurry(NOON);
    // A number that stands there twice can't be told apart: nothing may come out twice for it.
    for turn in 0..queue.jobs().len() {
        let Some(id) = queue.next(late).map(|job| job.id) else { break };
        let before = queue.jobs().len();
        if queue.begin(id, late).is_err() {
            break;
        }
        assert!(queue.next(late).is_none(), "two are on their way at once");
        let end = if turn % 2 == 0 { End::Confirmed } else { End::Unknown(Trouble::Gone) };
        if queue.ended(id, end, late).is_err() {
            break;
        }
        assert!(queue.jobs().len() <= before);
    }
    let asked: Vec<_> = queue.jobs().iter().filter(|job| !job.is_under_way()).map(|job| job.id).collect();
    for id in asked {
        let _there_is_one = queue.answer(id, Answer::Drop, NOON.after(Millis::seconds(1)));
    }
    let written = serde_json::to_string(&queue).ok();
    let read = written.and_then(|text| serde_json::from_str::<Queue>(&text).ok());
    assert_eq!(read, Some(queue));
}

/// Shown, printed in a code page, drawn dot by dot, as PDF, as a mail.
fn is_drawn(document: &Document) {
    for columns in [Columns::C48, Columns::C32] {
        for letters in [Letters::Own { page: CodePage::Cp857, number: 13 }, Letters::Drawn] {
            let printer = Printer { columns, letters, feed: 4, cutter: Cutter::Partial };
            assert!(escpos::write(document, printer).is_ok(), "it can't be printed");
        }
        let shown = grid::plain_text(document, columns.count());
        for line in shown.lines() {
            let wide = grid::columns_of(line);
            assert!(wide <= columns.count(), "{wide} columns on a paper of {}: {line:?}", columns.count());
        }
    }
    assert!(pdf::write(document, pdf::Paper::Roll58).is_ok_and(|bytes| bytes.starts_with(b"%PDF")), "no PDF");
    assert!(mail::draft(document, "").starts_with("mailto:"));
}
