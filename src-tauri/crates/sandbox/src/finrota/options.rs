//! `GET /b2c/paymentOptions` (document 10.2).

use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::{Answer, Handled, either};
use crate::fault::Gateway;
use crate::fields::{Problem, is_digits};
use crate::money::{Currency, minor_units, raw, raw_amount};
use crate::options::{Offer, Program, offers, profile};
use crate::request::Incoming;
use crate::world::{World, bad_request};

/// An installment token may be used this long after it was given.
const TOKEN_LIFETIME: Duration = Duration::from_secs(20 * 60);

/// What an installment token stands for.
#[derive(Debug, Clone)]
pub(crate) struct OfferToken {
    pub(crate) bin: String,
    pub(crate) currency: Currency,
    pub(crate) offer: Offer,
    pub(crate) issued: Instant,
    pub(crate) used: bool,
}

impl OfferToken {
    /// Why the token cannot pay with this card, if it cannot.
    pub(crate) fn refusal(&self, card_number: &str, now: Instant) -> Option<&'static str> {
        if self.used {
            return Some("has been used already, it is valid for one payment");
        }
        if now.saturating_duration_since(self.issued) > TOKEN_LIFETIME {
            return Some("has expired");
        }
        (!card_number.starts_with(&self.bin)).then_some("belongs to another card BIN")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProgramAnswer {
    id: i64,
    name: &'static str,
    post_title: &'static str,
    is_default_pos: bool,
    installments: Vec<InstallmentAnswer>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InstallmentAnswer {
    currency_id: &'static str,
    amount: Box<RawValue>,
    installment: i64,
    installment_amount: Box<RawValue>,
    token: String,
    process_amount: Box<RawValue>,
    comm_rate: Box<RawValue>,
    pos_id: i64,
    comm_apply_type_id: i64,
}

/// The three query parameters, checked.
struct Question {
    bin: String,
    amount_minor: i64,
    currency: Currency,
}

fn read(request: &Incoming) -> Result<Question, Problem> {
    let one = |name: &str| {
        let mut values = request.query.iter().filter(|(field, _)| field == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (None, _) => Err(Problem::new(name, "is required")),
            (Some(_), Some(_)) => Err(Problem::new(name, "is given twice")),
            (Some(value), None) => Ok(value.clone()),
        }
    };
    let (bin, amount, currency) = (one("binNumber")?, one("amount")?, one("currency")?);
    if let Some((name, _)) =
        request.query.iter().find(|(name, _)| !["binNumber", "amount", "currency"].contains(&name.as_str()))
    {
        return Err(Problem::new(name, "is not a known parameter"));
    }
    if !is_digits(&bin) || !(6..=8).contains(&bin.len()) {
        return Err(Problem::new("binNumber", "must be the first 6 to 8 digits of the card"));
    }
    let amount_minor = minor_units(&amount).map_err(|message| Problem::new("amount", message))?;
    let currency = Currency::from_code(&currency).ok_or_else(|| Problem::new("currency", "must be TRY, USD or EUR"))?;
    Ok(Question { bin, amount_minor, currency })
}

pub(crate) fn options(world: &mut World, request: &Incoming) -> Answer {
    either(try_options(world, request))
}

fn try_options(world: &mut World, request: &Incoming) -> Handled {
    world.check_token(Gateway::Finrota, "Proxy-Authorization", request)?;
    let question = read(request).map_err(bad_request(Gateway::Finrota))?;
    let now = Instant::now();
    // Tokens long expired answer "unknown" instead of "expired", and the books stay small.
    world.offers.retain(|_, token| now.saturating_duration_since(token.issued) < TOKEN_LIFETIME * 3);
    let profile = profile(&question.bin);
    if !profile.currencies.contains(&question.currency) || profile.programs.is_empty() {
        return Ok(Answer::json(200, &Vec::<ProgramAnswer>::new()));
    }
    let mut programs: Vec<_> =
        profile.programs.iter().map(|program| program_answer(world, &question, program)).collect();
    match programs.pop() {
        Some(only) if profile.bare && programs.is_empty() => Ok(Answer::json(200, &only)),
        last => {
            programs.extend(last);
            Ok(Answer::json(200, &programs))
        }
    }
}

fn program_answer(world: &mut World, question: &Question, program: &Program) -> ProgramAnswer {
    let installments = offers(question.amount_minor, program)
        .into_iter()
        .map(|offer| installment_answer(world, question, program, offer))
        .collect();
    ProgramAnswer {
        id: program.id,
        name: program.name,
        post_title: program.post_title,
        is_default_pos: program.is_default,
        installments,
    }
}

fn installment_answer(world: &mut World, question: &Question, program: &Program, offer: Offer) -> InstallmentAnswer {
    let token = world.next_id("installment-");
    let known = OfferToken {
        bin: question.bin.clone(),
        currency: question.currency,
        offer,
        issued: Instant::now(),
        used: false,
    };
    world.offers.insert(token.clone(), known);
    InstallmentAnswer {
        currency_id: question.currency.finrota_id(),
        amount: raw_amount(offer.total_minor),
        installment: offer.number,
        installment_amount: raw_amount(offer.each_minor),
        token,
        process_amount: raw_amount(question.amount_minor),
        comm_rate: commission(question.amount_minor, offer.total_minor),
        pos_id: program.pos_id,
        comm_apply_type_id: if offer.number == 1 { 0 } else { 2 },
    }
}

/// The commission as a percentage with four places.
fn commission(base_minor: i64, total_minor: i64) -> Box<RawValue> {
    let hundredfold = Decimal::from(total_minor.saturating_sub(base_minor)) * Decimal::ONE_HUNDRED;
    let mut rate = hundredfold.checked_div(Decimal::from(base_minor)).unwrap_or_default().round_dp(4);
    rate.rescale(4);
    raw(rate.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> OfferToken {
        OfferToken {
            bin: "415565".to_owned(),
            currency: Currency::Try,
            offer: Offer { number: 1, each_minor: 1, total_minor: 1 },
            issued: Instant::now(),
            used: false,
        }
    }

    #[test]
    fn an_installment_token_expires_after_twenty_minutes() {
        let given = token();
        assert_eq!(given.refusal("4155650100416111", given.issued + TOKEN_LIFETIME), None);
        let late = given.issued + TOKEN_LIFETIME + Duration::from_secs(1);
        assert_eq!(given.refusal("4155650100416111", late), Some("has expired"));
        assert!(given.refusal("4242424242424242", given.issued).is_some_and(|text| text.contains("BIN")));
    }

    #[test]
    fn the_commission_is_a_percentage() {
        assert_eq!(commission(54_500, 55_500).get(), "1.8349");
        assert_eq!(commission(54_500, 54_500).get(), "0.0000");
    }
}
