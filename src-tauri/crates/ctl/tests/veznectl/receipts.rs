//! `payment receipt`: shown, saved, printed, mailed; counted, and marked where nobody can count.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use vezne_journal::Lock;

use crate::desk::{CARD, Desk, PIN, text};

fn paid(desk: &Desk) -> String {
    let paid = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    text(&paid, "payment").to_owned()
}

fn receipt(desk: &Desk, arguments: &[&str]) -> (i32, Value) {
    let run = desk.run(&[&["payment", "receipt"][..], arguments, &["--json"]].concat(), "");
    (run.code, run.last())
}

fn pdf_text(path: &Path) -> String {
    let read = Command::new("pdftotext").args(["-layout".as_ref(), path.as_os_str(), "-".as_ref()]).output().unwrap();
    String::from_utf8(read.stdout).unwrap()
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_first_pdf_is_the_original_and_the_second_a_copy_and_text_counts_as_nothing() {
    let desk = Desk::new();
    let payment = paid(&desk);
    let (code, told) = receipt(&desk, &[&payment, "--text", "--lang", "tr"]);
    assert_eq!((code, &told["counted"], &told["copy"], &told["way"]), (0, &false.into(), &Value::Null, &"text".into()));
    let paper = text(&told, "text");
    for words in ["KOPYA (sayılmadı)", "Ödeme onaylandı", "545,00 TRY", "415565", "6111"] {
        assert!(paper.contains(words), "{words}\n{paper}");
    }
    assert!(!paper.contains(CARD));
    // An address on this machine makes no training.
    assert!(!paper.contains("EĞİTİM"), "{paper}");

    let (first, second) = (desk.beside("first.pdf"), desk.beside("second.pdf"));
    let (code, told) = receipt(&desk, &[&payment, "--pdf", shown(&first), "--lang", "en"]);
    assert_eq!((code, &told["counted"], &told["copy"]), (0, &true.into(), &Value::Null));
    let (code, told) = receipt(&desk, &[&payment, "--pdf", shown(&second), "--lang", "tr", "--paper", "80mm"]);
    assert_eq!((code, &told["copy"], &told["issued"][0]["way"]), (0, &1.into(), &"pdf".into()));
    let (first, second) = (pdf_text(&first), pdf_text(&second));
    assert!(first.contains("Payment approved") && !first.contains("COPY"), "{first}");
    assert!(second.contains("KOPYA 1") && second.contains("Ödeme onaylandı"), "{second}");

    // What is there is not written over, and no number is used up.
    let (code, told) = receipt(&desk, &[&payment, "--pdf", shown(&desk.beside("first.pdf"))]);
    assert_eq!((code, told["reason"].as_str()), (50, Some("paper_not_saved")));
    let (code, told) = receipt(&desk, &[&payment, "--mail"]);
    assert_eq!((code, &told["copy"]), (0, &2.into()));
    assert!(text(&told, "mail").starts_with("mailto:?subject="));
    assert!(pdf_text(Path::new(text(&told, "file"))).contains("COPY 2"));
    // Every one of them is a step of its payment.
    let show = desk.run(&["payment", "show", &payment], "");
    assert!(show.stdout.contains("paper issued (pdf)") && show.stdout.contains("copy 2 issued (mail)"), "{show:?}");
    assert_eq!(desk.run(&["journal", "verify"], "").code, 0);
}

#[test]
fn beside_a_running_desk_a_paper_says_that_nobody_counted_it_and_nothing_is_printed() {
    let desk = Desk::new();
    let payment = paid(&desk);
    let running = Lock::acquire(&desk.home()).unwrap();
    let file = desk.beside("beside.pdf");
    let (code, told) = receipt(&desk, &[&payment, "--pdf", shown(&file)]);
    assert_eq!((code, &told["counted"]), (0, &false.into()));
    assert!(pdf_text(&file).contains("COPY (not counted)"));
    let (code, told) = receipt(&desk, &[&payment, "--print"]);
    assert_eq!((code, told["reason"].as_str()), (50, Some("journal_in_use")));
    drop(running);
    // It was no original: the first one that is counted is.
    let (_, told) = receipt(&desk, &[&payment, "--pdf", shown(&desk.beside("counted.pdf"))]);
    assert_eq!((&told["counted"], &told["copy"]), (&true.into(), &Value::Null));
}

/// One paper that a printer takes: questions are answered, and whether it is through.
fn one_paper(mut stream: TcpStream) -> Vec<u8> {
    let (mut taken, mut answered) = (Vec::new(), 0);
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).unwrap();
        if count == 0 {
            return taken;
        }
        taken.extend_from_slice(&buffer[..count]);
        while answered < 3 && taken.len() >= 3 * (answered + 1) && taken[3 * answered] == 0x10 {
            answered += 1;
            stream.write_all(&[0x12]).unwrap();
        }
        if taken.ends_with(b"\x1dr\x01") {
            stream.write_all(&[0]).unwrap();
        }
    }
}

#[test]
fn a_receipt_is_printed_on_a_network_printer_and_one_that_is_off_keeps_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let desk = Desk::new();
    let payment = paid(&desk);
    let (code, told) = receipt(&desk, &[&payment, "--print"]);
    assert_eq!((code, told["reason"].as_str()), (2, Some("printer_none")));
    desk.config(&format!("{}\n[printer]\nway = \"network\"\naddress = \"{address}\"\n", desk.config_text()));

    let printer = std::thread::spawn(move || (one_paper(listener.accept().unwrap().0), listener));
    let (code, told) = receipt(&desk, &[&payment, "--print", "--lang", "tr"]);
    assert_eq!((code, &told["way"], &told["copy"]), (0, &"printer".into(), &Value::Null), "{told}");
    let (paper, listener) = printer.join().unwrap();
    // Code page 857: ı is 0x8d.
    let has = |wanted: &[u8]| paper.windows(wanted.len()).any(|window| window == wanted);
    assert!(has(b"545,00 TRY") && has(b"\x8d") && !has(b"KOPYA"), "{}", String::from_utf8_lossy(&paper));

    drop(listener);
    let (code, told) = receipt(&desk, &[&payment, "--print"]);
    assert_eq!((code, told["reason"].as_str()), (30, Some("paper_waits")));
    // It waits in the queue, and comes out in its turn when the printer is there: first it, then the next.
    let listener = TcpListener::bind(address).unwrap();
    let printer = std::thread::spawn(move || [0, 1].map(|_| one_paper(listener.accept().unwrap().0)));
    let declined = desk.pay_directly("R-2", "4155654020020029", &[]).last();
    let (code, told) = receipt(&desk, &[text(&declined, "attempt"), "--print", "--lang", "en"]);
    assert_eq!(code, 0, "{told}");
    let [first, second] = printer.join().unwrap().map(|paper| String::from_utf8_lossy(&paper).into_owned());
    assert!(first.contains("COPY 1"), "{first}");
    assert!(second.contains("Not charged") && !second.contains("COPY"), "{second}");
}

#[test]
fn a_refund_has_a_receipt_of_its_own_and_what_has_no_outcome_has_none() {
    let desk = Desk::new();
    let payment = paid(&desk);
    let right = ["--as", "Deniz", "--reason", "customer asked", "--json"];
    let refund = [&["payment", "refund", &payment, "--amount", "100.00"][..], &right].concat();
    let refunded = desk.run(&refund, PIN).expect(0, "approved", None);
    let reversal = text(&refunded, "reversal");
    for arguments in [vec![payment.as_str(), "--reversal", reversal], vec![reversal]] {
        let (code, told) = receipt(&desk, &[&arguments[..], &["--lang", "en"]].concat());
        assert_eq!(code, 0);
        let paper = text(&told, "text");
        assert!(paper.contains("Refunded") && paper.contains("100.00 TRY") && paper.contains("545.00 TRY"), "{paper}");
    }
    let (code, told) = receipt(&desk, &["pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3"]);
    assert_eq!((code, told["reason"].as_str()), (40, Some("not_found")));
    let (code, told) = receipt(&desk, &[&payment, "--attempt", "att_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3"]);
    assert_eq!((code, told["reason"].as_str()), (40, Some("not_found")));
}

#[test]
fn a_printers_bytes_are_saved_as_the_settings_say() {
    let desk = Desk::new();
    let payment = paid(&desk);
    desk.config(&format!("{}\n[printer]\nletters = \"drawn\"\ncutter = \"full\"\n", desk.config_text()));
    let file = desk.beside("receipt.bin");
    let (code, told) = receipt(&desk, &[&payment, "--escpos", shown(&file)]);
    assert_eq!((code, &told["way"]), (0, &"bytes".into()));
    let bytes = std::fs::read(&file).unwrap();
    // Drawn, with a whole cut at its end.
    assert!(bytes.starts_with(b"\x1b@") && bytes.windows(4).any(|window| window == b"\x1dv0\x00"));
    assert!(bytes.windows(2).any(|window| window == b"\x1dV"));
}

/// What stands in the printer's queue.
fn queue(desk: &Desk) -> Vec<Value> {
    let run = desk.run(&["printer", "list", "--json"], "");
    assert_eq!(run.code, 0, "{run:?}");
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_waits_and_what_is_asked_about_is_listed_answered_and_taken_back() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let desk = Desk::new();
    let payment = paid(&desk);
    desk.config(&format!("{}\n[printer]\nway = \"network\"\naddress = \"{address}\"\n", desk.config_text()));
    assert!(queue(&desk).is_empty());

    // It breaks off amid the paper: nobody knows whether it came out.
    let printer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 3];
        for _ in 0..3 {
            stream.read_exact(&mut buffer).unwrap();
            stream.write_all(&[0x12]).unwrap();
        }
        stream.read_exact(&mut [0; 40]).unwrap();
    });
    let (code, told) = receipt(&desk, &[&payment, "--print"]);
    assert_eq!((code, told["reason"].as_str()), (20, Some("paper_asked")), "{told}");
    printer.join().unwrap();
    let asked = queue(&desk);
    assert_eq!(
        (asked.len(), asked[0]["stand"].as_str(), asked[0]["subject"].as_str()),
        (1, Some("asked"), Some("R-1"))
    );
    let job = asked[0]["job"].to_string();
    // Nobody listens there now, so the copy waits.
    let run = desk.run(&["printer", "answer", &job, "--seen", "copy", "--json"], "");
    assert_eq!((run.code, run.last()["reason"].as_str()), (30, Some("paper_waits")), "{run:?}");
    let waiting = queue(&desk);
    let stands = (waiting.len(), waiting[0]["stand"].as_str(), &waiting[0]["copy"], waiting[0]["trouble"].as_str());
    assert_eq!(stands, (1, Some("waiting"), &1.into(), Some("printer_refusing")));
    let run = desk.run(&["printer", "answer", &job, "--seen", "came-out", "--json"], "");
    assert_eq!(run.code, 40, "it was answered: {run:?}");
    let run = desk.run(&["printer", "try-now", "--json"], "");
    assert_eq!((run.code, run.last()["reason"].as_str()), (30, Some("paper_waits")), "{run:?}");

    // Taken back, its number is free: what comes out next is copy 1.
    let job = waiting[0]["job"].to_string();
    let run = desk.run(&["printer", "cancel", &job, "--json"], "");
    assert_eq!((run.code, &run.last()["left"]), (0, &0.into()), "{run:?}");
    let show = desk.run(&["payment", "show", &payment], "");
    assert!(show.stdout.contains("copy 1 taken back"), "{show:?}");
    assert_eq!(receipt(&desk, &[&payment, "--print"]).0, 30);
    let listener = TcpListener::bind(address).unwrap();
    let printer = std::thread::spawn(move || one_paper(listener.accept().unwrap().0));
    let run = desk.run(&["printer", "try-now", "--json"], "");
    assert_eq!((run.code, &run.last()["left"]), (0, &0.into()), "{run:?}");
    assert!(String::from_utf8_lossy(&printer.join().unwrap()).contains("COPY 1") || queue(&desk).is_empty());
    assert_eq!(desk.run(&["journal", "verify"], "").code, 0);
}
