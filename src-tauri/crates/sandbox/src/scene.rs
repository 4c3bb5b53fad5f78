//! Scenes: what a practice card or practice order makes happen, as data that both gateways and the bank read.

use crate::fault::{CutPoint, Fault, Gateway, When};

/// Why the bank or the gateway says no: Yolcu360's codes (document, "Payment Error Codes"); Finrota says the same in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Declined,
    InsufficientFunds,
    ExpiredCard,
    InvalidNumber,
    InvalidCvc,
    ThreeDFailed,
    LimitExceeded,
}

impl Reason {
    pub(crate) fn code(self) -> u32 {
        match self {
            Reason::Declined => 2001,
            Reason::InsufficientFunds => 2002,
            Reason::ExpiredCard => 2003,
            Reason::InvalidNumber => 2004,
            Reason::InvalidCvc => 2005,
            Reason::ThreeDFailed => 2006,
            Reason::LimitExceeded => 2007,
        }
    }

    /// `description`, `details.field`, `details.message`.
    pub(crate) fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Reason::Declined => ("Credit card declined", "cardNumber", "The card was declined by the bank"),
            Reason::InsufficientFunds => ("Insufficient funds", "cardNumber", "The card has not enough balance"),
            Reason::ExpiredCard => ("Expired card", "expireYear", "The card has expired"),
            Reason::InvalidNumber => ("Invalid card number", "cardNumber", "The bank does not know this card"),
            Reason::InvalidCvc => ("Invalid CVC", "cvc", "The security code is wrong"),
            Reason::ThreeDFailed => ("3D Secure failed", "isWith3DSecure", "The cardholder was not authenticated"),
            Reason::LimitExceeded => ("Credit limit exceeded", "cardNumber", "The amount is above the card's limit"),
        }
    }

    /// The bank's own code and message.
    pub(crate) fn bank(self) -> (&'static str, &'static str) {
        match self {
            Reason::Declined => ("05", "Do not honor"),
            Reason::InsufficientFunds => ("51", "Insufficient funds"),
            Reason::ExpiredCard => ("54", "Expired card"),
            Reason::InvalidNumber => ("14", "Invalid card number"),
            Reason::InvalidCvc => ("82", "CVV validation error"),
            Reason::ThreeDFailed => ("MD0", "3-D Secure authentication failed"),
            Reason::LimitExceeded => ("61", "Exceeds withdrawal amount limit"),
        }
    }

    /// Finrota's `error` text.
    pub(crate) fn sentence(self) -> String {
        let (code, message) = self.bank();
        format!("{message} ({code})")
    }
}

/// How Yolcu360 puts a decline: an HTTP status with the error body, or 200 with `status: "failed"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Http(u16),
    StatusFailed,
}

/// What really happens to the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Charge,
    Decline(Reason, Form),
}

/// Whether a challenge takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ThreeD {
    AsAsked,
    /// The gateway does without, even if asked.
    Never,
    /// The gateway insists, even if not asked.
    Always,
    /// When asked, the challenge cannot be started.
    StartFails,
}

/// How the browser gets from the gateway's callback to the merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Return {
    /// Finrota posts a form, Yolcu360 moves by script, as their documents say.
    Usual,
    FormPost,
    Found302,
    SeeOther303,
    Temporary307,
    Script,
    MetaRefresh,
    /// A page whose frame moves the window when a timer is over.
    Frame,
    /// The answer of the callback itself takes [`crate::Settings::bank_delay`].
    Late,
    /// Once in a hidden frame and once as the window's own page.
    Twice,
    Never,
    /// The code is asked in a pop-up window, which moves its opener.
    Popup,
    /// A form whose page lets forms go to https only (`form-action 'self' https:`).
    HttpsOnly,
}

/// How the bank's page stands before the cardholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    /// It asks for the code and waits.
    Waits,
    /// It fills in the code by itself after a second, as an app on the cardholder's phone would.
    ByItself,
    /// It opens a pop-up without a click; the pop-up fills in the code by itself.
    PopupByItself,
    /// The code is asked in a frame of another host, which remembers its guest by a cookie.
    ForeignFrame,
    /// It pushes a file at the browser beside asking for the code.
    PushesFile,
    /// Its address is https, and its certificate is nobody's.
    BadCertificate,
}

/// What the return says, whatever happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    Truth,
    Success,
    Failure,
}

/// Something odd about the pay answer that is not a matter of transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    None,
    /// `status: "pending"`; the order stays pending for a while, then shows the truth.
    Pending,
    /// `status: "pending"` together with the challenge's HTML.
    PendingChallenge,
    /// Code 2008 in an error of this HTTP status; the verdict is carried out all the same.
    Code2008(u16),
    /// As code 2008, and nothing is carried out.
    Code2008Unexecuted(u16),
    /// The whole order instead of the documented answer.
    WholeOrder,
    /// Finrota: `RedirectUrl` without an address. Yolcu360: `redirect_required` without HTML.
    NoAddress,
    /// Success together with a redirect or HTML.
    SuccessWithChallenge,
    /// A word that no document knows.
    UnknownWord,
    /// Challenge HTML without a form.
    NoForm,
}

/// What the status query shows after the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trace {
    AtOnce,
    /// For [`crate::Settings::bank_delay`] no trace (Finrota 404) or the state before (Yolcu360).
    Late,
    /// For [`crate::Settings::bank_delay`] pending.
    Pending,
}

/// What a void finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voiding {
    Possible,
    Refused,
}

/// How often the transport fault of a scene strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Often {
    Always,
    /// The first, third, fifth … payment request with this card or for this order.
    EveryOther,
}

/// Everything a scene decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) scene: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) three_d: ThreeD,
    /// The cardholder fails at the bank even with the right code.
    pub(crate) authentication_fails: bool,
    pub(crate) stand: Stand,
    pub(crate) back: Return,
    pub(crate) claim: Claim,
    pub(crate) oddity: Oddity,
    pub(crate) trace: Trace,
    pub(crate) voiding: Voiding,
    pub(crate) fault: Option<(Fault, Often)>,
    /// On the other gateway the scene is a plain approval.
    pub(crate) only: Option<Gateway>,
}

impl Plan {
    pub(crate) const fn approve(scene: &'static str) -> Plan {
        Plan {
            scene,
            verdict: Verdict::Charge,
            three_d: ThreeD::AsAsked,
            authentication_fails: false,
            stand: Stand::Waits,
            back: Return::Usual,
            claim: Claim::Truth,
            oddity: Oddity::None,
            trace: Trace::AtOnce,
            voiding: Voiding::Possible,
            fault: None,
            only: None,
        }
    }

    /// The plan as it is played on `gateway`.
    pub(crate) fn on(self, gateway: Gateway) -> Plan {
        match self.only {
            Some(only) if only != gateway => Plan::approve(self.scene),
            Some(_) | None => self,
        }
    }
}

fn returning(scene: &'static str, back: Return) -> Plan {
    Plan { back, three_d: ThreeD::Always, ..Plan::approve(scene) }
}

fn declining(scene: &'static str, reason: Reason, form: Form) -> Plan {
    Plan { verdict: Verdict::Decline(reason, form), ..Plan::approve(scene) }
}

/// Declines after the challenge; without 3-D it declines directly.
fn after_challenge(scene: &'static str, reason: Reason) -> Plan {
    Plan { three_d: ThreeD::Always, ..declining(scene, reason, Form::Http(402)) }
}

fn faulty(scene: &'static str, fault: Fault) -> Plan {
    Plan { three_d: ThreeD::Never, fault: Some((fault, Often::Always)), ..Plan::approve(scene) }
}

fn oddly(scene: &'static str, oddity: Oddity) -> Plan {
    Plan { three_d: ThreeD::Never, oddity, ..Plan::approve(scene) }
}

fn status(status: u16, when: When) -> Fault {
    Fault::Status { status, body: None, when }
}

/// The plan of a scene by its name; `decline_CODE_FORM` is put together from its parts. Unknown names approve.
pub(crate) fn plan(scene: &'static str) -> Plan {
    declines(scene)
        .or_else(|| returns(scene))
        .or_else(|| stands(scene))
        .or_else(|| challenges(scene))
        .or_else(|| transport(scene))
        .or_else(|| oddities(scene))
        .unwrap_or_else(|| Plan::approve(scene))
}

fn declines(scene: &'static str) -> Option<Plan> {
    let (code, form) = scene.strip_prefix("decline_")?.split_once('_')?;
    let reason = match code {
        "2001" => Reason::Declined,
        "2002" => Reason::InsufficientFunds,
        "2003" => Reason::ExpiredCard,
        "2004" => Reason::InvalidNumber,
        "2005" => Reason::InvalidCvc,
        "2006" => Reason::ThreeDFailed,
        "2007" => Reason::LimitExceeded,
        _ => return None,
    };
    let form = match form {
        "200" => Form::StatusFailed,
        "400" => Form::Http(400),
        "402" => Form::Http(402),
        "422" => Form::Http(422),
        _ => return None,
    };
    Some(Plan { three_d: ThreeD::Never, ..declining(scene, reason, form) })
}

fn returns(scene: &'static str) -> Option<Plan> {
    let back = match scene {
        "return_form_post" => Return::FormPost,
        "return_302" => Return::Found302,
        "return_303" => Return::SeeOther303,
        "return_307" => Return::Temporary307,
        "return_script" => Return::Script,
        "return_meta_refresh" => Return::MetaRefresh,
        "return_frame" => Return::Frame,
        "return_late" => Return::Late,
        "return_twice" => Return::Twice,
        "return_never" => Return::Never,
        "return_popup" => Return::Popup,
        "return_https_only" => Return::HttpsOnly,
        _ => return None,
    };
    Some(returning(scene, back))
}

fn stands(scene: &'static str) -> Option<Plan> {
    let plan = returning(scene, Return::Usual);
    Some(match scene {
        "bank_by_itself" => Plan { stand: Stand::ByItself, ..plan },
        "bank_popup_by_itself" => Plan { stand: Stand::PopupByItself, back: Return::Popup, ..plan },
        "bank_foreign_frame" => Plan { stand: Stand::ForeignFrame, ..plan },
        "bank_pushes_file" => Plan { stand: Stand::PushesFile, ..plan },
        "bank_bad_certificate" => Plan { stand: Stand::BadCertificate, ..plan },
        _ => return None,
    })
}

fn challenges(scene: &'static str) -> Option<Plan> {
    let always = Plan { three_d: ThreeD::Always, ..Plan::approve(scene) };
    Some(match scene {
        "challenge_do_not_honour" => after_challenge(scene, Reason::Declined),
        "challenge_insufficient_funds" => after_challenge(scene, Reason::InsufficientFunds),
        "challenge_failed" => Plan { authentication_fails: true, ..always },
        "challenge_start_fails" => Plan { three_d: ThreeD::StartFails, ..Plan::approve(scene) },
        "authenticated_not_charged" => after_challenge(scene, Reason::Declined),
        "success_page_not_charged" => {
            Plan { claim: Claim::Success, ..after_challenge(scene, Reason::InsufficientFunds) }
        }
        "failure_page_charged" => Plan { claim: Claim::Failure, ..always },
        "forced_3d" => always,
        "without_3d" => Plan { three_d: ThreeD::Never, ..Plan::approve(scene) },
        "challenge_late_trace" => Plan { trace: Trace::Late, ..always },
        "challenge_never_returns_declined" => Plan { back: Return::Never, ..after_challenge(scene, Reason::Declined) },
        _ => return None,
    })
}

fn transport(scene: &'static str) -> Option<Plan> {
    let every_other = |fault| Plan { fault: Some((fault, Often::EveryOther)), ..Plan::approve(scene) };
    Some(match scene {
        "timeout_before" => faulty(scene, Fault::Hold { when: When::Before }),
        "timeout_after" => faulty(scene, Fault::Hold { when: When::After }),
        "cut_before" => faulty(scene, Fault::Cut { at: CutPoint::BeforeExecuting }),
        "cut_after" => faulty(scene, Fault::Cut { at: CutPoint::AfterExecuting }),
        "cut_after_late_trace" => {
            Plan { trace: Trace::Late, ..faulty(scene, Fault::Cut { at: CutPoint::AfterExecuting }) }
        }
        "cut_after_declined" => Plan {
            verdict: Verdict::Decline(Reason::Declined, Form::Http(402)),
            ..faulty(scene, Fault::Cut { at: CutPoint::AfterExecuting })
        },
        "cut_in_headers" => faulty(scene, Fault::Cut { at: CutPoint::MidHeaders }),
        "cut_in_body" => faulty(scene, Fault::Cut { at: CutPoint::MidBody }),
        "error_500_before" => faulty(scene, status(500, When::Before)),
        "error_500_after" => faulty(scene, status(500, When::After)),
        "error_502_after" => {
            let body = Some("<html><body><h1>502 Bad Gateway</h1></body></html>".to_owned());
            faulty(scene, Fault::Status { status: 502, body, when: When::After })
        }
        "cut_json_after" => faulty(scene, Fault::CutJson),
        "not_json_after" => faulty(scene, Fault::NotJson),
        "empty_after" => faulty(scene, Fault::EmptyBody),
        "array_wrapped" => Plan { fault: Some((Fault::ArrayWrapped, Often::Always)), ..Plan::approve(scene) },
        "array_differs" => faulty(scene, Fault::ArrayDiffers),
        "base64_html" => Plan {
            three_d: ThreeD::Always,
            fault: Some((Fault::Base64Html, Often::Always)),
            only: Some(Gateway::Yolcu360),
            ..Plan::approve(scene)
        },
        "not_found_after" => {
            let plan = faulty(scene, status(404, When::After));
            Plan { only: Some(Gateway::Yolcu360), ..plan }
        }
        "too_many" => every_other(Fault::TooMany { retry_after: 2 }),
        "expired_token" => every_other(Fault::Unauthorized),
        "forbidden_address" => {
            let body = Some("error code: 1020".to_owned());
            faulty(scene, Fault::Status { status: 403, body, when: When::Before })
        }
        _ => return None,
    })
}

fn oddities(scene: &'static str) -> Option<Plan> {
    let yolcu360 = |plan| Plan { only: Some(Gateway::Yolcu360), ..plan };
    let challenge = |oddity| Plan { three_d: ThreeD::Always, oddity, ..Plan::approve(scene) };
    Some(match scene {
        "pending" => yolcu360(Plan { trace: Trace::Pending, ..oddly(scene, Oddity::Pending) }),
        "pending_challenge" => yolcu360(challenge(Oddity::PendingChallenge)),
        "code_2008_charged" => yolcu360(oddly(scene, Oddity::Code2008(402))),
        "code_2008_not_charged" => yolcu360(oddly(scene, Oddity::Code2008Unexecuted(400))),
        "whole_order" => yolcu360(oddly(scene, Oddity::WholeOrder)),
        "whole_order_failed" => yolcu360(Plan {
            verdict: Verdict::Decline(Reason::Declined, Form::StatusFailed),
            ..oddly(scene, Oddity::WholeOrder)
        }),
        "no_address" => challenge(Oddity::NoAddress),
        "success_with_challenge" => challenge(Oddity::SuccessWithChallenge),
        "unknown_word" => oddly(scene, Oddity::UnknownWord),
        "challenge_without_form" => yolcu360(challenge(Oddity::NoForm)),
        "late_trace" => Plan { trace: Trace::Late, ..Plan::approve(scene) },
        "cannot_void" => Plan { voiding: Voiding::Refused, ..Plan::approve(scene) },
        _ => return None,
    })
}
