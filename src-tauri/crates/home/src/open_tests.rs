use std::sync::Mutex;

use vezne_core::account::PagePlace;
use vezne_core::attempt::{ReturnFields, ReturnHint};
use vezne_core::ids::AttemptId;
use vezne_core::ports::{Answer, BankPage};

use super::*;

/// A home whose chain key is there already, so that the keychain of whoever runs the test is left alone.
fn home() -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("chain.key"), format!("{}\n", "a5".repeat(32))).unwrap();
    let home = Home::at(folder.path());
    (folder, home)
}

fn opening() -> Opening {
    Opening {
        program: "test",
        passphrase: PassphraseSource::Environment,
        settings: SettingsFrom::File,
        logins: HashMap::new(),
        opener: Arc::new(|_| Err("none".to_owned())),
        notices: Arc::new(|_| {}),
        pages: PagesFrom::Loopback,
        settings_may_be_missing: true,
        care: None,
        new_chain_key: false,
    }
}

fn given() -> Settings {
    let text = r#"
[[account]]
name = "Practice"
gateway = "finrota"
base_url = "http://127.0.0.1:9/finrota"
credentials = "sealed"
customer_ip = "127.0.0.1"
"#;
    Settings::parse(text, "config.toml").unwrap()
}

fn practice_login() -> HashMap<String, Credentials> {
    let login = Credentials::Pair { key: "practice".to_owned().into(), secret: "practice".to_owned().into() };
    HashMap::from([("practice".to_owned(), login)])
}

#[tokio::test]
async fn when_a_till_is_closed_the_journal_is_and_its_lock_is_free() {
    let (folder, home) = home();
    let open = home.open_till(opening()).await.unwrap();
    assert!(matches!(home.open_till(opening()).await, Err(HomeFault::InUse { .. })));
    open.close().await;
    // At once: nothing has run since that could have let go of it.
    drop(Lock::acquire(folder.path()).unwrap());
    home.open_till(opening()).await.unwrap().close().await;
}

#[tokio::test]
async fn settings_and_logins_that_are_handed_over_come_before_the_file_and_the_vault() {
    let (folder, home) = home();
    std::fs::write(folder.path().join("config.toml"), "not settings").unwrap();
    let opening = || Opening { settings: SettingsFrom::Given(Box::new(given())), ..opening() };
    let without = home.open_till(opening()).await.unwrap();
    assert_eq!((without.accounts().len(), without.unavailable.len()), (0, 1), "the vault has no such login");
    without.close().await;
    let mut open = home.open_till(Opening { logins: practice_login(), ..opening() }).await.unwrap();
    let id: AccountId = "practice".parse().unwrap();
    assert_eq!(open.accounts().get(&id).map(|account| account.reference.name.as_str()), Some("Practice"));
    assert_eq!(open.account("Practice").unwrap(), Some(id));
    open.close().await;
}

/// Pages of a front's own.
struct Windows {
    parts: PagesParts,
}

impl BankPages for Windows {
    fn return_address(
        &self,
        attempt: AttemptId,
        account: &AccountRef,
        place: PagePlace,
    ) -> Answer<'_, Result<String, String>> {
        self.parts.loopback.return_address(attempt, account, place)
    }

    fn open(&self, attempt: AttemptId, _page: BankPage) -> Answer<'_, Result<(), String>> {
        Box::pin(async move {
            let hint = ReturnHint { fields: ReturnFields::default(), own_page: true };
            self.parts.returns.send(Returned { attempt, hint }).await.map_err(|error| error.to_string())
        })
    }

    fn close(&self, attempt: AttemptId) -> Answer<'_, ()> {
        self.parts.loopback.close(attempt)
    }
}

#[tokio::test]
async fn pages_of_a_front_s_own_are_made_with_the_loop_back_and_their_returns_go_to_the_till() {
    let (_folder, home) = home();
    let seen = Arc::new(Mutex::new(None));
    let told = Arc::clone(&seen);
    let make: MakePages = Arc::new(move |parts: PagesParts| {
        *told.lock().unwrap() = Some((parts.settings.clone(), parts.returns.clone()));
        Arc::new(Windows { parts })
    });
    let opening = Opening {
        settings: SettingsFrom::Given(Box::new(given())),
        logins: practice_login(),
        pages: PagesFrom::Made(make),
        ..opening()
    };
    let open = home.open_till(opening).await.unwrap();
    let (settings, returns) = seen.lock().unwrap().take().unwrap();
    assert_eq!(settings, given());
    let attempt = AttemptId::from_parts(Timestamp::from_millis(0), [0; 10]);
    open.ports.pages.open(attempt, BankPage::Address("https://bank.example/".to_owned())).await.unwrap();
    // Taken out by the forwarding to the till, which knows of no such attempt and says nothing.
    while returns.capacity() < returns.max_capacity() {
        tokio::task::yield_now().await;
    }
    let reference = &open.accounts()[&"practice".parse().unwrap()].reference;
    let address = open.ports.pages.return_address(attempt, reference, PagePlace::Browser).await.unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    open.close().await;
}
