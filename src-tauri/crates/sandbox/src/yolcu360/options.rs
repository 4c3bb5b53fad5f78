//! `POST /payment/installment-info`.

use serde_json::json;

use super::{OURS, YOLCU360_KEY, not_found};
use crate::answer::{Answer, Handled, either};
use crate::fields::{Fields, Problem, is_digits};
use crate::money::Currency;
use crate::options::{Offer, Profile, offers, profile};
use crate::request::Incoming;
use crate::world::{Rate, World, bad_request, check_json};

/// The offers of a card for a price: those of the bank's first program.
pub(crate) fn offers_of(profile: &Profile, price_minor: i64) -> Vec<Offer> {
    profile.programs.first().map(|program| offers(price_minor, program)).unwrap_or_default()
}

pub(crate) fn options(world: &mut World, request: &Incoming) -> Answer {
    either(try_options(world, request))
}

fn read(request: &Incoming) -> Result<(String, String), Problem> {
    let mut fields = Fields::of_body(&request.body)?;
    let order = fields.string("orderID")?;
    let bin =
        fields.string_that("binNumber", "the first 6 digits of the card", |bin| bin.len() == 6 && is_digits(bin))?;
    fields.finish()?;
    Ok((order, bin))
}

fn try_options(world: &mut World, request: &Incoming) -> Handled {
    check_json(OURS, request)?;
    world.check_token(OURS, "Authorization", request)?;
    world.check_rate(Rate::Options, YOLCU360_KEY)?;
    let (id, bin) = read(request).map_err(bad_request(OURS))?;
    let Some(order) = world.order(&id).filter(|order| order.is_payable()) else { return Ok(not_found()) };
    let profile = profile(&bin);
    let money = |minor: i64| json!({ "amount": minor, "currency": order.currency.code() });
    let prices: Vec<_> = offers_of(profile, order.price_minor())
        .into_iter()
        .map(|offer| {
            json!({ "number": offer.number, "price": money(offer.each_minor), "totalPrice": money(offer.total_minor) })
        })
        .collect();
    order.list_was_read = true;
    let currencies: Vec<_> = profile.currencies.iter().copied().map(Currency::code).collect();
    Ok(Answer::json(
        200,
        &json!({
            "bankCode": profile.bank_code,
            "bankName": profile.bank,
            "binNumber": bin,
            "cardAssociation": profile.association,
            "cardFamily": profile.family,
            "cardType": profile.card_type,
            "shouldForceTo3D": profile.force_3d,
            "supportedCurrencies": currencies,
            "installmentPrices": prices,
        }),
    ))
}
