//! The one table of keys. The parser reads by it and `docs/configuration.md` is printed from it.

use std::net::IpAddr;
use std::time::Duration;

use rust_decimal::Decimal;
use url::Url;
use vezne_core::money::Currency;

use crate::key::{Default, Key, SectionKeys};
use crate::model::{Gateway, Language, LocalTime};
use crate::value::{self, CredentialsWord, ReturnWord};

const FINROTA: Option<Gateway> = Some(Gateway::Finrota);
const YOLCU360: Option<Gateway> = Some(Gateway::Yolcu360);
const YES_OR_NO: &str = "true or false";

pub(crate) static NAME: Key<String> = Key {
    name: "name",
    kind: "text",
    allowed: "a text of 1 to 40 visible characters without a card number, different for every account",
    default: Default::Required,
    only: None,
    meaning: "What staff see, and what `--account` names. Spaces around it are dropped; upper and lower case do not make two names different.",
    read: value::name,
};

pub(crate) static GATEWAY: Key<Gateway> = Key {
    name: "gateway",
    kind: "word",
    allowed: "one of finrota, yolcu360",
    default: Default::Required,
    only: None,
    meaning: "The payment API behind the account.",
    read: value::gateway,
};

pub(crate) static BASE_URL: Key<Url> = Key {
    name: "base_url",
    kind: "address",
    allowed: "an https address without user, query or fragment (plain http only for localhost, 127.0.0.0/8 and [::1])",
    default: Default::Required,
    only: None,
    meaning: "Where the API begins, as the vendor gave it, with its path. A slash at the end makes no difference.",
    read: value::base_url,
};

pub(crate) static CREDENTIALS: Key<CredentialsWord> = Key {
    name: "credentials",
    kind: "word or table",
    allowed: "\"keychain\", \"sealed\", { env = [\"KEY_VARIABLE\", \"SECRET_VARIABLE\"] } or, with token = true, { env = [\"TOKEN_VARIABLE\"] }",
    default: Default::Toml("\"keychain\""),
    only: None,
    meaning: "Where the login is kept; the login itself never stands in this file. `keychain` is the operating system's, `sealed` a file in the home folder under a passphrase (a prompt or `VEZNE_PASSPHRASE`), `env` names environment variables.",
    read: value::credentials,
};

pub(crate) static RETURN_MODE: Key<ReturnWord> = Key {
    name: "return_mode",
    kind: "word",
    allowed: "one of custom_scheme, https, loopback",
    default: Default::Toml("\"custom_scheme\""),
    only: None,
    meaning: "How the customer comes back from the bank's page. Take `https` or `loopback` if the gateway refuses the return address.",
    read: value::return_word,
};

pub(crate) static RETURN_URL: Key<Option<Url>> = Key {
    name: "return_url",
    kind: "address",
    allowed: "an https address without user, query or fragment, and only with return_mode = \"https\"",
    default: Default::Toml("\"\""),
    only: None,
    meaning: "The page that the bank returns to with `return_mode = \"https\"`; needed then, empty otherwise.",
    read: value::return_url,
};

pub(crate) static STATUS_QUERY: Key<bool> = Key {
    name: "status_query",
    kind: "switch",
    allowed: YES_OR_NO,
    default: Default::Toml("true"),
    only: None,
    meaning: "Whether the gateway can be asked what became of a payment. When it cannot, `return_settles` must be stated.",
    read: value::flag,
};

pub(crate) static REVERSALS: Key<bool> = Key {
    name: "reversals",
    kind: "switch",
    allowed: YES_OR_NO,
    default: Default::Toml("false"),
    only: None,
    meaning: "Whether void and refund are offered. Turn it on when the vendor has confirmed these calls for the account.",
    read: value::flag,
};

pub(crate) static CURRENCIES: Key<Vec<Currency>> = Key {
    name: "currencies",
    kind: "list",
    allowed: "a list of one or more currency codes such as [\"TRY\", \"EUR\"], each once",
    default: Default::Toml("[\"TRY\"]"),
    only: None,
    meaning: "The currencies that the account may take, by ISO 4217 code.",
    read: value::currencies,
};

pub(crate) static ID: Key<String> = Key {
    name: "id",
    kind: "text",
    allowed: "1 to 64 of a-z, 0-9 and - (not at the ends), different for every account",
    default: Default::Absent("made from `name`"),
    only: None,
    meaning: "What payments remember the account by. Made from the name: Turkish letters folded to a-z, lower case, everything else a dash, other letters by their code (`Şişli Ofis 2` gives `sisli-ofis-2`). Write the old id here before you change a name.",
    read: value::account_id,
};

pub(crate) static CUSTOMER_IP: Key<IpAddr> = Key {
    name: "customer_ip",
    kind: "address",
    allowed: "an IPv4 or IPv6 address",
    default: Default::Absent("this machine's own outbound address"),
    only: None,
    meaning: "The desk's public address, told to the gateway where it wants one (Finrota's `customerIpAddress`).",
    read: value::ip,
};

pub(crate) static TOKEN: Key<bool> = Key {
    name: "token",
    kind: "switch",
    allowed: YES_OR_NO,
    default: Default::Toml("false"),
    only: None,
    meaning: "true: the kept credential is a ready token, not a key and a secret. The token itself does not belong in this file.",
    read: value::flag,
};

pub(crate) static CREDIT_LIMIT: Key<bool> = Key {
    name: "credit_limit",
    kind: "switch",
    allowed: YES_OR_NO,
    default: Default::Toml("true"),
    only: YOLCU360,
    meaning: "Whether orders may be paid from the agency's credit limit.",
    read: value::flag,
};

pub(crate) static OPTIONS_AUTH_HEADER: Key<&'static str> = Key {
    name: "options_auth_header",
    kind: "word",
    allowed: "one of Proxy-Authorization, Authorization",
    default: Default::Toml("\"Proxy-Authorization\""),
    only: FINROTA,
    meaning: "The header that carries the token when installment options are asked for.",
    read: value::options_auth_header,
};

const PATH: &str = "a path that begins with / and has no query, such as /pws/payment/transaction";

pub(crate) static STATUS_PATH: Key<String> = Key {
    name: "status_path",
    kind: "path",
    allowed: PATH,
    default: Default::Toml("\"/pws/payment/transaction\""),
    only: FINROTA,
    meaning: "Where a payment's status is asked, under `base_url`.",
    read: value::path,
};

pub(crate) static STATUS_PARAMETER: Key<String> = Key {
    name: "status_parameter",
    kind: "text",
    allowed: "1 to 64 of A-Z, a-z, 0-9, _ and -",
    default: Default::Toml("\"clientOrderReferenceCode\""),
    only: FINROTA,
    meaning: "The query parameter that carries the attempt reference there; the vendor's page also knows `clientReferenceNumber`.",
    read: value::parameter,
};

pub(crate) static RETURN_SETTLES: Key<bool> = Key {
    name: "return_settles",
    kind: "switch",
    allowed: YES_OR_NO,
    default: Default::Absent("not stated, which counts as false"),
    only: None,
    meaning: "true: where the gateway cannot be asked, the bank's explicit return decides approved or declined. A return is unsigned and can be forged: such outcomes are marked unconfirmed on every receipt. Must be stated with `status_query = false`.",
    read: value::flag,
};

pub(crate) static CANCEL_PATH: Key<String> = Key {
    name: "cancel_path",
    kind: "path",
    allowed: PATH,
    default: Default::Toml("\"/pws/payment/cancel\""),
    only: FINROTA,
    meaning: "Where a void is asked for, under `base_url`.",
    read: value::path,
};

pub(crate) static REFUND_PATH: Key<String> = Key {
    name: "refund_path",
    kind: "path",
    allowed: PATH,
    default: Default::Toml("\"/pws/payment/refund\""),
    only: FINROTA,
    meaning: "Where a refund is asked for, under `base_url`.",
    read: value::path,
};

pub(crate) static REFUND_AMOUNT_FIELD: Key<&'static str> = Key {
    name: "refund_amount_field",
    kind: "word",
    allowed: "one of amount, refundAmount",
    default: Default::Toml("\"amount\""),
    only: FINROTA,
    meaning: "The field of a refund that carries its amount. The vendor's table says `refundAmount`, its examples `amount`; with the wrong one the whole payment goes back, so ask the vendor.",
    read: value::refund_amount_field,
};

const MINUTES: &str = "a whole number of minutes from 1 to 1440";

pub(crate) static CHALLENGE_MINUTES: Key<Duration> = Key {
    name: "challenge_minutes",
    kind: "minutes",
    allowed: MINUTES,
    default: Default::Toml("10"),
    only: None,
    meaning: "How long the bank's page may stay open.",
    read: value::minutes,
};

pub(crate) static DUPLICATE_MINUTES: Key<Duration> = Key {
    name: "duplicate_minutes",
    kind: "minutes",
    allowed: MINUTES,
    default: Default::Toml("10"),
    only: None,
    meaning: "For how long after an approved payment the same card with the same amount makes the cashier be asked.",
    read: value::minutes,
};

pub(crate) static CONFIRM_ABOVE: Key<Decimal> = Key {
    name: "confirm_above",
    kind: "amount",
    allowed: "an amount above zero as a text with a dot, such as \"5000.00\"",
    default: Default::Absent("never"),
    only: None,
    meaning: "Amounts above this, in major units of the currency being taken, are typed twice.",
    read: value::major_amount,
};

pub(crate) static VOID_UNTIL: Key<LocalTime> = Key {
    name: "void_until",
    kind: "time of day",
    allowed: "a local time as a text, HH:MM from 00:00 to 23:59",
    default: Default::Toml("\"23:59\""),
    only: None,
    meaning: "Until this local time of the payment's day money is given back by a void, later by a refund. The default is the end of the day, because the bank's own cut-off is not documented and a void that comes too late is only refused, with a refund offered.",
    read: value::local_time,
};

pub(crate) static DESK_ID: Key<String> = Key {
    name: "id",
    kind: "text",
    allowed: "1 to 40 of a-z, 0-9 and - (not at the ends)",
    default: Default::Toml("\"desk-1\""),
    only: None,
    meaning: "Which desk this is, on receipts and in exports. Give every desk its own.",
    read: value::desk_id,
};

pub(crate) static TIMEZONE: Key<String> = Key {
    name: "timezone",
    kind: "text",
    allowed: "the IANA name of a time zone, such as Europe/Istanbul",
    default: Default::Toml("\"Europe/Istanbul\""),
    only: None,
    meaning: "The zone of the desk's day and of `void_until`. The default is the zone of both gateways' banks.",
    read: value::timezone,
};

pub(crate) static LANGUAGE: Key<Language> = Key {
    name: "language",
    kind: "word",
    allowed: "one of en, tr",
    default: Default::Toml("\"en\""),
    only: None,
    meaning: "The language of screens and slips before anyone chooses another.",
    read: value::language,
};

const fn seconds(name: &'static str, default: &'static str, meaning: &'static str) -> Key<Duration> {
    Key {
        name,
        kind: "seconds",
        allowed: "a number of seconds above 0, at most 600, with at most three decimals",
        default: Default::Toml(default),
        only: None,
        meaning,
        read: value::seconds,
    }
}

pub(crate) static CONNECT_SECONDS: Key<Duration> = seconds("connect_seconds", "10", "Opening a connection.");
pub(crate) static SIGN_IN_SECONDS: Key<Duration> = seconds("sign_in_seconds", "15", "Signing in.");
pub(crate) static OPTIONS_SECONDS: Key<Duration> =
    seconds("options_seconds", "15", "Asking for installment options or an order.");
pub(crate) static STATUS_SECONDS: Key<Duration> = seconds("status_seconds", "15", "Asking what became of a payment.");
pub(crate) static PAY_SECONDS: Key<Duration> = seconds(
    "pay_seconds",
    "120",
    "A payment call, whole. Do not shorten it: banks are slow, and a payment that is given up too early has an unknown outcome.",
);
pub(crate) static REVERSAL_SECONDS: Key<Duration> = seconds("reversal_seconds", "60", "A void or refund call, whole.");
pub(crate) static LIMITER_WAIT_SECONDS: Key<Duration> = seconds(
    "limiter_wait_seconds",
    "60",
    "Waiting for a place under the gateway's rate limit before a payment call; nothing is sent when it runs out.",
);

pub(crate) static ACCOUNT: SectionKeys = SectionKeys {
    heading: "[[account]]",
    keys: &[
        &NAME,
        &GATEWAY,
        &BASE_URL,
        &CREDENTIALS,
        &RETURN_MODE,
        &RETURN_URL,
        &STATUS_QUERY,
        &REVERSALS,
        &CURRENCIES,
        &ID,
        &CUSTOMER_IP,
        &TOKEN,
        &CREDIT_LIMIT,
        &OPTIONS_AUTH_HEADER,
        &STATUS_PATH,
        &STATUS_PARAMETER,
        &RETURN_SETTLES,
        &CANCEL_PATH,
        &REFUND_PATH,
        &REFUND_AMOUNT_FIELD,
        &CHALLENGE_MINUTES,
        &DUPLICATE_MINUTES,
        &CONFIRM_ABOVE,
        &VOID_UNTIL,
    ],
};

pub(crate) static DESK: SectionKeys = SectionKeys { heading: "[desk]", keys: &[&DESK_ID, &TIMEZONE, &LANGUAGE] };

pub(crate) static TIMEOUTS: SectionKeys = SectionKeys {
    heading: "[timeouts]",
    keys: &[
        &CONNECT_SECONDS,
        &SIGN_IN_SECONDS,
        &OPTIONS_SECONDS,
        &STATUS_SECONDS,
        &PAY_SECONDS,
        &REVERSAL_SECONDS,
        &LIMITER_WAIT_SECONDS,
    ],
};
