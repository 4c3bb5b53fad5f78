//! Receipts as the window asks for them.

use super::rig::{CARD, Rig};
use crate::papers;
use crate::view::{AboutInput, Code, LanguageWord, PaperWayWord, PdfInput, PdfPaperWord};

#[tokio::test]
async fn a_receipt_is_shown_saved_and_listed_with_its_payment() {
    let rig = Rig::new().await;
    let paid = rig.pay(rig.card_sale("İZMİR-1", "545.00", CARD).await).await.unwrap();
    let about = AboutInput::Attempt { attempt: paid.attempt.clone() };
    let shown = papers::shown(&rig.session, &about, LanguageWord::Tr).await.unwrap();
    assert_eq!((shown.copy, shown.width, shown.title.as_str()), (None, 576, "Ödeme onaylandı"));
    assert!(shown.picture.starts_with("data:image/png;base64,") && shown.height > 200);
    for words in ["EĞİTİM MODU – GEÇERSİZ", "İZMİR-1", "545,00 TRY", "Ayşe"] {
        assert!(shown.text.contains(words), "{words}\n{}", shown.text);
    }
    assert!(!shown.text.contains(CARD));

    let pdf = PdfInput { language: LanguageWord::Tr, paper: PdfPaperWord::Roll80 };
    let saved = papers::saved(&rig.session, &about, pdf, Some(rig.cashier)).await.unwrap();
    let path = saved.path.unwrap();
    assert!(
        path.starts_with(&rig.file("receipts").display().to_string())
            && std::fs::metadata(&path).unwrap().len() > 1_000
    );
    assert_eq!(saved.copy, None);
    let again = papers::shown(&rig.session, &about, LanguageWord::En).await.unwrap();
    assert!(again.copy == Some(1) && again.text.contains("COPY 1"), "{}", again.text);
    let dialog = papers::for_dialog(&rig.session, &about, LanguageWord::En, None).await.unwrap();
    assert_eq!(dialog.copy, Some(1));
    let mailed = papers::mailed(&rig.session, &about, LanguageWord::En, None).await.unwrap();
    assert_eq!(mailed.copy, Some(2));

    let lines = papers::of_payment(&rig.session, &paid.payment).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.way, line.copy, line.operator.as_deref())).collect();
    let wanted = [
        (PaperWayWord::Pdf, None, Some("Ayşe")),
        (PaperWayWord::Dialog, Some(1), None),
        (PaperWayWord::Mail, Some(2), None),
    ];
    assert_eq!(told, wanted);
    assert!(lines.iter().all(|line| line.about == paid.attempt && line.says == "approved"));
    rig.close().await;
}

#[tokio::test]
async fn without_a_printer_or_an_outcome_nothing_is_printed() {
    let rig = Rig::new().await;
    let declined = rig.pay(rig.card_sale("R-2", "80.00", "4155654020020011").await).await.unwrap();
    let about = AboutInput::Attempt { attempt: declined.attempt };
    let refused = papers::printed(&rig.session, &about, LanguageWord::En, None).await.unwrap_err();
    assert_eq!(refused.code, Code::PrinterNone);
    let shown = papers::shown(&rig.session, &about, LanguageWord::En).await.unwrap();
    assert!(shown.text.contains("Not charged") && shown.copy.is_none(), "{}", shown.text);
    let absent = AboutInput::Attempt { attempt: "att_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3".to_owned() };
    assert_eq!(papers::shown(&rig.session, &absent, LanguageWord::En).await.unwrap_err().code, Code::NotFound);
    rig.close().await;
}
