//! Everything the practice gateways and the bank know. Held under one lock, never across an await.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::answer::{Answer, Handled, vendor_error};
use crate::bank::Session;
use crate::fault::{Armed, Fault, FaultRule, Gateway};
use crate::fields::Problem;
use crate::finrota::Transaction;
use crate::finrota::options::OfferToken;
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::request::Incoming;
use crate::scene::{Often, Plan};
use crate::yolcu360::orders::{self, Order};

/// What the settings decide after the start.
#[derive(Debug, Clone)]
pub(crate) struct Knobs {
    pub(crate) bank_delay: Duration,
    pub(crate) token_lifetime: Duration,
    pub(crate) limit_rates: bool,
}

/// Where the sandbox stands.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    /// Everything, by plain http.
    pub(crate) plain: String,
    /// The same by https, under a certificate that nobody trusts.
    pub(crate) tls: String,
}

#[derive(Debug)]
struct AccessToken {
    gateway: Gateway,
    expires: Instant,
}

/// A documented limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rate {
    /// "Maximum 30 requests per minute per user".
    Options,
    /// "Maximum 10 requests per minute per user".
    Pay,
    /// "Maximum 100 requests per minute per order".
    Callback,
}

impl Rate {
    fn per_minute(self) -> usize {
        match self {
            Rate::Options => 30,
            Rate::Pay => 10,
            Rate::Callback => 100,
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The agency's credit limit at each start, in minor units.
const CREDIT_LIMIT: [(Currency, i64); 3] =
    [(Currency::Try, 25_000_000), (Currency::Usd, 1_000_000), (Currency::Eur, 1_000_000)];

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) knobs: Knobs,
    /// `http://127.0.0.1:PORT`.
    pub(crate) origin: String,
    pub(crate) tls_origin: String,
    pub(crate) ledger: Ledger,
    pub(crate) armed: Armed,
    pub(crate) offers: BTreeMap<String, OfferToken>,
    pub(crate) transactions: BTreeMap<String, Transaction>,
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) sessions: BTreeMap<String, Session>,
    access: BTreeMap<String, AccessToken>,
    refresh: BTreeMap<String, Instant>,
    rates: BTreeMap<(Rate, String), VecDeque<Instant>>,
    strikes: BTreeMap<String, u32>,
    serial: u64,
    start: u64,
}

impl World {
    pub(crate) fn new(knobs: Knobs, origins: Origins, faults: Vec<FaultRule>) -> World {
        let mut ledger = Ledger::default();
        for (currency, minor) in CREDIT_LIMIT {
            *ledger.limit(currency) = minor;
        }
        World {
            knobs,
            origin: origins.plain,
            tls_origin: origins.tls,
            ledger,
            armed: Armed::new(faults),
            offers: BTreeMap::new(),
            transactions: BTreeMap::new(),
            orders: orders::seeded(),
            sessions: BTreeMap::new(),
            access: BTreeMap::new(),
            refresh: BTreeMap::new(),
            rates: BTreeMap::new(),
            strikes: BTreeMap::new(),
            serial: 0,
            start: u64::try_from(crate::clock::start_number()).unwrap_or_default(),
        }
    }

    /// A counter for ids that are numbers.
    pub(crate) fn next_serial(&mut self) -> u64 {
        self.serial = self.serial.saturating_add(1);
        self.serial
    }

    /// An id that no other start of the sandbox has given, so that a client's records of earlier runs stay apart.
    pub(crate) fn next_id(&mut self, prefix: &str) -> String {
        let seed = self.start.rotate_left(20) ^ self.next_serial();
        format!("{prefix}{:016x}", mix(seed))
    }

    /// Gives an access token of `gateway`.
    pub(crate) fn admit(&mut self, gateway: Gateway, prefix: &str) -> String {
        let token = self.next_id(prefix);
        let now = Instant::now();
        let expires = now + self.knobs.token_lifetime;
        // A day after its end a token is as unknown as any other text.
        self.access.retain(|_, known| now.saturating_duration_since(known.expires) < DAY);
        self.access.insert(token.clone(), AccessToken { gateway, expires });
        token
    }

    pub(crate) fn admit_refresh(&mut self) -> String {
        let token = self.next_id("y360-refresh-");
        self.refresh.insert(token.clone(), Instant::now() + self.knobs.token_lifetime * 2);
        token
    }

    /// Takes a refresh token; it works once.
    pub(crate) fn spend_refresh(&mut self, token: &str) -> bool {
        self.refresh.remove(token).is_some_and(|expires| expires > Instant::now())
    }

    /// Lets a token expire at once, for the scenes of a token that ends in the middle of the work.
    pub(crate) fn revoke(&mut self, token: &str) {
        self.access.remove(token);
    }

    /// Checks the bearer token in the header that this call wants.
    pub(crate) fn check_token(&self, gateway: Gateway, header: &str, request: &Incoming) -> Result<(), Box<Answer>> {
        let refuse = |message: &str| Err(vendor_error(gateway, 401, &Problem::new(header, message)).boxed());
        let Some(token) = request.bearer(header) else {
            return refuse("must be \"Bearer \" and an access token");
        };
        match self.access.get(token) {
            Some(known) if known.gateway != gateway => refuse("the access token is another gateway's"),
            Some(known) if known.expires <= Instant::now() => refuse("the access token has expired"),
            Some(_) => Ok(()),
            None => refuse("the access token is not valid"),
        }
    }

    /// Counts one request against a documented limit.
    pub(crate) fn check_rate(&mut self, rate: Rate, key: &str) -> Result<(), Box<Answer>> {
        if !self.knobs.limit_rates {
            return Ok(());
        }
        let now = Instant::now();
        let window = self.rates.entry((rate, key.to_owned())).or_default();
        window.retain(|at| now.duration_since(*at) < MINUTE);
        let oldest = window.front().copied();
        if window.len() < rate.per_minute() {
            window.push_back(now);
            return Ok(());
        }
        let wait = oldest.map_or(MINUTE, |at| MINUTE.saturating_sub(now.duration_since(at)));
        Err(too_many(Gateway::Yolcu360, wait.as_secs() + 1).boxed())
    }

    /// The transport fault of a scene, if it strikes this time.
    pub(crate) fn strike(&mut self, plan: &Plan, key: &str) -> Option<Fault> {
        let (fault, often) = plan.fault.as_ref()?;
        let count = self.strikes.entry(key.to_owned()).or_default();
        *count = count.wrapping_add(1);
        match often {
            Often::Always => Some(fault.clone()),
            Often::EveryOther if *count % 2 == 1 => Some(fault.clone()),
            Often::EveryOther => None,
        }
    }
}

/// 429 in the vendor's form, with `Retry-After`.
pub(crate) fn too_many(gateway: Gateway, seconds: u64) -> Answer {
    let problem = Problem::new("", format!("Too many requests, try again in {seconds} seconds"));
    vendor_error(gateway, 429, &problem).with_header("retry-after", seconds.to_string())
}

/// Refuses a POST that does not say that it is JSON.
pub(crate) fn check_json(gateway: Gateway, request: &Incoming) -> Result<(), Box<Answer>> {
    if request.is_json() {
        return Ok(());
    }
    Err(bad_request(gateway)(Problem::new("Content-Type", "must be application/json")))
}

/// Turns a problem into the vendor's 400.
pub(crate) fn bad_request(gateway: Gateway) -> impl Fn(Problem) -> Box<Answer> {
    move |problem| vendor_error(gateway, 400, &problem).boxed()
}

/// A refusal with any status.
pub(crate) fn refuse(gateway: Gateway, status: u16, field: &str, message: &str) -> Handled {
    Err(vendor_error(gateway, status, &Problem::new(field, message)).boxed())
}

/// A well-spread number from a counter (splitmix64's finisher).
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
