//! Verbs that only look, and those that look after the journal.

use serde_json::Value;

use crate::desk::{CARD, Desk, text};

#[test]
fn the_sandbox_tells_its_addresses_in_its_first_line_and_ends_politely() {
    use std::io::{BufRead, BufReader};
    let desk = Desk::bare("");
    let home = desk.beside("practice");
    let mut child = desk.start(desk.command(&["sandbox", "--json", "--write-home", home.to_str().unwrap()]), "");
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    let first: Value = serde_json::from_str(&first).unwrap();
    for name in ["finrota", "yolcu360", "bank", "ledger"] {
        assert!(text(&first, name).starts_with("http://127.0.0.1:"), "{first}");
    }
    let config = std::fs::read_to_string(home.join("config.toml")).unwrap();
    assert!(config.contains(text(&first, "finrota")) && config.contains(text(&first, "yolcu360")));
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_faults_file_that_cant_be_read_is_refused_with_its_line() {
    let desk = Desk::bare("");
    let file = desk.beside("faults.toml");
    std::fs::write(&file, "[[fault]]\ngateway = \"finrota\"\ncall = \"pay\"\nfault = \"explode\"\n").unwrap();
    let last = desk.run(&["sandbox", "--json", "--faults", file.to_str().unwrap()], "").failed(2, "file");
    assert!(text(&last, "detail").contains("line 4"), "{last}");
}

#[test]
fn payments_are_listed_searched_and_shown_by_any_of_their_ids() {
    let desk = Desk::new();
    let one = desk.pay_directly("İzmir 5", CARD, &[]).expect(0, "approved", None);
    let two = desk.pay_directly("R-2", "4155654020020029", &[]).last();
    let lines = |arguments: &[&str]| -> Vec<Value> {
        let run = desk.run(&[&["list", "--json"][..], arguments].concat(), "");
        assert_eq!(run.code, 0, "{run:?}");
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let ids = |rows: Vec<Value>| rows.iter().map(|row| row["attempt"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(lines(&[])), [two["attempt"].clone(), one["attempt"].clone()]);
    assert_eq!(ids(lines(&["--outcome", "declined"])), [two["attempt"].clone()]);
    assert_eq!(ids(lines(&["--search", "izmir"])), [one["attempt"].clone()]);
    assert_eq!(ids(lines(&["--account", "agency"])), Vec::<Value>::new());
    assert_eq!(ids(lines(&["--until", "2020-01-01"])), Vec::<Value>::new());
    for line in ["İZMİR", "545,00 izmir", "onaylandı", "6111", "today izmir 1x", "\"izmir\""] {
        assert_eq!(ids(lines(&["--search", line])), [one["attempt"].clone()], "{line}");
    }
    assert_eq!(ids(lines(&["--search", "yok böyle biri"])), Vec::<Value>::new());
    assert_eq!(ids(lines(&["--plan", "1", "--search", "declined"])), [two["attempt"].clone()]);
    assert_eq!(ids(lines(&["--plan", "limit"])), Vec::<Value>::new());
    assert_eq!(ids(lines(&["--day", "2020-01-01"])), Vec::<Value>::new());
    // Page by page: behind the last row of the one before.
    assert_eq!(ids(lines(&["--limit", "1"])), [two["attempt"].clone()]);
    assert_eq!(ids(lines(&["--limit", "1", "--after", text(&two, "attempt")])), [one["attempt"].clone()]);
    assert_eq!(ids(lines(&["--after", text(&one, "attempt")])), Vec::<Value>::new());
    desk.run(&["list", "--json", "--operator", "nobody"], "").failed(40, "unknown_operator");
    assert_eq!(desk.run(&["list", "--json", "--plan", "many"], "").code, 2);
    let link = format!("vezne://payment/{}", text(&one, "payment"));
    assert_eq!(ids(lines(&["--search", &link])), [one["attempt"].clone()]);
    for id in [text(&one, "payment"), text(&one, "attempt"), &link] {
        let shown = desk.run(&["show", id, "--json"], "").last();
        assert_eq!(shown["payment"], one["payment"]);
        assert!(shown["history"].as_array().unwrap().len() > 3, "{shown}");
    }
    desk.run(&["show", "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "--json"], "").failed(40, "not_found");
    desk.run(&["show", CARD, "--json"], "").failed(40, "id");
}

#[test]
fn a_note_stands_with_its_payment_as_it_was_written_and_holds_no_card() {
    let desk = Desk::new();
    let one = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let note = |words: &str, more: &[&str]| {
        desk.run(&[&["payment", "note", text(&one, "attempt"), "--json", "--text", words], more].concat(), "")
    };
    let written = note("Müşterinin bankası mesaj attı", &["--operator", "DENİZ"]);
    assert_eq!((written.code, &written.last()["payment"]), (0, &one["payment"]), "{written:?}");
    assert_eq!(note("ikinci", &[]).code, 0);
    assert_eq!(note(&format!("kart {CARD}"), &[]).code, 40);
    assert_eq!(note("x", &["--operator", "nobody"]).code, 40);
    let shown = desk.run(&["show", text(&one, "payment"), "--json"], "").last();
    let notes: Vec<_> =
        shown["notes"].as_array().unwrap().iter().map(|note| (&note["operator"], &note["text"])).collect();
    assert_eq!(notes.len(), 2);
    assert_eq!(notes[0], (&Value::from("Deniz"), &Value::from("Müşterinin bankası mesaj attı")));
    assert!(notes[1].0.is_null() && !shown.to_string().contains(CARD));
    assert_eq!(shown["link"], format!("vezne://payment/{}", text(&one, "payment")));
    let nobody = ["note", "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "--json", "--text", "x"];
    desk.run(&nobody, "").failed(40, "not_found");
    assert_eq!(desk.run(&["journal", "verify", "--json"], "").last()["sound"], true);
}

#[test]
fn the_journal_is_verified_backed_up_exported_and_rebuilt() {
    let desk = Desk::new();
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let verified = desk.run(&["journal", "verify", "--json"], "").last();
    assert_eq!((verified["sound"].as_bool(), verified["key"].is_null()), (Some(true), true), "{verified}");
    let copy = desk.beside("copy.db");
    assert_eq!(desk.run(&["journal", "backup", copy.to_str().unwrap(), "--json"], "").code, 0);
    assert!(copy.exists());
    desk.run(&["journal", "backup", copy.to_str().unwrap(), "--json"], "").failed(50, "exists");
    let csv = desk.run(&["journal", "export"], "").stdout;
    assert!(csv.lines().count() >= 2 && csv.contains("R-1") && csv.contains("545.00"), "{csv}");
    let events = desk.run(&["journal", "export", "--what", "events"], "").stdout;
    assert!(events.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()) && !events.contains("argon2"));
    assert_eq!(desk.run(&["journal", "rebuild", "--json"], "").code, 0);
    assert_eq!(desk.run(&["journal", "verify", "--json"], "").last()["sound"], true);
}

#[test]
fn a_journal_that_was_changed_by_hand_does_not_verify() {
    let desk = Desk::new();
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let sql = "UPDATE attempts SET total_minor = 1";
    let done = std::process::Command::new("sqlite3").arg(desk.home().join("journal.db")).arg(sql).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let run = desk.run(&["journal", "verify", "--json"], "");
    assert_eq!((run.code, &run.last()["sound"]), (1, &Value::Bool(false)), "{run:?}");
    assert_eq!(desk.run(&["doctor"], "").code, 1);
}

#[test]
fn a_healthy_desk_is_told_as_such_online_too() {
    let desk = Desk::new();
    let run = desk.run(&["doctor", "--online", "--json"], "");
    let checks: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(run.code, 0, "{checks:?}");
    for name in ["home", "clock", "disk", "desk", "journal", "chain key", "config.toml", "· counter", "· agency"] {
        let found = checks.iter().find(|check| check["check"] == name);
        assert!(found.is_some_and(|check| check["health"] != "bad"), "{name}: {found:?}");
    }
}

fn checks_of(desk: &Desk) -> (i32, Vec<Value>) {
    let run = desk.run(&["doctor", "--json"], "");
    (run.code, run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn named<'a>(checks: &'a [Value], name: &str, words: &str) -> Option<&'a Value> {
    checks.iter().find(|check| check["check"] == name && text(check, "words").contains(words))
}

#[test]
fn attempts_that_nobody_can_be_asked_about_are_told_with_their_account() {
    use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway};
    let desk = Desk::new();
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Fault::Cut { at: CutPoint::BeforeExecuting }).first(1));
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, Fault::EmptyBody));
    desk.pay_directly("R-1", CARD, &[]).expect(20, "unknown", Some("connection_lost"));
    let (code, checks) = checks_of(&desk);
    assert_eq!(code, 0, "{checks:?}");
    assert!(
        named(&checks, "unsettled", "every").is_some() && named(&checks, "reserve", "8 MiB").is_some(),
        "{checks:?}"
    );

    let good = desk.config_text();
    let elsewhere = good.replacen("/finrota", "/elsewhere", 1);
    assert_ne!(elsewhere, good);
    desk.config(&elsewhere);
    let (code, checks) = checks_of(&desk);
    assert!(code == 1 && named(&checks, "· counter", "points to").is_some(), "{checks:?}");

    desk.config(&good.replacen("TEST_finrota_SECRET", "TEST_yolcu360_SECRET", 1).replacen(
        "TEST_finrota_KEY",
        "TEST_yolcu360_KEY",
        1,
    ));
    let (code, checks) = checks_of(&desk);
    assert!(code == 1 && named(&checks, "· counter", "another login").is_some(), "{checks:?}");

    desk.config(&good[good.find("[[account]]\nname = \"agency\"").unwrap()..]);
    let (code, checks) = checks_of(&desk);
    let told = named(&checks, "· counter", "1 attempt(s) are not settled");
    assert!(code == 1 && told.is_some_and(|check| check["health"] == "bad"), "{checks:?}");
}

#[test]
fn a_restored_backup_is_told_with_the_span_that_is_missing() {
    let desk = Desk::new();
    let copy = desk.beside("copy.db");
    assert_eq!(desk.run(&["journal", "backup", copy.to_str().unwrap()], "").code, 0);
    assert!(desk.run(&["journal", "verify", "--json"], "").last()["missing"].is_null());
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    for beside in ["journal.db-wal", "journal.db-shm"] {
        let _none = std::fs::remove_file(desk.home().join(beside));
    }
    std::fs::copy(&copy, desk.home().join("journal.db")).unwrap();
    assert_eq!(desk.run(&["journal", "rebuild"], "").code, 0);
    let missing = desk.run(&["journal", "verify", "--json"], "").last()["missing"].clone();
    assert!(text(&missing, "from") < text(&missing, "until"), "{missing}");
    let person = desk.run(&["journal", "verify"], "").stdout;
    assert!(person.contains("a backup was restored"), "{person}");
    let (code, checks) = checks_of(&desk);
    let told = named(&checks, "restored", "is missing here");
    assert!(code == 0 && told.is_some_and(|check| check["health"] == "warning"), "{checks:?}");
}

#[test]
fn a_lost_key_begins_an_epoch_and_a_script_is_not_asked_twice() {
    let desk = Desk::new();
    std::fs::remove_file(desk.home().join("chain.key")).unwrap();
    desk.run(&["journal", "rebuild", "--json"], "").failed(50, "vault");
    let rebuilt = desk.run(&["journal", "rebuild", "--key-is-lost", "--json"], "").last();
    assert_eq!((rebuilt["rebuilt"].as_bool(), text(&rebuilt, "began")), (Some(true), "key_lost"), "{rebuilt}");
    // The only supervisor's PIN is lost with the key: the desk is not locked for ever.
    let add = ["operator", "add", "--name", "Ece", "--role", "supervisor", "--json"];
    assert_eq!(desk.run(&add, "8264").code, 0);
}

#[test]
fn payments_are_exported_into_a_file_that_is_whole_and_replaces_nothing() {
    let desk = Desk::new();
    let paid = desk.pay_directly("=1+1", CARD, &[]).expect(0, "approved", None);
    let refund =
        ["payment", "refund", text(&paid, "payment"), "--amount", "45.00", "--as", "Deniz", "--reason", "late"];
    desk.run(&[&refund[..], &["--json"]].concat(), crate::desk::PIN).expect(0, "approved", None);
    for format in ["csv", "jsonl", "xlsx"] {
        let file = desk.beside(&format!("payments.{format}"));
        let path = file.to_str().unwrap();
        let export =
            ["journal", "export", "--format", format, "--from", "2020-01-01", "--to", "2099-12-31", path, "--json"];
        let last = desk.run(&export, "").last();
        assert_eq!((last["rows"].as_u64(), last["file"].as_str()), (Some(2), Some(path)), "{last}");
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!(last["bytes"].as_u64(), u64::try_from(bytes.len()).ok());
        desk.run(&export, "").failed(50, "exists");
        assert_eq!(std::fs::read(&file).unwrap(), bytes);
    }
    let csv = std::fs::read_to_string(desk.beside("payments.csv")).unwrap();
    assert!(csv.contains("'=1+1") && !csv.contains(",=1+1") && !csv.contains(";=1+1"), "{csv}");
    assert!(csv.lines().count() == 3 && csv.contains("refund"), "{csv}");
    let turkish = desk.run(&["journal", "export", "--language", "tr"], "").stdout;
    assert!(turkish.contains("Gün (") && turkish.contains("545,00") && turkish.contains("-45,00"), "{turkish}");
    let none = desk.run(&["journal", "export", "--to", "2020-01-01", "--json"], "").stdout;
    assert!(none.ends_with("{\"rows\":0}\n"), "{none}");
    let declined = desk.run(&["journal", "export", "--outcome", "declined", "--json"], "").stdout;
    assert!(declined.ends_with("{\"rows\":0}\n"), "{declined}");
    let alone = desk.run(&["journal", "export", "--no-reversals", "--json"], "").stdout;
    assert!(alone.ends_with("{\"rows\":1}\n"), "{alone}");
}
