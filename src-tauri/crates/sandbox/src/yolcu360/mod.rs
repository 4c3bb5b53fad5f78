//! Yolcu360 Pro, as its document has it; orders and cancellation as seen on the live API.

pub(crate) mod callback;
pub(crate) mod cancel;
pub(crate) mod options;
pub(crate) mod orders;
pub(crate) mod pay;

use serde::Serialize;

use crate::answer::{Answer, Handled, either, yolcu360_error};
use crate::fault::Gateway;
use crate::fields::{Fields, Problem};
use crate::request::Incoming;
use crate::world::{World, bad_request, check_json};

/// The practice key of Yolcu360.
pub const YOLCU360_KEY: &str = "practice-yolcu360-key";
/// The practice secret of Yolcu360.
pub const YOLCU360_SECRET: &str = "practice-yolcu360-secret";

const OURS: Gateway = Gateway::Yolcu360;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignedIn {
    access_token: String,
    refresh_token: String,
    access_token_expire_at: String,
    refresh_token_expire_at: String,
    user: User,
}

#[derive(Serialize)]
struct User {
    id: &'static str,
    name: &'static str,
    email: &'static str,
}

/// "Order not found or payment already processed" (document, "Common Error Responses").
pub(crate) fn not_found() -> Answer {
    yolcu360_error(404, 1004, &Problem::new("orderID", "Order not found or payment already processed"))
}

/// `POST /auth/login`.
pub(crate) fn sign_in(world: &mut World, request: &Incoming) -> Answer {
    either(try_sign_in(world, request))
}

fn try_sign_in(world: &mut World, request: &Incoming) -> Handled {
    check_json(OURS, request)?;
    let read = || {
        let mut fields = Fields::of_body(&request.body)?;
        let pair = (fields.string("key")?, fields.string("secret")?);
        fields.finish().map(|()| pair)
    };
    let (key, secret) = read().map_err(bad_request(OURS))?;
    if key != YOLCU360_KEY || secret != YOLCU360_SECRET {
        return Err(yolcu360_error(401, 2004, &Problem::new("key", "key or secret is wrong")).boxed());
    }
    Ok(signed_in(world))
}

/// `POST /auth/refresh`.
pub(crate) fn refresh(world: &mut World, request: &Incoming) -> Answer {
    either(try_refresh(world, request))
}

fn try_refresh(world: &mut World, request: &Incoming) -> Handled {
    check_json(OURS, request)?;
    let read = || {
        let mut fields = Fields::of_body(&request.body)?;
        let token = fields.string("token")?;
        fields.finish().map(|()| token)
    };
    let token = read().map_err(bad_request(OURS))?;
    if !world.spend_refresh(&token) {
        return Err(yolcu360_error(401, 2001, &Problem::new("token", "the refresh token is not valid")).boxed());
    }
    Ok(signed_in(world))
}

fn signed_in(world: &mut World) -> Answer {
    let lifetime = world.knobs.token_lifetime;
    let answer = SignedIn {
        access_token: world.admit(OURS, "y360-access-"),
        refresh_token: world.admit_refresh(),
        access_token_expire_at: crate::clock::expiry(lifetime),
        refresh_token_expire_at: crate::clock::expiry(lifetime * 2),
        user: User { id: "user_practice", name: "Practice Agency", email: "desk@practice.example" },
    };
    Answer::json(200, &answer)
}
