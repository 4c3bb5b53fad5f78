//! Whole files, right and wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::time::Duration;

use vezne_core::money::Currency;
use vezne_settings::{
    CredentialsSource, Gateway, GatewaySettings, Language, LocalTime, ReturnMode, Settings, SettingsError,
};

const ACCOUNT: &str = "[[account]]\nname = \"a\"\ngateway = \"finrota\"\nbase_url = \"https://x.example\"\n";
const YOLCU: &str = "[[account]]\nname = \"y\"\ngateway = \"yolcu360\"\nbase_url = \"https://y.example/api/v1\"\n";

fn problems(text: &str) -> Vec<String> {
    match Settings::parse(text, "config.toml") {
        Err(SettingsError::Wrong { problems, .. }) => problems.iter().map(ToString::to_string).collect(),
        Err(other) => vec![other.to_string()],
        Ok(_) => Vec::new(),
    }
}

/// The only problem of a minimal account with `lines` below it.
fn problem(lines: &str) -> String {
    let found = problems(&format!("{ACCOUNT}{lines}\n"));
    assert_eq!(found.len(), 1, "{lines}: {found:?}");
    found.concat()
}

fn accepts(lines: &str) -> Settings {
    Settings::parse(&format!("{ACCOUNT}{lines}\n"), "config.toml").unwrap()
}

#[test]
fn the_example_of_the_product_is_read() {
    let text = r#"
[[account]]
name = "agency"                       # shown to staff, unique
gateway = "yolcu360"                  # or "finrota"
base_url = "https://api.pro.yolcu360.com/api/v1"
credentials = "keychain"              # or "sealed", or { env = ["VEZNE_AGENCY_KEY", "VEZNE_AGENCY_SECRET"] }
return_mode = "custom_scheme"         # custom_scheme | https | loopback
return_url = ""                       # only for https
status_query = true
reversals = false                     # void and refund calls, where the vendor has confirmed them
currencies = ["TRY"]
"#;
    let settings = Settings::parse(text, "config.toml").unwrap();
    let [account] = settings.accounts.as_slice() else { panic!("one account") };
    assert_eq!((account.id.as_str(), account.name.as_str()), ("agency", "agency"));
    assert_eq!(account.gateway.gateway(), Gateway::Yolcu360);
    assert_eq!(account.address("/payment/pay"), "https://api.pro.yolcu360.com/api/v1/payment/pay");
    assert_eq!(account.return_mode, ReturnMode::CustomScheme);
}

#[test]
fn a_minimal_account_has_every_default() {
    let settings = accepts("");
    let [account] = settings.accounts.as_slice() else { panic!("one account") };
    assert_eq!(account.credentials, CredentialsSource::Keychain);
    assert!(!account.token && account.status_query && !account.reversals);
    assert_eq!(account.return_settles, None);
    assert_eq!(account.currencies, [Currency::from_code("TRY").unwrap()]);
    assert_eq!((account.challenge, account.duplicate), (Duration::from_secs(600), Duration::from_secs(600)));
    assert_eq!((account.confirm_above, account.customer_ip), (None, None));
    assert_eq!(account.void_until, LocalTime::new(23, 59).unwrap());
    let GatewaySettings::Finrota(finrota) = &account.gateway else { panic!("finrota") };
    assert_eq!(finrota.options_auth_header, "Proxy-Authorization");
    assert_eq!(finrota.status_path, "/pws/payment/transaction");
    assert_eq!(finrota.status_parameter, "clientOrderReferenceCode");
    assert_eq!(
        (finrota.cancel_path.as_str(), finrota.refund_path.as_str()),
        ("/pws/payment/cancel", "/pws/payment/refund")
    );
    assert_eq!(finrota.refund_amount_field, "amount");
    assert_eq!(settings.desk.timezone, "Europe/Istanbul");
    let timeouts = settings.timeouts;
    let seconds = [
        timeouts.connect,
        timeouts.sign_in,
        timeouts.options,
        timeouts.status,
        timeouts.pay,
        timeouts.reversal,
        timeouts.limiter_wait,
    ];
    assert_eq!(seconds, [10, 15, 15, 15, 120, 60, 60].map(Duration::from_secs));
}

#[test]
fn every_key_can_be_written() {
    let text = r#"
[[account]]
name = "  Kasa Şişli "
gateway = "finrota"
base_url = "http://127.0.0.1:8080/x/"
credentials = { env = ["ONLY_TOKEN"] }
return_mode = "https"
return_url = "https://desk.example/back"
status_query = false
reversals = true
currencies = ["EUR", "TRY"]
id = "kasa"
customer_ip = "2001:db8::1"
token = true
options_auth_header = "Authorization"
status_path = "/a/b"
status_parameter = "clientReferenceNumber"
return_settles = true
cancel_path = "/c"
refund_path = "/r"
refund_amount_field = "refundAmount"
challenge_minutes = 5
duplicate_minutes = 20
confirm_above = "5000.00"
void_until = "21:30"

[[account]]
name = "limit"
gateway = "yolcu360"
base_url = "https://[2001:db8::2]/api/v1/"
credentials.env = ["K", "S"]
credit_limit = false

[desk]
id = "gate-3"
timezone = "Europe/Berlin"
language = "tr"

[timeouts]
connect_seconds = 0.5
sign_in_seconds = 1
options_seconds = 0.25
status_seconds = 2.0
pay_seconds = 1_20
reversal_seconds = 3
limiter_wait_seconds = 0.001
"#;
    let settings = Settings::parse(text, "config.toml").unwrap();
    let [counter, limit] = settings.accounts.as_slice() else { panic!("two accounts") };
    assert_eq!((counter.name.as_str(), counter.id.as_str()), ("Kasa Şişli", "kasa"));
    assert!(counter.is_loopback() && !limit.is_loopback());
    assert_eq!(counter.address("/auth"), "http://127.0.0.1:8080/x/auth");
    assert_eq!(counter.credentials, CredentialsSource::EnvironmentToken { variable: "ONLY_TOKEN".into() });
    assert!(matches!(&counter.return_mode, ReturnMode::Https { url } if url.as_str() == "https://desk.example/back"));
    assert_eq!(counter.return_settles, Some(true));
    assert_eq!(counter.confirm_above.unwrap().to_string(), "5000.00");
    assert_eq!((counter.void_until.hour(), counter.void_until.minute()), (21, 30));
    assert_eq!(limit.credentials, CredentialsSource::EnvironmentPair { key: "K".into(), secret: "S".into() });
    assert!(matches!(&limit.gateway, GatewaySettings::Yolcu360(yolcu) if !yolcu.credit_limit));
    assert_eq!(settings.desk.language, Language::Turkish);
    assert_eq!(settings.timeouts.connect, Duration::from_millis(500));
    assert_eq!(settings.timeouts.limiter_wait, Duration::from_millis(1));
    assert_eq!(settings.timeouts.pay, Duration::from_secs(120));
}

#[test]
fn a_file_from_a_windows_editor_is_read() {
    let text = format!("\u{feff}{}", ACCOUNT.replace('\n', "\r\n"));
    assert_eq!(Settings::parse(&text, "c").unwrap().accounts.len(), 1);
    assert!(problems(&format!("{text}x = 1\r\n")).concat().starts_with("line 5"));
}

#[test]
fn a_desk_that_only_trains_needs_no_account() {
    assert_eq!(Settings::parse("", "config.toml").unwrap().accounts, []);
}

#[test]
fn accounts_in_one_line_are_read_like_headings() {
    let text = "account = [\n  { name = \"a\", gateway = \"finrota\", base_url = \"https://x.example\" },\n  { nam = 1 },\n]\n";
    let found = problems(text);
    assert!(found.iter().all(|problem| problem.starts_with("line 3: ")) && found.len() == 4, "{found:#?}");
    assert_eq!(problems(&text.replace("  { nam = 1 },\n", "")), Vec::<String>::new());
}

#[test]
fn a_misspelt_word_is_refused_with_its_line_and_what_was_meant() {
    let text = ACCOUNT.replace("finrota", "finrotta");
    assert_eq!(
        Settings::parse(&text, "config.toml").unwrap_err().to_string(),
        "config.toml, line 3: `gateway` must be one of finrota, yolcu360; found \"finrotta\"; did you mean \"finrota\"?"
    );
    assert!(
        problem("currency = [\"TRY\"]")
            .starts_with("line 5: `currency` is not known in [[account]]; allowed are name,")
    );
    assert!(problem("reversal = true").contains("did you mean `reversals`?"));
}

#[test]
fn everything_wrong_is_said_at_once_in_the_order_of_the_lines() {
    let text =
        "acount = 1\n[[account]]\nname = \"\"\ngateway = 7\n[desk]\nlanguage = \"de\"\n[timeouts]\npay_secnds = 3\n";
    let found = problems(text);
    let lines: Vec<&str> = found.iter().filter_map(|problem| problem.split(':').next()).collect();
    assert_eq!(lines, ["line 1", "line 2", "line 3", "line 4", "line 6", "line 8"], "{found:#?}");
    assert!(found.concat().contains("`base_url` is missing"), "{found:#?}");
    assert!(found.concat().contains("did you mean `account`?"), "{found:#?}");
}

#[test]
fn a_secret_in_the_file_is_refused_and_never_repeated() {
    for lines in [
        "api_key = \"hunter2hunter2\"",
        "token = \"hunter2hunter2\"",
        "credentials = \"hunter2hunter2\"",
        "credentials = { env = [\"hunter2-hunter2\", \"hunter2/hunter2\"] }",
        "credentials = { key = \"hunter2hunter2\" }",
        "secret = { a = \"hunter2hunter2\" }",
        "status_query = \"hunter2hunter2\"",
        "return_url = \"https://hunter2:hunter2@x.example\"",
    ] {
        let found = problem(lines);
        assert!(found.contains("line 5") && !found.contains("hunter2"), "{found}");
    }
    let text = ACCOUNT.replace("https://x", "https://u:hunter2@x");
    assert!(!problems(&text).concat().contains("hunter2"));
    assert!(problem("api_key = \"x\"").contains("logins never stand in this file"));
    let broken = format!("{ACCOUNT}api_key = \"hunter2\nx = 1\n");
    assert!(!problems(&broken).concat().contains("hunter2"));
}

#[test]
fn broken_toml_is_refused_with_line_and_column() {
    let Err(SettingsError::Syntax { line, column, message, .. }) = Settings::parse("[desk]\nid = = 1\n", "c") else {
        panic!("a syntax error")
    };
    assert_eq!((line, column), (2, 6), "{message}");
    assert!(matches!(
        Settings::parse("[desk]\nid = \"a\"\nid = \"b\"\n", "c"),
        Err(SettingsError::Syntax { line: 3, column: 1, .. })
    ));
}

#[test]
fn addresses_that_could_leak_or_be_read_on_the_way_are_refused() {
    for address in [
        "http://x.example",
        "http://128.0.0.1",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "ftp://127.0.0.1",
        "https://u@x.example",
        "https://x.example?a=1",
        "https://x.example#f",
        "x.example",
        "https://",
        "file:///etc/x",
    ] {
        let text = ACCOUNT.replace("https://x.example", address);
        assert!(problems(&text).concat().contains("line 4: `base_url` must be an https address"), "{address}");
    }
    for (address, normal) in [
        ("http://127.8.9.1:80/", "http://127.8.9.1/p"),
        ("http://[::1]:9000", "http://[::1]:9000/p"),
        ("http://localhost:1/a//", "http://localhost:1/a/p"),
        ("https://X.example/", "https://x.example/p"),
    ] {
        let text = ACCOUNT.replace("https://x.example", address);
        assert_eq!(Settings::parse(&text, "c").unwrap().accounts.first().unwrap().address("/p"), normal);
    }
}

#[test]
fn the_return_page_goes_with_its_mode() {
    assert!(problem("return_mode = \"https\"").contains("since return_mode is \"https\""));
    assert!(problem("return_url = \"https://x.example\"").contains("only for return_mode = \"https\""));
    assert!(problem("return_mode = \"loopback\"\nreturn_url = \"https://x.example\"").contains("line 6"));
    assert!(problem("return_mode = \"https\"\nreturn_url = \"http://127.0.0.1\"").contains("must be an https address"));
    assert!(problem("return_mode = \"custom-scheme\"").contains("did you mean \"custom_scheme\"?"));
    assert_eq!(accepts("return_mode = \"loopback\"").accounts.first().unwrap().return_mode, ReturnMode::Loopback);
}

#[test]
fn keys_of_the_other_gateway_are_refused() {
    assert!(problem("credit_limit = true").contains("only for gateway = \"yolcu360\"; this account is \"finrota\""));
    for line in ["status_path = \"/a\"", "refund_amount_field = \"amount\"", "options_auth_header = \"Authorization\""]
    {
        let found = problems(&format!("{YOLCU}{line}\n"));
        assert!(found.len() == 1 && found.concat().contains("only for gateway = \"finrota\""), "{found:?}");
    }
}

#[test]
fn an_account_that_cannot_be_asked_says_what_a_return_is_worth() {
    assert!(problem("status_query = false").contains("line 5: `return_settles` must be stated"));
    assert_eq!(
        accepts("status_query = false\nreturn_settles = false").accounts.first().unwrap().return_settles,
        Some(false)
    );
    assert!(problem("status_query = false\nreturn_settles = 1").contains("line 6"));
}

#[test]
fn credentials_and_token_fit_each_other() {
    assert!(problem("credentials = { env = [\"A\"] }").contains("must name two variables"));
    assert!(problem("token = true\ncredentials = { env = [\"A\", \"B\"] }").contains("must name one variable"));
    for wrong in ["{ env = [] }", "{ env = [\"A\", \"A\"] }", "{ env = \"A\" }", "{ env = [\"A\", \"B\", \"C\"] }", "1"]
    {
        assert!(problem(&format!("credentials = {wrong}")).contains("`credentials` must be"), "{wrong}");
    }
    assert!(problem("credentials = \"keychian\"").contains("did you mean \"keychain\"?"));
}

#[test]
fn two_accounts_cannot_be_taken_for_each_other() {
    let twice = |first: &str, second: &str| {
        problems(&format!("{}{}", ACCOUNT.replace("\"a\"", first), YOLCU.replace("\"y\"", second)))
    };
    assert_eq!(
        twice("\"Agency\"", "\"agency \""),
        ["line 6: `name` must be different for every account; line 2 has the same"]
    );
    let found = twice("\"Kasa 1\"", "\"kasa-1\"");
    assert!(
        found.len() == 1 && found.concat().contains("the id \"kasa-1\" is that of the account in line 2"),
        "{found:?}"
    );
    assert!(twice("\"!\"", "\"b\"").concat().contains("`id` must be written"));
    assert!(twice("\"a\"", "\"b\"\nid = \"a\"").concat().contains("line 7: the id \"a\""));
    assert_eq!(twice("\"a\"", "\"b\""), Vec::<String>::new());
}

#[test]
fn wrong_values_are_refused_by_what_is_allowed() {
    for (line, allowed) in [
        ("currencies = [\"XXA\"]", "found \"XXA\""),
        ("currencies = []", "an empty list"),
        ("currencies = [\"TRY\", \"TRY\"]", "\"TRY\" twice"),
        ("currencies = \"TRY\"", "a list of one or more"),
        ("confirm_above = 5000", "as a text with a dot"),
        ("confirm_above = \"5.000,00\"", "found \"5.000,00\""),
        ("confirm_above = \"0\"", "above zero"),
        ("confirm_above = \"-1\"", "above zero"),
        ("void_until = \"24:00\"", "HH:MM"),
        ("void_until = \"9:00\"", "HH:MM"),
        ("challenge_minutes = 0", "from 1 to 1440; found 0"),
        ("challenge_minutes = 1.5", "from 1 to 1440; found 1.5"),
        ("duplicate_minutes = -3", "found -3"),
        ("customer_ip = \"1.2.3\"", "IPv4"),
        ("status_path = \"pws\"", "begins with /"),
        ("status_path = \"/a/../b\"", "begins with /"),
        ("status_path = \"/a?b=c\"", "no query"),
        ("id = \"Kasa\"", "of a-z"),
        ("name2 = 1", "not known"),
    ] {
        let found = problem(line);
        assert!(found.starts_with("line 5: ") && found.contains(allowed), "{line}: {found}");
    }
    for wrong in ["0", "0.0", "601", "-1", "1e1", "inf", "nan", "0.0001", "\"5\"", "true"] {
        let found = problems(&format!("[timeouts]\npay_seconds = {wrong}\n"));
        assert!(
            found.concat().starts_with("line 2: `pay_seconds` must be a number of seconds above 0"),
            "{wrong}: {found:?}"
        );
    }
    assert!(problems("[desk]\ntimezone = \"Europe/Stambul\"\n").concat().contains("found \"Europe/Stambul\""));
    assert!(problems("[account]\nname = \"a\"\n").concat().contains("[[account]]"));
    assert!(problems("desk = 3\n").concat().contains("must be one heading, [desk]"));
}

#[test]
fn a_missing_file_tells_what_to_create_and_the_example_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let error = Settings::read(&path).unwrap_err();
    assert!(matches!(error, SettingsError::Missing { .. }) && error.to_string().contains(vezne_settings::EXAMPLE));
    std::fs::write(&path, vezne_settings::EXAMPLE).unwrap();
    assert_eq!(Settings::read(&path).unwrap().accounts.len(), 2);
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(matches!(Settings::read(&path), Err(SettingsError::Unreadable { .. })));
    std::fs::write(&path, "#".repeat(300_000)).unwrap();
    assert!(matches!(Settings::read(&path), Err(SettingsError::TooLong { .. })));
}

#[test]
fn an_account_that_is_named_like_a_card_is_refused() {
    let named = |name: &str| problems(&ACCOUNT.replace("\"a\"", &format!("{name:?}")));
    for name in ["4155 6501 0041 6111", "desk 4155650100416111", ";1234567812345678=26121010000012300000?"] {
        let found = named(name).concat();
        assert!(found.contains("card number") && !found.contains("6111"), "{name}: {found}");
    }
    assert!(named("Ofis 2, 0850 222 33 44").is_empty());
}
