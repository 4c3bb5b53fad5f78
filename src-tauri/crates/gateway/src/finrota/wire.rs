//! Finrota's messages, field by field. "Document" is `finrota-b2c-api.txt`; "vendor" marks what only the vendor's other
//! pages show (`GATEWAYS.md`).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vezne_core::card::CardDetails;
use zeroize::Zeroizing;

use crate::field::Field;

/// `POST /auth/api/token/connect` (document 10.1, step 1; fields: vendor).
#[derive(Serialize)]
pub(super) struct ConnectRequest<'a> {
    #[serde(rename = "apiKey")]
    pub(super) api_key: &'a str,
    #[serde(rename = "secretKey")]
    pub(super) secret_key: &'a str,
}

/// The answer to the sign-in (vendor).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ConnectAnswer {
    /// RFC 3339 with seven fractional digits.
    pub(super) expiry: Field,
    pub(super) token: Field,
    /// Where the answer comes in the vendor's envelope.
    pub(super) data: Field,
}

/// One card program (document 10.2, Root Object).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProgramAnswer {
    /// "Kart program ID", int.
    pub(super) id: Field,
    /// "Card program name".
    pub(super) name: Field,
    /// "POS description", spelt `postTitle` in the document.
    #[serde(rename = "postTitle")]
    pub(super) post_title: Field,
    /// The same as others spell it.
    #[serde(rename = "posTitle")]
    pub(super) pos_title: Field,
    /// "Default POS information", boolean.
    #[serde(rename = "isDefaultPos")]
    pub(super) is_default_pos: Field,
    /// "Installment options", array.
    pub(super) installments: Field,
    /// Where the list comes in the vendor's envelope.
    pub(super) data: Field,
}

/// One installment option (document 10.2, installments Object). `currencyId`, `posId` and `commApplyTypeId` are opaque
/// and not read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct InstallmentAnswer {
    /// "Total transaction amount", decimal.
    pub(super) amount: Field,
    /// "Number of installments", int.
    pub(super) installment: Field,
    /// "Amount per installment", decimal.
    #[serde(rename = "installmentAmount")]
    pub(super) installment_amount: Field,
    /// "InstallmentToken (kritik)".
    pub(super) token: Field,
    /// "Commission rate", decimal.
    #[serde(rename = "commRate")]
    pub(super) comm_rate: Field,
}

/// `POST /b2c/payment` (document 10.3, Request Body). There is no amount: the installment token carries it.
#[derive(Serialize)]
struct PaymentRequest<'a> {
    card: CardPart<'a>,
    #[serde(rename = "returnUrl")]
    return_url: &'a str,
    #[serde(rename = "clientReferenceCode")]
    client_reference_code: &'a str,
    #[serde(rename = "use3D")]
    use_3d: bool,
    #[serde(rename = "installmentToken")]
    installment_token: &'a str,
    #[serde(rename = "customerIpAddress")]
    customer_ip_address: &'a str,
}

/// Document 10.3, card Object.
#[derive(Serialize)]
struct CardPart<'a> {
    #[serde(rename = "cardNumber")]
    card_number: &'a str,
    #[serde(rename = "cardHolderName")]
    card_holder_name: &'a str,
    cvv: &'a str,
    #[serde(rename = "expMonth")]
    exp_month: u8,
    #[serde(rename = "expYear")]
    exp_year: u16,
}

/// What a payment says beside the card.
pub(super) struct PaymentParts<'a> {
    pub(super) return_url: &'a str,
    pub(super) reference: &'a str,
    pub(super) use_3d: bool,
    pub(super) installment_token: &'a str,
    pub(super) customer_ip: &'a str,
}

/// Room for the longest payment body: nothing in it is longer than an address or a token.
const PAYMENT_BYTES: usize = 16 * 1024;

/// The body of a payment. `None` when it does not fit, which no checked card, address and token can bring about.
pub(super) fn payment_body(card: &CardDetails, parts: &PaymentParts<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let request = PaymentRequest {
        // The one place where this gateway's code takes number, name and code out of their wrappers: the bank must be
        // told them. They go straight into a buffer of fixed size, which never moves and is wiped.
        card: CardPart {
            card_number: card.number.expose(),
            card_holder_name: card.holder.expose(),
            cvv: card.cvc.expose(),
            exp_month: card.expiry.month(),
            exp_year: card.expiry.year(),
        },
        return_url: parts.return_url,
        client_reference_code: parts.reference,
        use_3d: parts.use_3d,
        installment_token: parts.installment_token,
        customer_ip_address: parts.customer_ip,
    };
    crate::secret_body::fixed_json(&request, PAYMENT_BYTES)
}

/// The answer to a payment (document 10.3, Response Model).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PaymentAnswer {
    /// `RedirectUrl` or `DirectSale`.
    #[serde(rename = "paymentType")]
    pub(super) payment_type: Field,
    /// "3D redirect URL".
    #[serde(rename = "redirectTo")]
    pub(super) redirect_to: Field,
    /// "Finrota transaction ID".
    #[serde(rename = "orderId")]
    pub(super) order_id: Field,
    /// "Merchant reference".
    #[serde(rename = "clientReferenceCode")]
    pub(super) client_reference_code: Field,
    /// "Transaction result", boolean.
    pub(super) success: Field,
}

/// The answer to the status query (vendor), at the root or in `data`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TransactionAnswer {
    pub(super) id: Field,
    #[serde(rename = "referenceNumber")]
    pub(super) reference_number: Field,
    #[serde(rename = "clientReferenceNumber")]
    pub(super) client_reference_number: Field,
    #[serde(rename = "currencyType")]
    pub(super) currency_type: Field,
    #[serde(rename = "lastAmount")]
    pub(super) last_amount: Field,
    #[serde(rename = "transactionStatusId")]
    pub(super) transaction_status_id: Field,
    /// A masked card number under the names that gateways give it.
    #[serde(rename = "cardNumber")]
    pub(super) card_number: Field,
    #[serde(rename = "maskedCardNumber")]
    pub(super) masked_card_number: Field,
    #[serde(rename = "cardMask")]
    pub(super) card_mask: Field,
    /// The envelope's own fields.
    pub(super) data: Field,
    #[serde(rename = "statusCode")]
    pub(super) status_code: Field,
}

/// `POST /pws/payment/cancel` (vendor).
#[derive(Serialize)]
pub(super) struct CancelRequest<'a> {
    #[serde(rename = "referenceCode")]
    pub(super) reference_code: &'a str,
    pub(super) reason: &'a str,
}

/// `POST /pws/payment/refund` (vendor); the name of the amount's field is a setting, because the vendor's table and
/// examples differ.
pub(super) fn refund_body(
    reference_code: &str,
    amount_field: &str,
    amount: &str,
    reason: &str,
) -> Option<Zeroizing<Vec<u8>>> {
    let raw = |text: String| RawValue::from_string(text).ok();
    let text = |text: &str| serde_json::to_string(text).ok().and_then(raw);
    let fields: std::collections::BTreeMap<&str, Box<RawValue>> = [
        ("referenceCode", text(reference_code)?),
        // A JSON number with the digits as they are: no float on the way.
        (amount_field, raw(amount.to_owned())?),
        ("reason", text(reason)?),
    ]
    .into_iter()
    .collect();
    crate::secret_body::fixed_json(&fields, PAYMENT_BYTES)
}

/// The body of a cancel.
pub(super) fn cancel_body(request: &CancelRequest<'_>) -> Option<Zeroizing<Vec<u8>>> {
    crate::secret_body::fixed_json(request, PAYMENT_BYTES)
}

/// The answer to cancel and refund (vendor): an envelope around `data`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ReversalEnvelope {
    pub(super) data: Field,
    #[serde(rename = "statusCode")]
    pub(super) status_code: Field,
    #[serde(rename = "isSuccess")]
    pub(super) is_success: Field,
    #[serde(rename = "lastAmount")]
    pub(super) last_amount: Field,
}

/// `data` of that envelope.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ReversalData {
    #[serde(rename = "lastAmount")]
    pub(super) last_amount: Field,
    #[serde(rename = "isSuccess")]
    pub(super) is_success: Field,
}
