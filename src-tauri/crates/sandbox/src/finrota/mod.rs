//! Finrota B2C, as its document has it; what the document leaves out follows the vendor's sibling product.

pub(crate) mod callback;
pub(crate) mod options;
pub(crate) mod pay;
pub(crate) mod reversal;
pub(crate) mod status;

use std::time::Instant;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::{Answer, Handled, either, finrota_error};
use crate::fault::Gateway;
use crate::fields::Fields;
use crate::money::Currency;
use crate::request::Incoming;
use crate::scene::Voiding;
use crate::world::{World, bad_request, check_json};

/// The practice API key of Finrota.
pub const FINROTA_API_KEY: &str = "practice-finrota-key";
/// The practice secret key of Finrota.
pub const FINROTA_SECRET_KEY: &str = "practice-finrota-secret";

/// `transactionStatusId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Success,
    Failed,
    Pending,
    PartlyReturned,
}

impl State {
    pub(crate) fn id(self) -> i64 {
        match self {
            State::Success => 1,
            State::Failed => 2,
            State::Pending => 3,
            State::PartlyReturned => 6,
        }
    }
}

/// What Finrota remembers of one payment.
#[derive(Debug, Clone)]
pub(crate) struct Transaction {
    pub(crate) id: u64,
    pub(crate) order_id: String,
    pub(crate) reference_number: String,
    pub(crate) reference: String,
    pub(crate) amount_minor: i64,
    pub(crate) last_minor: i64,
    pub(crate) currency: Currency,
    pub(crate) installments: i64,
    pub(crate) date: String,
    pub(crate) state: State,
    pub(crate) error: Option<String>,
    pub(crate) voiding: Voiding,
    /// Until then the status query has no trace of it.
    pub(crate) hidden_until: Option<Instant>,
    /// Until then the status query says pending.
    pub(crate) pending_until: Option<Instant>,
}

/// The envelope of the vendor's `pws` calls.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Envelope<T: Serialize> {
    message: String,
    status_code: u16,
    exceptions: Option<Box<RawValue>>,
    data: Option<T>,
    old_data: Option<Box<RawValue>>,
    errors: Vec<String>,
}

pub(crate) fn enveloped<T: Serialize>(status: u16, message: &str, data: Option<T>) -> Answer {
    let errors = if status >= 400 { vec![message.to_owned()] } else { Vec::new() };
    let message = message.to_owned();
    Answer::json(status, &Envelope { message, status_code: status, exceptions: None, data, old_data: None, errors })
}

#[derive(Serialize)]
struct SignedIn {
    expiry: String,
    token: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// `POST /auth/api/token/connect` ("AccessToken is Purchased").
pub(crate) fn sign_in(world: &mut World, request: &Incoming) -> Answer {
    either(try_sign_in(world, request))
}

fn try_sign_in(world: &mut World, request: &Incoming) -> Handled {
    check_json(Gateway::Finrota, request)?;
    let read = || {
        let mut fields = Fields::of_body(&request.body)?;
        let pair = (fields.string("apiKey")?, fields.string("secretKey")?);
        fields.finish().map(|()| pair)
    };
    let (key, secret) = read().map_err(bad_request(Gateway::Finrota))?;
    if key != FINROTA_API_KEY || secret != FINROTA_SECRET_KEY {
        return Err(finrota_error(401, "apiKey or secretKey is wrong").boxed());
    }
    let token = world.admit(Gateway::Finrota, "finrota-access-");
    let expiry = crate::clock::expiry_with_seven_digits(world.knobs.token_lifetime);
    Ok(Answer::json(200, &SignedIn { expiry, token, kind: "Bearer" }))
}
