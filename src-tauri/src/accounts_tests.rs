use secrecy::ExposeSecret as _;
use vezne_core::evidence::SupervisorWord;
use vezne_core::ids::{AttemptId, AttemptReference, OperatorId, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::ports::Journal as _;
use vezne_core::record::{Batch, Record};
use vezne_core::reversal;
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;
use vezne_sandbox::{FINROTA_API_KEY, FINROTA_SECRET_KEY, Sandbox};

use super::*;
use crate::desk::tests::{begun, pay_at_the_bank};
use crate::stream::Source as _;
use crate::view::{Gateway, LoginInput, Place, ReturnWay};

const AT: Timestamp = Timestamp::from_millis(1_795_251_600_000);
const PASSPHRASE: &str = "long enough to keep";

async fn sandbox() -> Sandbox {
    Sandbox::start(vezne_sandbox::Settings::default()).await.unwrap()
}

fn pair(key: &str, secret: &str) -> LoginInput {
    LoginInput::Pair { key: key.into(), secret: secret.into() }
}

fn counter(base_url: String) -> AccountInput {
    AccountInput {
        id: None,
        name: "Şişli".to_owned(),
        gateway: Gateway::Finrota,
        base_url,
        login: pair(FINROTA_API_KEY, FINROTA_SECRET_KEY),
        credentials: CredentialsPlace::Sealed { passphrase: PASSPHRASE.into() },
        return_way: ReturnWay::Loopback,
        currencies: vec!["TRY".to_owned()],
        status_query: true,
        return_settles: None,
        credit_limit: false,
        confirm_above: Some(" 5000.00 ".to_owned()),
    }
}

async fn accounts(desk: &Desk) -> Vec<String> {
    let place = desk.hello().await.place;
    let Place::Open { session } = place else { panic!("{place:?}") };
    session.accounts.into_iter().map(|account| account.id).collect()
}

#[tokio::test]
async fn the_first_account_is_tried_saved_changed_without_typing_its_login_and_removed() {
    let (folder, desk) = begun(false).await;
    let sandbox = sandbox().await;
    assert_eq!(tried(&desk, counter(sandbox.finrota_url())).await, Ok(TryOutWord::CanBeAsked));
    assert!(!folder.path().join("config.toml").exists(), "trying keeps nothing");
    let stranger = AccountInput { login: pair("nobody", "nothing"), ..counter(sandbox.finrota_url()) };
    assert_eq!(tried(&desk, stranger).await, Ok(TryOutWord::SignInRefused));
    save(&desk, counter(sandbox.finrota_url())).await.unwrap();
    assert_eq!(accounts(&desk).await, ["sisli"]);
    let config = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
    assert!(!config.contains(FINROTA_SECRET_KEY) && !config.contains(PASSPHRASE), "{config}");
    let mut kept = input(&desk, "sisli").unwrap();
    assert!(kept.login == LoginInput::Kept && kept.confirm_above.as_deref() == Some("5000.00"));
    kept.name = "Şişli Ofis".to_owned();
    assert_eq!(tried(&desk, AccountInput { ..kept.clone() }).await, Ok(TryOutWord::CanBeAsked));
    save(&desk, kept).await.unwrap();
    assert_eq!(accounts(&desk).await, ["sisli"], "payments remember it by its id");
    remove(&desk, "sisli").await.unwrap();
    assert_eq!(accounts(&desk).await, [""; 0]);
    let source = vezne_vault::CredentialsSource::Sealed;
    let forgotten = desk.home.vault(desk.front.passphrase.source()).credentials("sisli", &source).await;
    assert!(matches!(forgotten, Err(VaultError::NotFound { .. })));
    desk.end().await;
    sandbox.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_an_account_blames_its_field_and_changes_nothing() {
    let (folder, desk) = begun(false).await;
    let good = counter("https://pgw.example.com".to_owned());
    for (bad, field) in [
        (AccountInput { name: " ".to_owned(), ..good.clone() }, Field::Name),
        (AccountInput { base_url: "http://pgw.example.com".to_owned(), ..good.clone() }, Field::BaseUrl),
        (AccountInput { currencies: vec!["XXZ".to_owned()], ..good.clone() }, Field::Currency),
        (AccountInput { confirm_above: Some("much".to_owned()), ..good.clone() }, Field::Amount),
        (AccountInput { return_way: ReturnWay::Https { url: "here".to_owned() }, ..good.clone() }, Field::ReturnUrl),
        (AccountInput { status_query: false, ..good.clone() }, Field::ReturnUrl),
        (AccountInput { login: LoginInput::Kept, ..good.clone() }, Field::Login),
        (AccountInput { login: pair("key", " "), ..good.clone() }, Field::Login),
        (AccountInput { credentials: CredentialsPlace::Environment, ..good.clone() }, Field::Login),
    ] {
        let fault = save(&desk, bad).await.unwrap_err();
        assert_eq!(fault.field, Some(field), "{fault:?}");
    }
    assert!(!folder.path().join("config.toml").exists() && !folder.path().join("sealed.vault").exists());
}

#[tokio::test]
async fn an_address_that_can_not_be_used_is_told_by_its_field_and_without_the_settings_words() {
    let (_folder, desk) = begun(false).await;
    let good = counter("https://pgw.example.com".to_owned());
    let told = |field| Fault { code: Code::AccountWrong, text: None, field: Some(field) };
    for bad in ["http://pgw.example.com", "ftp://x", "nowhere", "https://user:word@pgw.example.com"] {
        let bad = AccountInput { base_url: bad.to_owned(), ..good.clone() };
        assert_eq!(tried(&desk, bad.clone()).await.unwrap_err(), told(Field::BaseUrl));
        assert_eq!(save(&desk, bad).await.unwrap_err(), told(Field::BaseUrl));
    }
    let bad = AccountInput { return_way: ReturnWay::Https { url: "here".to_owned() }, ..good.clone() };
    assert_eq!(save(&desk, bad).await.unwrap_err(), told(Field::ReturnUrl));
    let two = AccountInput { base_url: "ftp://x".to_owned(), currencies: vec!["XXZ".to_owned()], ..good };
    let fault = save(&desk, two).await.unwrap_err();
    let words = fault.text.unwrap();
    assert!(words.contains("XXZ") && !words.contains("base_url"), "{words}");
    desk.end().await;
}

#[tokio::test]
async fn a_locked_desk_opens_with_the_right_passphrase_and_no_other() {
    let (folder, desk) = begun(false).await;
    save(&desk, counter("http://127.0.0.1:9".to_owned())).await.unwrap();
    desk.end().await;
    let stream = std::sync::Arc::new(crate::stream::Stream::new());
    let front = opening::Front::without_screen(std::sync::Arc::clone(&stream));
    let desk = Desk::new(Home::at(folder.path()), front, stream);
    desk.begin(false, desk.first_turn().unwrap()).await;
    assert_eq!(desk.hello().await.place, Place::Locked);
    let fault = desk.unlock("something else".into()).await.unwrap_err();
    assert_eq!((fault.code, fault.field), (Code::PassphraseWrong, Some(Field::Passphrase)));
    assert_eq!(desk.hello().await.place, Place::Locked);
    desk.unlock(PASSPHRASE.into()).await.unwrap();
    assert_eq!(accounts(&desk).await, ["sisli"]);
    desk.end().await;
}

#[tokio::test]
async fn an_account_with_unsettled_payments_stays_where_it_is() {
    let (_folder, desk) = begun(false).await;
    let sandbox = sandbox().await;
    save(&desk, counter(sandbox.finrota_url())).await.unwrap();
    let session = desk.session().unwrap();
    pay_at_the_bank(&session, "sisli").await;
    let code = |fault: Result<(), Fault>| fault.unwrap_err().code;
    assert_eq!(code(remove(&desk, "sisli").await), Code::AccountUnsettled);
    let kept = || input(&desk, "sisli").unwrap();
    let elsewhere = AccountInput { base_url: "https://pgw.example.com".to_owned(), ..kept() };
    assert_eq!(code(save(&desk, elsewhere).await), Code::AccountUnsettled);
    assert_eq!(
        code(save(&desk, AccountInput { login: pair("other", "login"), ..kept() }).await),
        Code::AccountUnsettled
    );
    // The same place and login would do, once nothing is under way.
    assert_eq!(code(save(&desk, AccountInput { name: "Ofis".to_owned(), ..kept() }).await), Code::AttemptsOpen);
    drop(session);
    desk.end().await;
    sandbox.stop().await;
}

/// A refund of which nobody knows, as an earlier run of the desk left it.
fn unknown_refund(session: &Session) -> Batch {
    let account = session.accounts.values().next().unwrap().reference.clone();
    let (reversal, payment) = (ReversalId::from_parts(AT, [1; 10]), PaymentId::from_parts(AT, [1; 10]));
    let attempt = AttemptId::from_parts(AT, [1; 10]);
    let operator = OperatorId::from_parts(AT, [1; 10]);
    let intent = reversal::Intent {
        reversal,
        payment,
        attempt,
        account,
        kind: reversal::Kind::Refund,
        amount: Money::from_minor(100, Currency::TRY),
        target: reversal::Target::Transaction {
            number: ForeignText::filter("R-1"),
            reference: AttemptReference::from_random([1; 16]),
        },
        word: SupervisorWord { operator, reason: "erken dönüş".parse().unwrap(), saw: None },
    };
    let unknown = reversal::State::Unknown { cause: reversal::UnknownCause::Restarted };
    let entries = [reversal::Entry::Opened(Box::new(intent)), reversal::Entry::Entered(Box::new(unknown))];
    let line = |entry| Record::Reversal { reversal, payment, attempt, entry };
    Batch { records: entries.map(line).into(), names: Vec::new() }
}

#[tokio::test]
async fn an_account_with_an_unsettled_refund_stays_where_it_is() {
    let (_folder, desk) = begun(false).await;
    save(&desk, counter("http://127.0.0.1:9".to_owned())).await.unwrap();
    let session = desk.session().unwrap();
    session.journal.append(unknown_refund(&session), session.clock.now()).await.unwrap();
    let kept = || input(&desk, "sisli").unwrap();
    let elsewhere = AccountInput { base_url: "http://127.0.0.1:10".to_owned(), ..kept() };
    assert_eq!(save(&desk, elsewhere).await.unwrap_err().code, Code::AccountUnsettled);
    assert_eq!(remove(&desk, "sisli").await.unwrap_err().code, Code::AccountUnsettled);
    drop(session);
    save(&desk, AccountInput { name: "Ofis".to_owned(), ..kept() }).await.unwrap();
    desk.end().await;
}

#[tokio::test]
async fn papers_and_printer_are_set_up_while_a_payment_is_under_way() {
    let (_folder, desk) = begun(false).await;
    let sandbox = sandbox().await;
    save(&desk, counter(sandbox.finrota_url())).await.unwrap();
    let session = desk.session().unwrap();
    pay_at_the_bank(&session, "sisli").await;
    let kept = crate::papers::input(&desk).unwrap();
    let wanted = crate::view::PapersInput {
        header: vec!["Işık Oto".to_owned()],
        way: "network".to_owned(),
        address: "127.0.0.1:9".to_owned(),
        ..kept
    };
    crate::papers::save(&desk, wanted.clone()).await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&session, &desk.session().unwrap()), "the till goes on as it was");
    assert_eq!(session.papers.settings().receipt.header, ["Işık Oto"]);
    assert!(session.papers.queue().is_some(), "and prints from now on");
    assert_eq!(crate::papers::input(&desk).unwrap().address, "127.0.0.1:9");
    // None any more: what waits is kept until there is one again.
    crate::papers::save(&desk, crate::view::PapersInput { way: "none".to_owned(), ..wanted }).await.unwrap();
    assert!(session.papers.queue().is_none());
    assert_eq!(desk.unfinished().await.open, 1);
    drop(session);
    desk.end().await;
    sandbox.stop().await;
}

async fn kept_login(desk: &Desk, id: &str) -> Option<Credentials> {
    let source = vezne_vault::CredentialsSource::Sealed;
    match desk.home.vault(desk.front.passphrase.source()).credentials(id, &source).await {
        Ok(login) => Some(login),
        Err(VaultError::NotFound { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

fn secret_of(login: Option<Credentials>) -> Option<String> {
    match login? {
        Credentials::Pair { secret, key: _ } => Some(secret.expose_secret().to_owned()),
        Credentials::Token(_) => panic!("a token"),
    }
}

#[tokio::test]
async fn settings_that_can_not_be_written_leave_every_login_as_it_was() {
    let (folder, desk) = begun(false).await;
    save(&desk, counter("http://127.0.0.1:9".to_owned())).await.unwrap();
    let before = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
    // In the place where the new settings would be written first.
    std::fs::create_dir_all(folder.path().join("config.toml.new/taken")).unwrap();
    let other_login = AccountInput { login: pair("other", "login"), ..input(&desk, "sisli").unwrap() };
    assert_eq!(save(&desk, other_login).await.unwrap_err().code, Code::HomeUnusable);
    assert_eq!(secret_of(kept_login(&desk, "sisli").await).as_deref(), Some(FINROTA_SECRET_KEY));
    let second = AccountInput { name: "Kadıköy".to_owned(), ..counter("http://127.0.0.1:9".to_owned()) };
    assert_eq!(save(&desk, second).await.unwrap_err().code, Code::HomeUnusable);
    assert!(kept_login(&desk, "kadikoy").await.is_none(), "a login of no account is left");
    assert_eq!(remove(&desk, "sisli").await.unwrap_err().code, Code::HomeUnusable);
    assert!(kept_login(&desk, "sisli").await.is_some());
    assert_eq!(std::fs::read_to_string(folder.path().join("config.toml")).unwrap(), before);
    assert_eq!(accounts(&desk).await, ["sisli"], "the till is open again");
    desk.end().await;
}

#[tokio::test]
async fn a_wrong_passphrase_beside_a_login_does_not_take_the_place_of_the_right_one() {
    let (_folder, desk) = begun(false).await;
    save(&desk, counter("http://127.0.0.1:9".to_owned())).await.unwrap();
    let wrong = || AccountInput {
        credentials: CredentialsPlace::Sealed { passphrase: "another long passphrase".into() },
        ..input(&desk, "sisli").unwrap()
    };
    assert_eq!(tried(&desk, wrong()).await.unwrap_err().code, Code::PassphraseWrong);
    assert_eq!(save(&desk, wrong()).await.unwrap_err().code, Code::PassphraseWrong);
    let typed = AccountInput { login: pair("key", "secret"), ..wrong() };
    assert_eq!(save(&desk, typed).await.unwrap_err().code, Code::PassphraseWrong);
    assert_eq!(secret_of(kept_login(&desk, "sisli").await).as_deref(), Some(FINROTA_SECRET_KEY));
    assert_eq!(accounts(&desk).await, ["sisli"]);
    desk.end().await;
}

#[tokio::test]
async fn the_real_accounts_are_not_changed_from_training() {
    let (_folder, desk) = begun(true).await;
    let fault = save(&desk, counter("https://pgw.example.com".to_owned())).await.unwrap_err();
    assert_eq!(fault.code, Code::NotNow);
    assert_eq!(remove(&desk, "practice-desk").await.unwrap_err().code, Code::NotNow);
    desk.end().await;
}
