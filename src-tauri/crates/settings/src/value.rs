//! How each kind of value is read.

use std::net::IpAddr;
use std::time::Duration;

use rust_decimal::Decimal;
use toml_edit::Value;
use url::{Host, Url};
use vezne_core::ids::AccountName;
use vezne_core::money::Currency;
use vezne_core::text::{contains_card_number, looks_like_track_data};

use crate::key::{Written, Wrong};
use crate::model::{Gateway, Language, LocalTime};
use crate::near::nearest;

const LONGEST_TIMEOUT: Duration = Duration::from_secs(600);

type Read<T> = Result<T, Wrong>;

pub(crate) fn text<'a>(written: &Written<'a>) -> Read<&'a str> {
    written.value.as_str().ok_or_else(Wrong::unsaid)
}

/// A text that is no secret and may be repeated, shortened and with its control characters escaped.
pub(crate) fn shown(text: &str) -> Option<String> {
    Some(format!("{:?}", text.chars().take(40).collect::<String>()))
}

/// One of a closed list of words, with the word that was probably meant.
pub(crate) fn word<T: Copy>(written: &Written<'_>, words: &[(&'static str, T)]) -> Read<T> {
    let text = text(written)?;
    words
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, meaning)| *meaning)
        .ok_or_else(|| Wrong { found: shown(text), meant: nearest(text, words.iter().map(|(word, _)| *word)) })
}

pub(crate) fn flag(written: &Written<'_>) -> Read<bool> {
    written.value.as_bool().ok_or_else(Wrong::unsaid)
}

pub(crate) fn name(written: &Written<'_>) -> Read<String> {
    let name = text(written)?.trim();
    // It is written down with every attempt.
    let holds_card_data = contains_card_number(name) || looks_like_track_data(name);
    if name.parse::<AccountName>().is_ok() && !holds_card_data { Ok(name.to_owned()) } else { Err(Wrong::unsaid()) }
}

fn slug(written: &Written<'_>, longest: usize) -> Read<String> {
    let id = text(written)?;
    if is_slug(id, longest) { Ok(id.to_owned()) } else { Err(Wrong::unsaid()) }
}

pub(crate) fn is_slug(id: &str, longest: usize) -> bool {
    (1..=longest).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !id.starts_with('-')
        && !id.ends_with('-')
}

pub(crate) fn account_id(written: &Written<'_>) -> Read<String> {
    slug(written, 64)
}

pub(crate) fn desk_id(written: &Written<'_>) -> Read<String> {
    slug(written, 40)
}

pub(crate) fn gateway(written: &Written<'_>) -> Read<Gateway> {
    word(written, &[("finrota", Gateway::Finrota), ("yolcu360", Gateway::Yolcu360)])
}

pub(crate) fn language(written: &Written<'_>) -> Read<Language> {
    word(written, &[("en", Language::English), ("tr", Language::Turkish)])
}

/// `return_mode` before `return_url` is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReturnWord {
    CustomScheme,
    Https,
    Loopback,
}

pub(crate) fn return_word(written: &Written<'_>) -> Read<ReturnWord> {
    let words =
        [("custom_scheme", ReturnWord::CustomScheme), ("https", ReturnWord::Https), ("loopback", ReturnWord::Loopback)];
    word(written, &words)
}

pub(crate) fn options_auth_header(written: &Written<'_>) -> Read<&'static str> {
    word(written, &[("Proxy-Authorization", "Proxy-Authorization"), ("Authorization", "Authorization")])
}

pub(crate) fn refund_amount_field(written: &Written<'_>) -> Read<&'static str> {
    word(written, &[("amount", "amount"), ("refundAmount", "refundAmount")])
}

pub(crate) fn ip(written: &Written<'_>) -> Read<IpAddr> {
    let text = text(written)?;
    text.parse().map_err(|_| Wrong { found: shown(text), meant: None })
}

pub(crate) fn path(written: &Written<'_>) -> Read<String> {
    let path = text(written)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let fits = path.len() <= 200
        && path.starts_with('/')
        && !path.ends_with('/')
        && path.bytes().all(plain)
        && !path.split('/').skip(1).any(|part| part.is_empty() || part == "." || part == "..");
    if fits { Ok(path.to_owned()) } else { Err(Wrong { found: shown(path), meant: None }) }
}

pub(crate) fn parameter(written: &Written<'_>) -> Read<String> {
    let name = text(written)?;
    let fits = (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if fits { Ok(name.to_owned()) } else { Err(Wrong { found: shown(name), meant: None }) }
}

/// Whether the address can only be this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn plain_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then_some(url)
}

/// An address is never repeated in a message: it may carry a login by mistake.
pub(crate) fn base_url(written: &Written<'_>) -> Read<Url> {
    let mut url = plain_url(text(written)?).ok_or_else(Wrong::unsaid)?;
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err(Wrong { found: shown(&format!("{}://…", url.scheme())), meant: None });
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// An empty text means "none", as the example in the product's documents writes it.
pub(crate) fn return_url(written: &Written<'_>) -> Read<Option<Url>> {
    let text = text(written)?;
    if text.is_empty() {
        return Ok(None);
    }
    let url = plain_url(text).ok_or_else(Wrong::unsaid)?;
    if url.scheme() == "https" { Ok(Some(url)) } else { Err(Wrong::unsaid()) }
}

pub(crate) fn currencies(written: &Written<'_>) -> Read<Vec<Currency>> {
    let array = written.value.as_array().ok_or_else(Wrong::unsaid)?;
    let mut currencies = Vec::new();
    for value in array {
        let code = value.as_str().ok_or_else(Wrong::unsaid)?;
        let currency = Currency::from_code(code).ok_or_else(|| Wrong { found: shown(code), meant: None })?;
        if currencies.contains(&currency) {
            return Err(Wrong { found: Some(format!("{code:?} twice")), meant: None });
        }
        currencies.push(currency);
    }
    if currencies.is_empty() { Err(Wrong { found: Some("an empty list".into()), meant: None }) } else { Ok(currencies) }
}

/// `credentials` before `token` is known. The value is never repeated: it may be a login written here by mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CredentialsWord {
    Keychain,
    Sealed,
    Environment(Vec<String>),
}

pub(crate) fn credentials(written: &Written<'_>) -> Read<CredentialsWord> {
    if let Some(text) = written.value.as_str() {
        return match text {
            "keychain" => Ok(CredentialsWord::Keychain),
            "sealed" => Ok(CredentialsWord::Sealed),
            _ => Err(Wrong { found: None, meant: nearest(text, ["keychain", "sealed"]) }),
        };
    }
    let table = written.value.as_inline_table().ok_or_else(Wrong::unsaid)?;
    let names = table.get("env").and_then(Value::as_array).filter(|_| table.len() == 1).ok_or_else(Wrong::unsaid)?;
    let names: Vec<String> = names.iter().map(variable_name).collect::<Option<_>>().ok_or_else(Wrong::unsaid)?;
    match names.as_slice() {
        [_] => Ok(CredentialsWord::Environment(names)),
        [key, secret] if key != secret => Ok(CredentialsWord::Environment(names)),
        _ => Err(Wrong::unsaid()),
    }
}

fn variable_name(value: &Value) -> Option<String> {
    let name = value.as_str()?;
    let fits = (1..=100).contains(&name.len())
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    fits.then(|| name.to_owned())
}

/// Whole minutes, 1 to 1440.
pub(crate) fn minutes(written: &Written<'_>) -> Read<Duration> {
    let wrong = || Wrong { found: number(written), meant: None };
    let minutes = written.value.as_integer().ok_or_else(wrong)?;
    u64::try_from(minutes)
        .ok()
        .filter(|minutes| (1..=1440).contains(minutes))
        .map(|minutes| Duration::from_secs(minutes * 60))
        .ok_or_else(wrong)
}

/// Seconds, to the millisecond, read from the text so that 0.1 is a hundred milliseconds and not nearly.
pub(crate) fn seconds(written: &Written<'_>) -> Read<Duration> {
    let wrong = || Wrong { found: number(written), meant: None };
    let duration = if let Some(whole) = written.value.as_integer() {
        u64::try_from(whole).ok().map(Duration::from_secs)
    } else if written.value.is_float() {
        decimal_seconds(&written.text.replace('_', ""))
    } else {
        None
    };
    duration.filter(|duration| !duration.is_zero() && *duration <= LONGEST_TIMEOUT).ok_or_else(wrong)
}

fn decimal_seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.strip_prefix('+').unwrap_or(text).split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 3 {
        return None;
    }
    let milliseconds: u64 = format!("{fraction:0<3}").parse().ok()?;
    Some(Duration::from_secs(whole.parse().ok()?) + Duration::from_millis(milliseconds))
}

/// A number may be repeated; anything else that stands in its place may not.
fn number(written: &Written<'_>) -> Option<String> {
    let is_number = written.value.is_integer() || written.value.is_float();
    is_number.then(|| written.text.chars().take(40).collect())
}

/// A plain decimal above zero, at most three places, at most twelve digits before the point.
pub(crate) fn major_amount(written: &Written<'_>) -> Read<Decimal> {
    let text = text(written)?;
    let wrong = || Wrong { found: shown(text), meant: None };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 3 || whole.len() > 12 {
        return Err(wrong());
    }
    text.parse().ok().filter(|amount| *amount > Decimal::ZERO).ok_or_else(wrong)
}

pub(crate) fn local_time(written: &Written<'_>) -> Read<LocalTime> {
    let text = text(written)?;
    let two = |part: &str| -> Option<u8> {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    text.split_once(':')
        .and_then(|(hour, minute)| LocalTime::new(two(hour)?, two(minute)?))
        .ok_or_else(|| Wrong { found: shown(text), meant: None })
}

pub(crate) fn timezone(written: &Written<'_>) -> Read<String> {
    let name = text(written)?;
    let known = jiff::tz::db().get(name);
    known
        .ok()
        .and_then(|zone| zone.iana_name().map(str::to_owned))
        .ok_or_else(|| Wrong { found: shown(name), meant: None })
}
