//! `config.toml`, read and edited.

use vezne_settings::{AccountDraft, CredentialsSource, Gateway, ReturnDraft, Settings, SettingsError, edit};

use crate::engine::Target;

/// The target.
pub(super) const TARGET: Target = Target { name: "config", run, words: &WORDS, longest: 16 * 1024 };

const WORDS: [&str; 44] = [
    "[[account]]\n",
    "[desk]\n",
    "[timeouts]\n",
    "[account]\n",
    "account = []\n",
    "name = \"a\"\n",
    "id = \"a\"\n",
    "gateway = \"finrota\"\n",
    "gateway = \"yolcu360\"\n",
    "base_url = \"https://api.example/v1\"\n",
    "base_url = \"http://127.0.0.1:9/\"\n",
    "base_url = \"https://u:p@x/?q#f\"\n",
    "credentials = \"keychain\"\n",
    "credentials = \"sealed\"\n",
    "credentials = { env = [\"A\", \"B\"] }\n",
    "token = true\n",
    "return_mode = \"loopback\"\n",
    "return_mode = \"custom_scheme\"\n",
    "return_mode = \"https\"\n",
    "return_url = \"https://desk.example/back\"\n",
    "currencies = [\"TRY\"]\n",
    "currencies = [\"XXX\", 1]\n",
    "customer_ip = \"127.0.0.1\"\n",
    "confirm_above = \"1000.00\"\n",
    "void_until = \"23:59\"\n",
    "timezone = \"Europe/Istanbul\"\n",
    "language = \"tr\"\n",
    "pay_seconds = 120\n",
    "pay_seconds = 99999999999999999999\n",
    "connect_seconds = 0\n",
    "challenge_minutes = 10\n",
    "status_query = true\n",
    "return_settles = true\n",
    "credit_limit = false\n",
    "refund_amount_field = \"amount\"\n",
    "# a comment\n",
    "'''",
    "\"\"\"",
    "\\u0000",
    "\\U0010FFFF",
    "1979-05-27T07:32:00Z",
    "inf",
    "= { a = 1, b.c = 2 }",
    "reversals = true\n",
];

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let read = Settings::parse(&text, "config.toml");
    if let Err(error) = &read {
        let words = error.to_string();
        // A file of many faults is told with all of them, each in a line of its own.
        let room = text.len().saturating_mul(12).saturating_add(4 * 1024);
        assert!(
            !words.is_empty() && words.len() < room,
            "{} characters of words for {} of text",
            words.len(),
            text.len()
        );
        if let SettingsError::Syntax { line, column, .. } = error {
            let lines = text.split('\n').count();
            assert!((1..=lines).contains(line) && *column >= 1, "line {line} of {lines}");
        }
    }
    let Ok(settings) = read else { return };
    assert!(settings.accounts.len() <= 100);
    for (place, account) in settings.accounts.iter().enumerate() {
        let twice = settings.accounts.iter().take(place).any(|before| before.id == account.id);
        assert!(!twice, "two accounts with one id");
        assert!(matches!(account.base_url.scheme(), "https" | "http"), "{}", account.base_url);
        assert!(!crate::targets::text::holds_card_number_as_a_word(&account.name), "a card number as a name");
    }
    edited(&text, &settings);
}

/// An account goes in and out again, and the others stay what they are.
fn edited(text: &str, settings: &Settings) {
    let draft = AccountDraft {
        name: "Fuzzer's own".to_owned(),
        id: None,
        gateway: Gateway::Finrota,
        base_url: "https://api.example/".to_owned(),
        credentials: CredentialsSource::Sealed,
        token: false,
        return_mode: ReturnDraft::Loopback,
        currencies: vec!["TRY".to_owned()],
        status_query: true,
        return_settles: None,
        credit_limit: false,
        confirm_above: None,
    };
    let Ok(with) = edit::with_account(text, &draft) else {
        // The name or id is taken, or there are a hundred already.
        return;
    };
    let read = Settings::parse(&with, "config.toml");
    let Ok(read) = read else { unreachable!("an edit broke the file: {read:?}") };
    assert_eq!(read.accounts.len(), settings.accounts.len().saturating_add(1));
    let theirs: Vec<_> = read.accounts.iter().filter(|account| account.name.as_str() != draft.name).collect();
    assert_eq!(theirs, settings.accounts.iter().collect::<Vec<_>>(), "an edit changed another account");
    assert_eq!((&read.desk, &read.timeouts), (&settings.desk, &settings.timeouts));
    let Some(added) = read.accounts.iter().find(|account| account.name.as_str() == draft.name) else {
        unreachable!("the account is not there")
    };
    let without = edit::without_account(&with, added.id.as_str());
    let Ok(without) = without else { unreachable!("what was added can't be taken out: {without:?}") };
    assert_eq!(Settings::parse(&without, "config.toml").ok().as_ref(), Some(settings), "not as before");
}
