//! Day closes as the window asks for them: made, on paper, as a table.

use super::rig::{CARD, Rig};
use crate::commands::close;
use crate::view::{CloseFile, Code, LanguageWord, SaveClose};

fn save(number: u32, file: CloseFile) -> SaveClose {
    SaveClose { number, file, language: LanguageWord::En }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closes_paper_is_counted_by_whatever_way_it_leaves_and_its_tables_are_whole_files() {
    let rig = Rig::new().await;
    rig.pay(rig.card_sale("R-1", "545.00", CARD).await).await.unwrap();
    let sits = rig.cashier.to_string();
    let made = close::closed(&rig.session, Some(&sits), None).await.unwrap();
    assert_eq!((made.number, made.totals[0].approved.count), (1, 1));
    let folder = rig.file("exports");
    let first = close::saved(&rig.session, &folder, &save(1, CloseFile::Pdf), Some(&sits)).await.unwrap();
    // These accounts are on this machine: no money moved, and the name says so.
    assert!(first.file_name().unwrap().to_str().unwrap().ends_with("-practice.pdf"), "{first:?}");
    let dialog = close::for_dialog(&rig.session, 1, LanguageWord::Tr, Some(&sits)).await.unwrap();
    assert_eq!(dialog.copy, Some(1));
    let again = close::saved(&rig.session, &folder, &save(1, CloseFile::Pdf), None).await.unwrap();
    assert_ne!(again, first, "nothing is written over");
    let next = close::for_dialog(&rig.session, 1, LanguageWord::En, None).await.unwrap();
    assert_eq!(next.copy, Some(3));
    for file in [CloseFile::Csv, CloseFile::Jsonl] {
        let table = close::saved(&rig.session, &folder, &save(1, file), None).await.unwrap();
        let text = std::fs::read_to_string(table).unwrap();
        assert!(text.contains(&made.made.as_ref().unwrap().anchor) && text.contains("545.00"), "{text}");
    }
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.len() == 4 && names.iter().all(|name| !name.to_str().unwrap().ends_with(".part")), "{names:?}");
    assert_eq!(close::printed(&rig.session, 1, LanguageWord::En, None).await.unwrap_err().code, Code::PrinterNone);
    assert_eq!(close::printed(&rig.session, 9, LanguageWord::En, None).await.unwrap_err().code, Code::NoSuchClose);
    rig.close().await;
}
