use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::*;
use crate::desk::tests::begun;
use crate::stream::Source as _;
use crate::view::Place;

fn network(address: &str) -> PapersInput {
    PapersInput {
        header: vec!["Işık Oto".to_owned(), " Antalya".to_owned()],
        way: "network".to_owned(),
        address: address.to_owned(),
        after_approval: true,
        ..PapersInput::from(PapersDraft::of(
            &Settings::parse("", "").unwrap().receipt,
            &Settings::parse("", "").unwrap().printer,
        ))
    }
}

#[tokio::test]
async fn what_is_set_up_in_the_window_stands_in_the_file_and_is_shown_again() {
    let (folder, desk) = begun(false).await;
    std::fs::write(folder.path().join("config.toml"), "# by hand\n[desk]\nid = \"desk-7\" # ours\n").unwrap();
    assert_eq!(input(&desk).unwrap().way, "none");
    save(&desk, network("10.0.0.9")).await.unwrap();
    let text = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
    assert!(text.contains("# by hand") && text.contains("id = \"desk-7\" # ours"), "{text}");
    let again = input(&desk).unwrap();
    assert_eq!(
        (again.header.as_slice(), again.address.as_str()),
        (["Işık Oto".to_owned(), "Antalya".to_owned()].as_slice(), "10.0.0.9:9100")
    );
    assert!(again.after_approval);

    let wrong = save(&desk, network("a b")).await.unwrap_err();
    assert_eq!((wrong.code, wrong.field), (Code::PapersWrong, Some(Field::Address)));
    let long = PapersInput { header: vec!["x".repeat(60)], ..network("10.0.0.9") };
    assert_eq!(save(&desk, long).await.unwrap_err().field, Some(Field::Header));
    assert_eq!(std::fs::read_to_string(folder.path().join("config.toml")).unwrap(), text);
}

#[tokio::test]
async fn a_test_page_is_printed_with_what_is_not_saved_yet_and_trouble_is_told_by_its_code() {
    let (folder, desk) = begun(false).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let printer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut taken, mut answered, mut buffer) = (Vec::new(), 0, [0; 4096]);
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
    });
    tested(&desk, network(&address), LanguageWord::En).await.unwrap();
    let taken = printer.join().unwrap();
    assert!(String::from_utf8_lossy(&taken).contains("Test page"));
    assert!(!folder.path().join("config.toml").exists(), "testing keeps nothing");
    // Nobody listens there any more.
    let refused = tested(&desk, network(&address), LanguageWord::En).await.unwrap_err();
    assert_eq!(refused.code, Code::PrinterRefusing);
    let none = PapersInput { way: "none".to_owned(), ..network("") };
    assert_eq!(tested(&desk, none, LanguageWord::Tr).await.unwrap_err().code, Code::PrinterNone);
}

#[tokio::test]
async fn practice_prints_as_the_desk_does_and_can_not_change_how() {
    let (folder, desk) = begun(false).await;
    let config = "[receipt]\nheader = [\"Işık Oto\"]\nfolder = \"/nowhere\"\n[printer]\nway = \"network\"\naddress = \"127.0.0.1:9\"\n";
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    desk.begin_training().await.unwrap();
    let Place::Open { session } = desk.hello().await.place else { panic!("no session") };
    assert!(session.printer.set_up && session.printer.jobs.is_empty());
    let practice = Settings::read(&folder.path().join("training/config.toml")).unwrap();
    assert_eq!(
        (practice.receipt.header.as_slice(), practice.receipt.folder),
        (["Işık Oto".to_owned()].as_slice(), None)
    );
    assert_eq!(save(&desk, network("10.0.0.9")).await.unwrap_err().code, Code::NotNow);
    desk.end().await;
}
