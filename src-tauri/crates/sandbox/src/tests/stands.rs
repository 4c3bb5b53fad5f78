//! Bank pages that want more of a browser than a form: time, pop-ups, cookies of third parties, trust.

use serde_json::Value;

use super::browser::{Arrival, Browser, Person};
use super::{Desk, card_of, read};
use crate::PRACTICE_CODE;

async fn challenge(desk: &Desk, scene: &str) -> String {
    let answer: Value = read(desk.finrota_pay(card_of(scene), &scene.to_uppercase(), true).await.unwrap()).await.1;
    answer["redirectTo"].as_str().unwrap().to_owned()
}

async fn walked(desk: &Desk, scene: &str) -> (Vec<Arrival>, Vec<String>) {
    let address = challenge(desk, scene).await;
    let mut browser = Browser::new(&desk.http, Person::TypesTheCode);
    let arrivals = browser.open(&address).await;
    (arrivals, browser.pages)
}

fn charges(desk: &Desk, scene: &str) -> usize {
    desk.sandbox.ledger().charges_of(&scene.to_uppercase()).count()
}

#[tokio::test]
async fn a_page_that_needs_nobody_brings_the_code_and_posts_itself() {
    let desk = Desk::open().await;
    for scene in ["bank_by_itself", "bank_popup_by_itself"] {
        let (arrivals, pages) = walked(&desk, scene).await;
        assert_eq!((arrivals.len(), charges(&desk, scene)), (1, 1), "{scene}");
        let code = pages.iter().find(|page| page.contains("data-page=\"code\"")).unwrap();
        assert!(code.contains(&format!("value=\"{PRACTICE_CODE}\"")), "{code}");
        assert!(code.contains("setTimeout(function () { document.getElementById('challenge').submit(); }, 1000)"));
        let opener = pages.iter().any(|page| page.contains("window.open('/bank/popup/"));
        assert_eq!(opener, scene == "bank_popup_by_itself");
    }
}

#[tokio::test]
async fn a_frame_of_another_host_works_only_with_its_cookie() {
    let desk = Desk::open().await;
    let scene = "bank_foreign_frame";
    let (arrivals, pages) = walked(&desk, scene).await;
    assert_eq!((arrivals.len(), charges(&desk, scene)), (0, 0), "a browser without cookies gets nowhere");
    assert!(pages.iter().any(|page| page.contains("data-page=\"no_cookie\"")));
    let frame = pages[0].split_once("<iframe src=\"").unwrap().1.split_once('"').unwrap().0;
    assert!(frame.starts_with("http://localhost:"), "{frame}: a third party to 127.0.0.1");
    let shown = desk.http.get(frame).send().await.unwrap();
    let cookie = shown.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let verify = frame.replace("/embedded/", "/verify/");
    let form = desk.http.post(verify).header("content-type", "application/x-www-form-urlencoded");
    let request = form.header("cookie", format!("other=1; {cookie}")).body(format!("code={PRACTICE_CODE}"));
    let page = request.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("data-page='to_gateway'") && page.contains("target='_top'"), "{page}");
}

#[tokio::test]
async fn a_page_pushes_a_file_and_goes_on() {
    let desk = Desk::open().await;
    let scene = "bank_pushes_file";
    let address = challenge(&desk, scene).await;
    let file = desk.http.get(address.replace("/start/", "/file/")).send().await.unwrap();
    assert_eq!(file.headers()["content-disposition"], "attachment; filename=\"bank-slip.txt\"");
    let page = desk.http.get(&address).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<iframe src=\"/bank/file/"), "{page}");
    let (arrivals, _) = walked(&Desk::open().await, scene).await;
    assert_eq!(arrivals.len(), 1);
}

#[tokio::test]
async fn a_return_form_may_be_kept_from_everything_but_https() {
    let desk = Desk::open().await;
    let (arrivals, _) = walked(&desk, "return_https_only").await;
    assert_eq!(arrivals.len(), 1, "this browser knows no policy");
    let answer = read(desk.yolcu360_pay("order_1001", card_of("return_https_only"), true).await.unwrap()).await.1;
    let html = answer["threeDSHtmlContent"].as_str().unwrap();
    let id = html.split_once("name='MD' value='").unwrap().1.split_once('\'').unwrap().0;
    let (target, fields) = super::returns::before_the_callback(&desk, id).await;
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let form = desk.http.post(target).header("content-type", "application/x-www-form-urlencoded");
    let back = form.body(body).send().await.unwrap();
    assert_eq!(back.headers()["content-security-policy"], "form-action 'self' https:");
}

#[tokio::test]
async fn a_certificate_of_nobody_is_not_believed_and_nothing_is_charged() {
    let desk = Desk::open().await;
    let scene = "bank_bad_certificate";
    let address = challenge(&desk, scene).await;
    assert!(address.starts_with("https://127.0.0.1:"), "{address}");
    let refused = desk.http.get(&address).send().await.unwrap_err();
    assert!(refused.is_connect(), "{refused:?}");
    assert_eq!(charges(&desk, scene), 0);
    // It is the bank all the same: who believes it gets to the page, and a test that watches the ledger notices.
    let credulous = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy().build().unwrap();
    let page = credulous.get(&address).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("data-page=\"code\""), "{page}");
}
