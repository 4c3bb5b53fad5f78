//! `[receipt]` and `[printer]`.

use std::path::PathBuf;

use vezne_settings::papers::{PapersDraft, PdfPaper, with_papers};
use vezne_settings::{Language, PrinterCutter, PrinterLetters, PrinterPaper, PrinterPlace, Settings, SettingsError};

fn read(text: &str) -> Result<Settings, SettingsError> {
    Settings::parse(text, "config.toml")
}

/// What is wrong with a text: line, key and message.
fn wrong(text: &str) -> String {
    match read(text) {
        Err(SettingsError::Wrong { problems, .. }) => problems
            .iter()
            .map(|one| format!("{} {}: {}", one.line, one.key, one.message))
            .collect::<Vec<_>>()
            .join("\n"),
        other => format!("{other:?}"),
    }
}

#[test]
fn without_a_word_there_is_no_printer_and_no_header() {
    let settings = read("").unwrap();
    assert_eq!(
        (settings.receipt.header.len(), settings.receipt.language, settings.receipt.after_approval),
        (0, None, false)
    );
    assert_eq!((settings.receipt.folder, settings.printer.place), (None, None));
    assert_eq!(settings.printer.paper, PrinterPaper::Roll80);
    assert!(settings.printer.status && settings.printer.feed == 4);
}

#[test]
fn every_way_to_a_printer_is_read() {
    for (way, address, place) in [
        ("network", "192.168.1.50:9100", PrinterPlace::Network("192.168.1.50:9100".to_owned())),
        ("network", "kasa-yazici", PrinterPlace::Network("kasa-yazici:9100".to_owned())),
        ("network", "[fe80::1]:9101", PrinterPlace::Network("[fe80::1]:9101".to_owned())),
        ("network", "[fe80::1]", PrinterPlace::Network("[fe80::1]:9100".to_owned())),
        ("device", "/dev/usb/lp0", PrinterPlace::Device(PathBuf::from("/dev/usb/lp0"))),
        ("spooler", "Fis_Yazicisi", PrinterPlace::Spooler("Fis_Yazicisi".to_owned())),
    ] {
        let settings = read(&format!("[printer]\nway = \"{way}\"\naddress = \"{address}\"")).unwrap();
        assert_eq!(settings.printer.place, Some(place), "{address}");
    }
    let text = "[printer]\nway = \"spooler\"\naddress = \"q\"\npaper = \"a4\"\nletters = \"drawn\"\ncutter = \"full\"\ncode_page = 12";
    let printer = read(text).unwrap().printer;
    assert_eq!(
        (printer.paper, printer.letters, printer.cutter),
        (PrinterPaper::A4, PrinterLetters::Drawn, PrinterCutter::Full)
    );
    assert_eq!(printer.code_page, Some(12));
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_what_is_allowed() {
    for (text, said) in [
        ("[printer]\nway = \"network\"", "1 address: `address` must be a host"),
        ("[printer]\nway = \"network\"\naddress = \"a b\"", "3 address: `address` must be a host"),
        ("[printer]\nway = \"network\"\naddress = \"fe80::1\"", "3 address: `address` must be a host"),
        ("[printer]\nway = \"network\"\naddress = \"a:0\"", "3 address: `address` must be a host"),
        ("[printer]\nway = \"device\"\naddress = \"lp0\"", "3 address: `address` must be the full path"),
        ("[printer]\nway = \"spooler\"\naddress = \"-o raw\"", "3 address: `address` must be the name"),
        ("[printer]\nway = \"network\"\naddress = \"x\"\npaper = \"a4\"", "4 paper: `paper = \"a4\"` needs"),
        ("[printer]\nway = \"usb\"", "2 way: `way` must be one of none"),
        ("[printer]\npaper = \"80_narow\"", "did you mean \"80_narrow\"?"),
        ("[printer]\nfeed = 21", "2 feed: `feed` must be a whole number from 0 to 20"),
        ("[printer]\ncode_page = 256", "2 code_page: "),
        (
            "[receipt]\nheader = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\"]",
            "2 header: `header` must be a list of at most 6",
        ),
        ("[receipt]\nheader = [\"4155650100416111\"]", "2 header: "),
        ("[receipt]\nfolder = \"receipts\"", "2 folder: `folder` must be the full path"),
        ("[receipt]\nsilent = true", "`silent` is not known in [receipt]"),
    ] {
        assert!(wrong(text).contains(said), "{text}\n{}", wrong(text));
    }
    assert!(!wrong("[receipt]\nheader = [\"4155650100416111\"]").contains("4155"), "no card number is repeated");
}

fn draft() -> PapersDraft {
    PapersDraft {
        header: vec!["Işık Oto".to_owned(), "  Antalya ".to_owned(), String::new()],
        language: "tr".to_owned(),
        after_approval: true,
        folder: String::new(),
        pdf: "80".to_owned(),
        way: "network".to_owned(),
        address: "10.0.0.9".to_owned(),
        paper: "58".to_owned(),
        letters: "windows1254".to_owned(),
        code_page: Some(33),
        cutter: "none".to_owned(),
        feed: 2,
        status: false,
    }
}

const AS_PEOPLE_WRITE: &str = "# our desk\n[desk]\nid = \"desk-2\"  # the left one\n\n[printer] # by the door\nway = \"device\" # usb\naddress = \"/dev/usb/lp0\"\ncode_page = 7 # from its test page\n";

#[test]
fn what_is_changed_in_the_window_leaves_a_persons_comments_as_they_are() {
    let text = with_papers(AS_PEOPLE_WRITE, &draft()).unwrap();
    for kept in [
        "# our desk",
        "id = \"desk-2\"  # the left one",
        "[printer] # by the door",
        "way = \"network\" # usb",
        "code_page = 33 # from its test page",
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    let settings = read(&text).unwrap();
    assert_eq!(settings.receipt.header, ["Işık Oto", "Antalya"]);
    assert_eq!(settings.receipt.language, Some(Language::Turkish));
    assert!(settings.receipt.after_approval && !settings.printer.status);
    assert_eq!(settings.receipt.pdf, PdfPaper::Roll80);
    assert_eq!(settings.printer.place, Some(PrinterPlace::Network("10.0.0.9:9100".to_owned())));
    assert_eq!((settings.printer.code_page, settings.printer.feed), (Some(33), 2));
    // The same again changes nothing.
    assert_eq!(with_papers(&text, &draft()).unwrap(), text);
    let without = with_papers(&text, &PapersDraft { code_page: None, ..draft() }).unwrap();
    assert_eq!(read(&without).unwrap().printer.code_page, None);
}

#[test]
fn a_draft_that_is_wrong_changes_nothing() {
    for bad in [
        PapersDraft { way: "usb".to_owned(), ..draft() },
        PapersDraft { address: "a b".to_owned(), ..draft() },
        PapersDraft { header: vec!["x".repeat(49)], ..draft() },
        PapersDraft { folder: "here".to_owned(), ..draft() },
        PapersDraft { pdf: "a5".to_owned(), ..draft() },
    ] {
        assert!(matches!(with_papers(AS_PEOPLE_WRITE, &bad), Err(SettingsError::Wrong { .. })), "{bad:?}");
    }
}
