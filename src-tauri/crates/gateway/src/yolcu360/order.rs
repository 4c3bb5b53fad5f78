//! `GET /order/{id}` in core's words.

use vezne_core::answers::{CouldNotAsk, OrderFacts, OrderState, SaidAmount};
use vezne_core::money::{Currency, Money};
use vezne_core::ports::{OrderSummary, ReadFault};
use vezne_core::record::PersonName;
use vezne_core::text::ForeignText;

use super::map::IdText;
use super::wire::{Car, CarProduct, OrderAnswer, Passenger, Price, Pricing};
use crate::errors::shown;
use crate::field::{Field, object, one_object};
use crate::money::minor_units;

const UNREADABLE: ReadFault = ReadFault::CouldNotAsk(CouldNotAsk::Unreadable);

/// An order as it stands, or why it can't be read.
pub(super) fn summary(body: &[u8], id_text: IdText<'_>) -> Result<OrderSummary, ReadFault> {
    let order = unwrapped(body).ok_or(UNREADABLE)?;
    let product: CarProduct = order.ordered_car_product.as_part().ok_or(UNREADABLE)?;
    let car: Car = product.car.as_part().unwrap_or_default();
    let price = price(&[&car.pricing, &product.pricing, &order.pricing]);
    let facts = facts(&order, &product, price, id_text)?;
    let named = order.payment_currency.word().and_then(|code| currency(&code));
    Ok(OrderSummary {
        facts,
        passenger: passenger(&order.passenger),
        title: title(&car),
        currency: named.or_else(|| price.money().map(|price| price.currency())),
    })
}

/// The order itself, out of whatever envelope it comes in.
fn unwrapped(body: &[u8]) -> Option<OrderAnswer> {
    let root: OrderAnswer = one_object(body).ok()?;
    if root.ordered_car_product.is_there() {
        return Some(root);
    }
    let inner: OrderAnswer = object(root.data.or(&root.order).raw()?.get())?;
    if inner.ordered_car_product.is_there() {
        return Some(inner);
    }
    object(inner.order.raw()?.get()).filter(|order: &OrderAnswer| order.ordered_car_product.is_there())
}

fn facts(
    order: &OrderAnswer,
    product: &CarProduct,
    price: SaidAmount,
    id_text: IdText<'_>,
) -> Result<OrderFacts, ReadFault> {
    let state = match product.status.word().ok_or(UNREADABLE)?.as_str() {
        "pending" => OrderState::Pending,
        "reserved" => OrderState::Reserved,
        "failed" => OrderState::Failed,
        "cancelled" => OrderState::Cancelled,
        "removed" => OrderState::Removed,
        other => OrderState::Other(shown(other)),
    };
    // "Reserved" is "paid" only when nobody has cancelled; what can't be read as a clear no is no yes either.
    let vendor_cancelled = product.vendor_cancelled.is_there() && product.vendor_cancelled.flag() != Some(false);
    let payment_id = product.payment_id.or(&product.payment_id_small).or(&order.payment_id).or(&order.payment_id_small);
    let updated_at = product.updated_at.or(&order.updated_at);
    let payment_type = order.payment_type.or(&product.payment_type);
    Ok(OrderFacts {
        state,
        vendor_cancelled,
        payment_id: payment_id.text().map(|id| id_text(&id)),
        updated_at: updated_at.text().map(|at| id_text(&at)),
        payment_type: payment_type.word().map(|word| shown(&word)),
        price,
    })
}

/// `pricing.paymentTotal`, else `pricing.total`, of the first place that has either. An amount that is there and can't be
/// read does not pass for none: it can't be the price that was expected.
fn price(places: &[&Field]) -> SaidAmount {
    for place in places {
        let Some(pricing) = place.as_part::<Pricing>() else { continue };
        for (field, total) in [("pricing.paymentTotal", &pricing.payment_total), ("pricing.total", &pricing.total)] {
            match money(total, field) {
                Ok(Some(found)) => return found.into(),
                Ok(None) => {}
                Err(fault) => {
                    tracing::warn!(%fault, "the order carries an amount that can't be read");
                    return SaidAmount::UNREADABLE;
                }
            }
        }
    }
    SaidAmount::NotSaid
}

/// `{amount, currency}` in whole minor units; `None` when either is missing.
pub(super) fn money(field: &Field, name: &'static str) -> Result<Option<Money>, ReadFault> {
    let Some(price) = field.as_part::<Price>() else { return Ok(None) };
    let (true, Some(code)) = (price.amount.is_there(), price.currency.word()) else { return Ok(None) };
    let fault = |why: String| ReadFault::Amount { field: name, why };
    let currency = currency(&code).ok_or_else(|| fault("its currency is not known".to_owned()))?;
    minor_units(&price.amount, currency).map_err(fault)
}

/// A currency by its letters, in capitals or not; the lira's everyday name, too.
pub(super) fn currency(code: &str) -> Option<Currency> {
    match code.trim().to_ascii_uppercase().as_str() {
        "TL" => Some(Currency::TRY),
        code => Currency::from_code(code),
    }
}

fn passenger(field: &Field) -> Option<PersonName> {
    let passenger: Passenger = field.as_part()?;
    let whole = passenger.full_name.word().or_else(|| {
        let first = passenger.first_name.word().or_else(|| passenger.name.word());
        let last = passenger.last_name.word().or_else(|| passenger.surname.word());
        let parts: Vec<String> = [first, last].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    })?;
    // A name is text from outside like any other: card numbers in it are masked, and it is cut.
    Some(PersonName::new(ForeignText::filter(&whole).as_str()))
}

fn title(car: &Car) -> Option<ForeignText> {
    let text = car.name.word().or_else(|| {
        let parts: Vec<String> = [car.brand.word(), car.model.word()].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    })?;
    Some(shown(&text))
}
