//! `close` on paper and as a table, and exports that are whole or not there.

use std::fs;
use std::process::Command;

use serde_json::Value;
use vezne_home::PRACTICE_MARK;

use crate::desk::{CARD, Desk, text};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_closes_paper_is_the_original_once_and_its_tables_say_that_no_money_moved() {
    let desk = Desk::new();
    desk.config(&format!("{PRACTICE_MARK}\n{}", desk.config_text()));
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let closed = desk.run(&["close", "--json"], "").last();
    assert_eq!((&closed["close"], &closed["training"]), (&1.into(), &true.into()), "{closed}");
    let anchor = text(&closed, "anchor").to_owned();
    for (name, copy) in [("first.pdf", Value::Null), ("second.pdf", 1.into())] {
        let file = desk.beside(name);
        let run = desk.run(&["close", "show", "1", "--pdf", file.to_str().unwrap(), "--lang", "en", "--json"], "");
        assert_eq!((run.code, &run.last()["copy"], &run.last()["way"]), (0, &copy, &"pdf".into()), "{run:?}");
        let read =
            Command::new("pdftotext").args(["-layout".as_ref(), file.as_os_str(), "-".as_ref()]).output().unwrap();
        let paper = String::from_utf8(read.stdout).unwrap();
        for words in ["TRAINING", "Day close no. 1", "545.00", &anchor] {
            assert!(paper.contains(words), "{words}: {paper}");
        }
        assert_eq!(paper.contains("COPY 1"), copy == 1, "{paper}");
    }
    // There is a file of that name: nothing is written over, and no number is used up.
    let again = ["close", "show", "1", "--pdf", &desk.beside("first.pdf").display().to_string()].map(str::to_owned);
    let again: Vec<&str> = again.iter().map(String::as_str).collect();
    assert_eq!(desk.run(&again, "").code, 50);
    let table = lines(&desk.run(&["close", "show", "--lines", "jsonl"], "").stdout);
    assert_eq!((&table[0]["section"], &table[0]["anchor"]), (&"close".into(), &anchor.into()));
    assert!(table.iter().all(|line| line["training"] == true && !line["zone"].is_null()), "{table:?}");
    let payments = lines(&desk.run(&["journal", "export", "--format", "jsonl"], "").stdout);
    assert_eq!(payments[1]["training"], true, "{payments:?}");
}

#[test]
fn events_get_their_files_name_only_when_their_last_line_has_counted_them() {
    let desk = Desk::new();
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let file = desk.beside("events.jsonl");
    let path = file.to_str().unwrap();
    let export = ["journal", "export", "--what", "events", path];
    // Half of one that an earlier run left.
    fs::write(desk.beside("events.jsonl.part"), "{\"half").unwrap();
    assert_eq!(desk.run(&export, "").code, 0);
    assert!(!desk.beside("events.jsonl.part").exists());
    let mut written = lines(&fs::read_to_string(&file).unwrap());
    assert_eq!(written.pop(), Some(serde_json::json!({ "events": written.len() })));
    assert!(written.len() > 3);
    let before = fs::read(&file).unwrap();
    assert_eq!(desk.run(&export, "").code, 50);
    assert_eq!(fs::read(&file).unwrap(), before, "nothing is written over");
    // A folder that is not there: neither a file nor a half of one.
    let nowhere = desk.beside("nowhere").join("events.jsonl");
    assert_eq!(desk.run(&["journal", "export", "--what", "events", nowhere.to_str().unwrap()], "").code, 50);
    assert!(!nowhere.exists());
}

#[test]
fn an_export_takes_the_filters_that_a_list_takes() {
    let desk = Desk::new();
    desk.pay_directly("R-1", CARD, &["--operator", "Deniz"]).expect(0, "approved", None);
    let count = |more: &[&str]| {
        let arguments = [&["journal", "export", "--format", "jsonl"][..], more].concat();
        let run = desk.run(&arguments, "");
        assert_eq!(run.code, 0, "{run:?}");
        lines(&run.stdout).last().unwrap()["rows"].as_u64().unwrap()
    };
    assert_eq!((count(&[]), count(&["--operator", "deniz"])), (1, 1));
    assert_eq!((count(&["--plan", "1"]), count(&["--plan", "3"]), count(&["--plan", "limit"])), (1, 0, 0));
    assert_ne!(desk.run(&["journal", "export", "--operator", "Nobody"], "").code, 0);
    assert_eq!(desk.run(&["journal", "export", "--plan", "none"], "").code, 2);
}
