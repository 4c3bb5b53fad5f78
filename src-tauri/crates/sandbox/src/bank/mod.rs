//! The practice bank: it shows its page, checks the code, and sends the browser back to the gateway.

pub(crate) mod pages;
pub(crate) mod returns;

use url::Url;

use crate::answer::Answer;
use crate::fault::Gateway;
use crate::money::Currency;
use crate::request::Incoming;
use crate::scene::{Oddity, Plan, Return, Stand};
use crate::world::World;

/// The code that the practice bank "sends".
pub const PRACTICE_CODE: &str = "123456";

/// Wrong codes after which the challenge has failed.
const TRIES: u32 = 3;

/// Why the cardholder was not authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Cancelled,
    WrongCode,
    Refused,
}

impl Failure {
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Failure::Cancelled => "3-D Secure cancelled by the cardholder",
            Failure::WrongCode => "3-D Secure failed: wrong code three times",
            Failure::Refused => "3-D Secure failed: the bank did not authenticate the cardholder",
        }
    }
}

/// How far a challenge is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    Asking {
        wrong: u32,
    },
    Authenticated,
    Failed(Failure),
    /// The gateway's callback has settled it; what the return says.
    Settled(Told),
}

/// What the return tells the merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) success: bool,
    pub(crate) error: Option<String>,
    pub(crate) authenticated: bool,
}

/// Who is paid, how much, and where the browser goes afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Purchase {
    pub(crate) gateway: Gateway,
    /// Finrota's `clientReferenceCode` or Yolcu360's order id.
    pub(crate) key: String,
    pub(crate) amount_minor: i64,
    pub(crate) currency: Currency,
    pub(crate) installments: i64,
    /// First six and last four digits.
    pub(crate) masked: String,
    pub(crate) last_four: String,
    pub(crate) return_url: Url,
}

/// One challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) purchase: Purchase,
    pub(crate) plan: Plan,
    pub(crate) stage: Stage,
    /// Finrota's `orderId` or Yolcu360's `paymentId`.
    pub(crate) payment_id: String,
    /// The bank's own id, handed over only with the authentication's result.
    pub(crate) transaction_id: String,
}

/// The first six and last four digits of a card number.
pub(crate) fn masked(number: &str) -> String {
    let first: String = number.chars().take(6).collect();
    let hidden = "*".repeat(number.len().saturating_sub(10));
    format!("{first}{hidden}{}", crate::fields::last_four(number))
}

impl World {
    /// Opens a challenge and gives its id.
    pub(crate) fn open_challenge(&mut self, purchase: Purchase, plan: Plan, payment_id: String) -> String {
        let id = self.next_id("");
        let transaction_id = self.next_id("txn_");
        let stage = Stage::Asking { wrong: 0 };
        self.sessions.insert(id.clone(), Session { purchase, plan, stage, payment_id, transaction_id });
        id
    }

    /// Where the challenge starts.
    pub(crate) fn challenge_url(&self, id: &str) -> String {
        let origin = match self.sessions.get(id).map(|session| session.plan.stand) {
            Some(Stand::BadCertificate) => &self.tls_origin,
            Some(Stand::Waits | Stand::ByItself | Stand::PopupByItself | Stand::ForeignFrame | Stand::PushesFile)
            | None => &self.origin,
        };
        format!("{origin}/bank/start/{id}")
    }

    /// This bank under another host's name, for what must come from a third party.
    fn foreign_origin(&self) -> String {
        self.origin.replace("127.0.0.1", "localhost")
    }

    /// The gateway's own address that the bank sends the browser to.
    fn callback_url(&self, id: &str, session: &Session) -> String {
        match session.purchase.gateway {
            Gateway::Finrota => format!("{}/finrota/callback/{id}", self.origin),
            Gateway::Yolcu360 => {
                format!("{}/yolcu360/api/v1/payment/3ds-callback/{}", self.origin, session.purchase.key)
            }
        }
    }
}

fn no_session() -> Answer {
    Answer::html(404, pages::message("unknown", "not_found", "This bank page does not exist."))
}

/// `GET` or `POST /bank/start/{id}`: the page that asks for the code, or the one that opens a pop-up for it.
pub(crate) fn start(world: &World, id: &str) -> Answer {
    let Some(session) = world.sessions.get(id) else { return no_session() };
    match (&session.stage, session.plan.back, session.plan.stand) {
        (Stage::Asking { .. }, Return::Popup, _) => Answer::html(200, pages::opens_popup(id, session)),
        (Stage::Asking { .. }, _, Stand::ForeignFrame) => {
            let frame = format!("{}/bank/embedded/{id}", world.foreign_origin());
            Answer::html(200, pages::frames(session, &frame))
        }
        _ => popup(world, id),
    }
}

fn guest_cookie(id: &str) -> String {
    format!("practice-bank={id}")
}

/// `GET /bank/embedded/{id}`: the code page as a frame of another host shows it; its cookie names the guest.
pub(crate) fn embedded(world: &World, id: &str) -> Answer {
    popup(world, id).with_header("set-cookie", format!("{}; Path=/bank; HttpOnly", guest_cookie(id)))
}

/// `GET /bank/file/{id}`: a file that nobody asked for.
pub(crate) fn file(world: &World, id: &str) -> Answer {
    let Some(session) = world.sessions.get(id) else { return no_session() };
    let slip = format!("Practice Bank: {}\n", session.purchase.masked);
    Answer::text(200, &slip).with_header("content-disposition", "attachment; filename=\"bank-slip.txt\"".to_owned())
}

/// Whether the request comes from whom the embedded page was shown to.
fn is_guest(request: &Incoming, id: &str) -> bool {
    let cookies = request.headers.get("cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
    cookies.split(';').any(|cookie| cookie.trim() == guest_cookie(id))
}

/// `GET` or `POST /bank/popup/{id}`: the code page, wherever it is shown.
pub(crate) fn popup(world: &World, id: &str) -> Answer {
    let Some(session) = world.sessions.get(id) else { return no_session() };
    match session.stage {
        Stage::Asking { wrong } => Answer::html(200, pages::asks_code(id, session, wrong)),
        Stage::Authenticated | Stage::Failed(_) | Stage::Settled(_) => back_to_gateway(world, id, session),
    }
}

/// `POST /bank/verify/{id}`: a code or the Cancel button.
pub(crate) fn verify(world: &mut World, id: &str, request: &Incoming) -> Answer {
    let form = request.form();
    let Some(session) = world.sessions.get_mut(id) else { return no_session() };
    if session.plan.stand == Stand::ForeignFrame && !is_guest(request, id) {
        let text = "The bank has lost your session: your browser did not send its cookie.";
        return Answer::html(403, pages::message(session.plan.scene, "no_cookie", text));
    }
    if let Stage::Asking { wrong } = session.stage {
        let code = form.get("code").map(|code| code.trim()).unwrap_or_default();
        session.stage = if form.get("action").is_some_and(|action| action == "cancel") {
            Stage::Failed(Failure::Cancelled)
        } else if code == PRACTICE_CODE {
            if session.plan.authentication_fails { Stage::Failed(Failure::Refused) } else { Stage::Authenticated }
        } else if wrong + 1 >= TRIES {
            Stage::Failed(Failure::WrongCode)
        } else {
            Stage::Asking { wrong: wrong + 1 }
        };
    }
    popup(world, id)
}

/// The page that posts itself to the gateway's callback, as the bank does after its own work.
fn back_to_gateway(world: &World, id: &str, session: &Session) -> Answer {
    let target = world.callback_url(id, session);
    let status = match &session.stage {
        Stage::Authenticated => "1",
        Stage::Settled(told) if told.authenticated => "1",
        Stage::Asking { .. } | Stage::Failed(_) | Stage::Settled(_) => "0",
    };
    let fields = match session.purchase.gateway {
        Gateway::Finrota => vec![
            ("orderId", session.payment_id.clone()),
            ("transactionId", session.transaction_id.clone()),
            ("mdStatus", status.to_owned()),
        ],
        Gateway::Yolcu360 => vec![
            ("language", "en".to_owned()),
            ("paymentId", session.payment_id.clone()),
            ("transactionId", session.transaction_id.clone()),
        ],
    };
    // The gateway's page belongs in the window, wherever the bank's stood.
    let window = if session.plan.stand == Stand::ForeignFrame { "_top" } else { "_self" };
    Answer::html(200, pages::posts_itself_in(window, session.plan.scene, "to_gateway", &target, &fields))
}

/// The HTML that Yolcu360 hands out as `threeDSHtmlContent`: a form that posts itself to the bank.
pub(crate) fn challenge_html(world: &World, id: &str, plan: &Plan) -> String {
    if plan.oddity == Oddity::NoForm {
        return pages::message(plan.scene, "challenge", "The bank's page is not available.");
    }
    let fields = [("MD", id.to_owned()), ("PaReq", "practice".to_owned())];
    pages::posts_itself(plan.scene, "challenge", &world.challenge_url(id), &fields)
}
