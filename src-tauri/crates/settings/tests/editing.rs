//! Accounts added, changed and removed in files that a person wrote.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use vezne_settings::edit::{AccountDraft, ReturnDraft, with_account, without_account};
use vezne_settings::{CredentialsSource, Gateway, GatewaySettings, ReturnMode, Settings};

/// As people write: comments everywhere, keys that no draft has, headings in their own order.
const FILE: &str = r#"# Desk 3, by the door. Ask Derya before changing anything.

# The agency's account.
[[account]]
name = "Şube"                     # what staff see
gateway = "finrota"
base_url = "https://pgw.example"  # as the vendor gave it
credentials = { env = ["A_KEY",  "A_SECRET"] }
status_path = "/other/path"       # the vendor's letter of May
currencies = [
  "TRY", # first
  "EUR",
]
challenge_minutes = 7

[desk]                            # the desk itself
id = "door"

# The rental's account.
[[account]]
name = "Kiralama"
id = "old-id"
gateway = "yolcu360"
base_url = "https://api.example/v1"

# Nothing below.
"#;

fn draft(name: &str, id: Option<&str>) -> AccountDraft {
    AccountDraft {
        name: name.to_owned(),
        id: id.map(str::to_owned),
        gateway: Gateway::Finrota,
        base_url: "https://pgw.example".to_owned(),
        credentials: CredentialsSource::EnvironmentPair { key: "A_KEY".to_owned(), secret: "A_SECRET".to_owned() },
        token: false,
        return_mode: ReturnDraft::CustomScheme,
        currencies: vec!["TRY".to_owned(), "EUR".to_owned()],
        status_query: true,
        return_settles: None,
        credit_limit: false,
        confirm_above: None,
    }
}

fn read(text: &str) -> Settings {
    Settings::parse(text, "config.toml").unwrap()
}

/// The lines that are in one text and not in the other, each with its sign.
fn difference(before: &str, after: &str) -> Vec<String> {
    let gone = before.lines().filter(|line| !after.lines().any(|other| other == *line)).map(|line| format!("-{line}"));
    let new = after.lines().filter(|line| !before.lines().any(|other| other == *line)).map(|line| format!("+{line}"));
    gone.chain(new).collect()
}

#[test]
fn what_says_the_same_already_stays_as_it_is_written() {
    let after = with_account(FILE, &draft("Şube", Some("sube"))).unwrap();
    assert_eq!(difference(FILE, &after), ["+return_mode = \"custom_scheme\""]);
    assert_eq!(with_account(&after, &draft("Şube", Some("sube"))).unwrap(), after);
}

#[test]
fn an_account_is_changed_where_it_stands_and_nothing_else_is() {
    let mut draft = draft("Merkez", Some("sube"));
    draft.base_url = "https://new.example".to_owned();
    draft.credentials = CredentialsSource::Sealed;
    draft.status_query = false;
    draft.return_settles = Some(false);
    draft.confirm_above = Some("2500.50".to_owned());
    draft.return_mode = ReturnDraft::Https { url: "https://shop.example/back".to_owned() };
    let after = with_account(FILE, &draft).unwrap();
    let (settings, before) = (read(&after), read(FILE));
    assert_eq!(settings.desk, before.desk);
    let account = &settings.accounts[0];
    assert_eq!((account.id.as_str(), account.name.as_str()), ("sube", "Merkez"), "payments find it again");
    assert_eq!(account.base_url.as_str(), "https://new.example/");
    assert_eq!(account.credentials, CredentialsSource::Sealed);
    assert_eq!((account.status_query, account.return_settles), (false, Some(false)));
    assert_eq!(account.confirm_above, Some("2500.50".parse().unwrap()));
    assert!(matches!(&account.return_mode, ReturnMode::Https { url } if url.as_str() == "https://shop.example/back"));
    let GatewaySettings::Finrota(finrota) = &account.gateway else { panic!("another gateway") };
    assert_eq!(finrota.status_path, "/other/path", "a key that no draft has");
    assert_eq!(account.challenge, before.accounts[0].challenge);
    for comment in ["# what staff see", "# as the vendor gave it", "# first", "# the vendor's letter of May"] {
        assert!(after.contains(comment), "{comment}");
    }
    assert_eq!(settings.accounts[1], before.accounts[1]);
    draft.return_mode = ReturnDraft::Loopback;
    (draft.return_settles, draft.confirm_above, draft.status_query) = (None, None, true);
    let back = read(&with_account(&after, &draft).unwrap());
    let account = &back.accounts[0];
    assert_eq!(
        (&account.return_mode, account.return_settles, account.confirm_above),
        (&ReturnMode::Loopback, None, None)
    );
}

#[test]
fn with_another_gateway_the_keys_of_the_old_one_go() {
    let mut changed = draft("Şube", Some("sube"));
    changed.gateway = Gateway::Yolcu360;
    changed.credit_limit = true;
    let account = &read(&with_account(FILE, &changed).unwrap()).accounts[0];
    assert!(matches!(&account.gateway, GatewaySettings::Yolcu360(yolcu) if yolcu.credit_limit));
}

#[test]
fn a_new_account_stands_behind_the_others() {
    let mut new = draft("Yeni", None);
    new.token = true;
    new.credentials = CredentialsSource::EnvironmentToken { variable: "TOKEN".to_owned() };
    let after = with_account(FILE, &new).unwrap();
    let ids: Vec<String> = read(&after).accounts.into_iter().map(|account| account.id).collect();
    assert_eq!(ids, ["sube", "old-id", "yeni"]);
    assert!(difference(FILE, &after).iter().all(|line| line.starts_with('+')), "nothing is lost");
    let with_id = with_account(FILE, &draft("Yeni", Some("other-id"))).unwrap();
    assert_eq!(read(&with_id).accounts[2].id, "other-id");
}

#[test]
fn the_first_account_is_added_to_a_file_of_nothing_or_of_comments_or_of_an_inline_list() {
    for (text, accounts) in [
        ("", 1),
        ("# only a comment\n", 1),
        ("[desk]\nid = \"door\"\n", 1),
        ("account = []\n", 1),
        ("account = [{ name = \"a\", gateway = \"finrota\", base_url = \"https://x.example\" }] # one\n", 2),
    ] {
        let after = with_account(text, &draft("Yeni", None)).unwrap();
        assert_eq!(read(&after).accounts.len(), accounts, "{after}");
        assert!(!text.starts_with('#') || after.starts_with("# only a comment\n"), "{after}");
        assert_eq!(read(&without_account(&after, "yeni").unwrap()).accounts.len(), accounts - 1, "{after}");
    }
}

#[test]
fn a_new_account_never_takes_the_place_of_another() {
    let refused = with_account(FILE, &draft("Şube", None)).unwrap_err().to_string();
    assert!(refused.contains("`name` must be different"), "{refused}");
    let refused = with_account(FILE, &draft("Old id", None)).unwrap_err().to_string();
    assert!(refused.contains("write another `id`"), "{refused}");
}

#[test]
fn a_wrong_draft_is_refused_in_the_words_of_the_file() {
    type Change = fn(&mut AccountDraft);
    let wrong: [(Change, &str); 6] = [
        (|draft| draft.base_url = "http://pgw.example".to_owned(), "`base_url` must be an https address"),
        (|draft| draft.currencies.clear(), "`currencies` must be"),
        (|draft| draft.status_query = false, "`return_settles` must be stated"),
        (|draft| draft.credit_limit = true, "`credit_limit` is only for"),
        (|draft| draft.confirm_above = Some("1,5".to_owned()), "`confirm_above` must be"),
        (|draft| draft.token = true, "`credentials` must name one variable"),
    ];
    for (change, words) in wrong {
        let mut draft = draft("Yeni", None);
        change(&mut draft);
        let refused = with_account(FILE, &draft).unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
    let refused = with_account("[desk\n", &draft("Yeni", None)).unwrap_err().to_string();
    assert!(refused.contains("line 1"), "{refused}");
}

#[test]
fn an_account_is_removed_with_its_own_comment_and_no_other() {
    let after = without_account(FILE, "sube").unwrap();
    let settings = read(&after);
    assert_eq!((settings.accounts.len(), settings.desk.id.as_str()), (1, "door"));
    assert!(after.starts_with("# Desk 3, by the door. Ask Derya before changing anything.\n\n[desk]"), "{after}");
    for (comment, stays) in [("# The agency's account.", false), ("# The rental's account.", true)] {
        assert_eq!(after.contains(comment), stays, "{after}");
    }
    let none = without_account(&after, "old-id").unwrap();
    assert!(read(&none).accounts.is_empty());
    assert!(
        none.contains("# Nothing below.") && none.contains("# Desk 3") && !none.contains("# The rental's"),
        "{none}"
    );
    assert_eq!(without_account(FILE, "unheard-of").unwrap(), FILE);
}
