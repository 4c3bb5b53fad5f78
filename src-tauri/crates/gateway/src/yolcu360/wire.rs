//! Yolcu360's messages, field by field. "Document" is `yolcu360-payment-api.txt`; "seen" marks what other integrators'
//! code met on the live API (`GATEWAYS.md`).

use serde::{Deserialize, Serialize};
use vezne_core::card::CardDetails;
use zeroize::Zeroizing;

use crate::field::Field;
use crate::secret_body::fixed_json;

/// Room for the longest request body.
pub(super) const BODY_BYTES: usize = 16 * 1024;

/// `POST /auth/login` (vendor).
#[derive(Serialize)]
pub(super) struct LoginRequest<'a> {
    pub(super) key: &'a str,
    pub(super) secret: &'a str,
}

/// `POST /auth/refresh` (vendor).
#[derive(Serialize)]
pub(super) struct RefreshRequest<'a> {
    pub(super) token: &'a str,
}

/// The answer to both (vendor).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LoginAnswer {
    #[serde(rename = "accessToken")]
    pub(super) access_token: Field,
    #[serde(rename = "refreshToken")]
    pub(super) refresh_token: Field,
    #[serde(rename = "accessTokenExpireAt")]
    pub(super) access_token_expire_at: Field,
}

/// `POST /payment/installment-info` (document: Get Installment Information, Request Body).
#[derive(Serialize)]
pub(super) struct InstallmentInfoRequest<'a> {
    #[serde(rename = "orderID")]
    pub(super) order_id: &'a str,
    /// "First 6 digits of the credit card number".
    #[serde(rename = "binNumber")]
    pub(super) bin_number: &'a str,
}

/// The answer (document: Response Fields). `bankCode` is not read: nothing is decided on it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct InstallmentInfo {
    #[serde(rename = "bankName")]
    pub(super) bank_name: Field,
    #[serde(rename = "cardAssociation")]
    pub(super) card_association: Field,
    #[serde(rename = "cardFamily")]
    pub(super) card_family: Field,
    #[serde(rename = "cardType")]
    pub(super) card_type: Field,
    /// "Whether 3D Secure is mandatory for this card".
    #[serde(rename = "shouldForceTo3D")]
    pub(super) should_force_to_3d: Field,
    #[serde(rename = "supportedCurrencies")]
    pub(super) supported_currencies: Field,
    #[serde(rename = "installmentPrices")]
    pub(super) installment_prices: Field,
}

/// One element of `installmentPrices`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct InstallmentPrice {
    /// "Number of installments".
    pub(super) number: Field,
    /// "Monthly payment amount".
    pub(super) price: Field,
    /// "Total amount with interest".
    #[serde(rename = "totalPrice")]
    pub(super) total_price: Field,
}

/// `{amount, currency}`, in whole minor units.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Price {
    pub(super) amount: Field,
    pub(super) currency: Field,
}

/// `POST /payment/pay` (document: Process Payment, Request Body).
#[derive(Serialize)]
struct PayRequest<'a> {
    #[serde(rename = "orderID")]
    order_id: &'a str,
    #[serde(rename = "paymentType")]
    payment_type: &'static str,
    /// "required if paymentType is creditCard".
    #[serde(rename = "payWithCard", skip_serializing_if = "Option::is_none")]
    pay_with_card: Option<PayWithCard<'a>>,
}

/// Document: Credit Card Payment (payWithCard). All strings but the installments and 3-D Secure.
#[derive(Serialize)]
struct PayWithCard<'a> {
    #[serde(rename = "cardNumber")]
    card_number: &'a str,
    /// "Card expiration month (01-12)".
    #[serde(rename = "expireMonth")]
    expire_month: &'a str,
    /// "Card expiration year (YYYY)".
    #[serde(rename = "expireYear")]
    expire_year: &'a str,
    #[serde(rename = "cardHolderName")]
    card_holder_name: &'a str,
    cvc: &'a str,
    installment: u8,
    #[serde(rename = "isWith3DSecure")]
    is_with_3d_secure: bool,
    #[serde(rename = "callbackUrl")]
    callback_url: &'a str,
}

/// How `paymentType` names a card.
pub(super) const CREDIT_CARD: &str = "creditCard";
/// How `paymentType` names the agency's credit limit.
pub(super) const LIMIT: &str = "limit";

/// What a card payment says beside the card.
pub(super) struct CardParts<'a> {
    pub(super) installment: u8,
    pub(super) is_with_3d_secure: bool,
    pub(super) callback_url: &'a str,
}

/// The body of a payment by card. `None` when it does not fit, which no checked card and address can bring about.
pub(super) fn card_body(order_id: &str, card: &CardDetails, parts: &CardParts<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let month = Zeroizing::new(format!("{:02}", card.expiry.month()));
    let year = Zeroizing::new(card.expiry.year().to_string());
    let request = PayRequest {
        order_id,
        payment_type: CREDIT_CARD,
        // The one place where this gateway's code takes number, name and code out of their wrappers: the bank must be
        // told them. They go straight into a buffer of fixed size, which never moves and is wiped.
        pay_with_card: Some(PayWithCard {
            card_number: card.number.expose(),
            expire_month: &month,
            expire_year: &year,
            card_holder_name: card.holder.expose(),
            cvc: card.cvc.expose(),
            installment: parts.installment,
            is_with_3d_secure: parts.is_with_3d_secure,
            callback_url: parts.callback_url,
        }),
    };
    fixed_json(&request, BODY_BYTES)
}

/// The body of a payment from the credit limit.
pub(super) fn limit_body(order_id: &str) -> Option<Zeroizing<Vec<u8>>> {
    fixed_json(&PayRequest { order_id, payment_type: LIMIT, pay_with_card: None }, BODY_BYTES)
}

/// The answer to a payment (document: Response Fields).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PayAnswerBody {
    /// `success`, `redirect_required`, `failed`; `pending` seen.
    pub(super) status: Field,
    #[serde(rename = "is3dsSecure")]
    pub(super) is_3ds_secure: Field,
    /// HTML, seen in base64, too.
    #[serde(rename = "threeDSHtmlContent")]
    pub(super) three_ds_html_content: Field,
    #[serde(rename = "paymentID")]
    pub(super) payment_id: Field,
    /// There when a `limit` payment answers with the whole order (seen).
    #[serde(rename = "orderedCarProduct")]
    pub(super) ordered_car_product: Field,
}

/// `GET /order/{id}` (seen), bare or in an envelope.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OrderAnswer {
    #[serde(rename = "paymentType")]
    pub(super) payment_type: Field,
    #[serde(rename = "paymentCurrency")]
    pub(super) payment_currency: Field,
    pub(super) passenger: Field,
    #[serde(rename = "orderedCarProduct")]
    pub(super) ordered_car_product: Field,
    #[serde(rename = "paymentID")]
    pub(super) payment_id: Field,
    #[serde(rename = "paymentId")]
    pub(super) payment_id_small: Field,
    #[serde(rename = "updatedAt")]
    pub(super) updated_at: Field,
    pub(super) pricing: Field,
    pub(super) data: Field,
    pub(super) order: Field,
}

/// `orderedCarProduct` (seen).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CarProduct {
    pub(super) status: Field,
    #[serde(rename = "vendorCancelled")]
    pub(super) vendor_cancelled: Field,
    #[serde(rename = "paymentID")]
    pub(super) payment_id: Field,
    #[serde(rename = "paymentId")]
    pub(super) payment_id_small: Field,
    #[serde(rename = "paymentType")]
    pub(super) payment_type: Field,
    #[serde(rename = "updatedAt")]
    pub(super) updated_at: Field,
    pub(super) pricing: Field,
    pub(super) car: Field,
}

/// `orderedCarProduct.car` (seen).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Car {
    pub(super) pricing: Field,
    pub(super) name: Field,
    pub(super) brand: Field,
    pub(super) model: Field,
}

/// `pricing` (seen).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pricing {
    #[serde(rename = "paymentTotal")]
    pub(super) payment_total: Field,
    pub(super) total: Field,
}

/// `passenger` (seen).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Passenger {
    pub(super) name: Field,
    #[serde(rename = "fullName")]
    pub(super) full_name: Field,
    #[serde(rename = "firstName")]
    pub(super) first_name: Field,
    #[serde(rename = "lastName")]
    pub(super) last_name: Field,
    pub(super) surname: Field,
}

/// `POST /order/{id}/cancel_eligibility` (seen).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Eligibility {
    pub(super) cancellable: Field,
    pub(super) refundable: Field,
    pub(super) data: Field,
}

/// The answer to `POST /order/{id}/cancel` (seen).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CancelAnswer {
    pub(super) success: Field,
    #[serde(rename = "orderId")]
    pub(super) order_id: Field,
    pub(super) status: Field,
}
