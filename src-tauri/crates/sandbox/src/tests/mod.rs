//! The sandbox over real HTTP: a small desk that knows only the two documents, and a scripted browser.

mod books;
mod browser;
mod cuts;
mod returns;
mod rules;
mod stands;
mod strictness;
mod truth;

use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::{FINROTA_API_KEY, FINROTA_SECRET_KEY, Sandbox, Settings, YOLCU360_KEY, YOLCU360_SECRET};

/// Nothing ever listens here: the browser stops when it would go there.
const MERCHANT: &str = "http://127.0.0.1:9/return?nonce=n1";

fn quick() -> Settings {
    Settings {
        hold: Duration::from_millis(30),
        bank_delay: Duration::from_millis(30),
        limit_rates: false,
        ..Settings::default()
    }
}

struct Desk {
    sandbox: Sandbox,
    http: Client,
    finrota: String,
    yolcu360: String,
}

impl Desk {
    async fn open() -> Desk {
        Desk::open_with(quick()).await
    }

    async fn open_with(settings: Settings) -> Desk {
        // Several tests of one process: whoever comes first installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox = Sandbox::start(settings).await.unwrap();
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        let mut desk = Desk { sandbox, http, finrota: String::new(), yolcu360: String::new() };
        desk.sign_in().await;
        desk
    }

    async fn sign_in(&mut self) {
        let url = format!("{}/auth/api/token/connect", self.sandbox.finrota_url());
        let body = json!({ "apiKey": FINROTA_API_KEY, "secretKey": FINROTA_SECRET_KEY });
        let answer: Value = self.http.post(url).json(&body).send().await.unwrap().json().await.unwrap();
        self.finrota = answer["token"].as_str().unwrap().to_owned();
        let url = format!("{}/auth/login", self.sandbox.yolcu360_url());
        let body = json!({ "key": YOLCU360_KEY, "secret": YOLCU360_SECRET });
        let answer: Value = self.http.post(url).json(&body).send().await.unwrap().json().await.unwrap();
        self.yolcu360 = answer["accessToken"].as_str().unwrap().to_owned();
    }

    async fn finrota_options(&self, bin: &str, amount: &str, currency: &str) -> Response {
        let url = format!(
            "{}/b2c/paymentOptions?binNumber={bin}&amount={amount}&currency={currency}",
            self.sandbox.finrota_url()
        );
        let bearer = format!("Bearer {}", self.finrota);
        self.http.get(url).header("Proxy-Authorization", bearer).send().await.unwrap()
    }

    /// The installment token of a single payment.
    async fn installment_token(&self, number: &str, amount: &str, currency: &str) -> String {
        let answer: Value = self.finrota_options(&number[..6], amount, currency).await.json().await.unwrap();
        let program = if answer.is_array() { &answer[0] } else { &answer };
        program["installments"][0]["token"].as_str().unwrap_or("none").to_owned()
    }

    async fn finrota_post(&self, path: &str, body: &Value) -> Result<Response, reqwest::Error> {
        let url = format!("{}{path}", self.sandbox.finrota_url());
        self.http.post(url).bearer_auth(&self.finrota).json(body).send().await
    }

    async fn finrota_body(&self, number: &str, reference: &str, use_3d: bool) -> Value {
        let token = self.installment_token(number, "545.00", currency_of(number)).await;
        json!({
            "card": {
                "cardNumber": number, "cardHolderName": "Test Test", "cvv": cvc_of(number),
                "expMonth": 12, "expYear": 2030
            },
            "returnUrl": MERCHANT,
            "clientReferenceCode": reference,
            "use3D": use_3d,
            "installmentToken": token,
            "customerIpAddress": "78.190.57.187"
        })
    }

    async fn finrota_pay(&self, number: &str, reference: &str, use_3d: bool) -> Result<Response, reqwest::Error> {
        let body = self.finrota_body(number, reference, use_3d).await;
        self.finrota_post("/b2c/payment", &body).await
    }

    async fn finrota_status(&self, reference: &str) -> (u16, Value) {
        let url =
            format!("{}/pws/payment/transaction?clientOrderReferenceCode={reference}", self.sandbox.finrota_url());
        read(self.http.get(url).bearer_auth(&self.finrota).send().await.unwrap()).await
    }

    async fn yolcu360_post(&self, path: &str, body: &Value) -> Result<Response, reqwest::Error> {
        let url = format!("{}{path}", self.sandbox.yolcu360_url());
        self.http.post(url).bearer_auth(&self.yolcu360).json(body).send().await
    }

    async fn yolcu360_options(&self, order: &str, bin: &str) -> (u16, Value) {
        let body = json!({ "orderID": order, "binNumber": bin });
        read(self.yolcu360_post("/payment/installment-info", &body).await.unwrap()).await
    }

    async fn yolcu360_pay(&self, order: &str, number: &str, with_3d: bool) -> Result<Response, reqwest::Error> {
        self.yolcu360_post("/payment/pay", &yolcu360_body(order, number, with_3d)).await
    }

    async fn pay_from_limit(&self, order: &str) -> Result<Response, reqwest::Error> {
        self.yolcu360_post("/payment/pay", &json!({ "orderID": order, "paymentType": "limit" })).await
    }

    async fn order(&self, order: &str) -> (u16, Value) {
        let url = format!("{}/order/{order}", self.sandbox.yolcu360_url());
        read(self.http.get(url).bearer_auth(&self.yolcu360).send().await.unwrap()).await
    }

    /// The product's status as the order shows it.
    async fn order_status(&self, order: &str) -> String {
        self.order(order).await.1["orderedCarProduct"]["status"].as_str().unwrap_or("none").to_owned()
    }
}

fn yolcu360_body(order: &str, number: &str, with_3d: bool) -> Value {
    json!({
        "orderID": order,
        "paymentType": "creditCard",
        "payWithCard": {
            "cardNumber": number, "expireMonth": "12", "expireYear": "2030", "cardHolderName": "John Doe",
            "cvc": cvc_of(number), "installment": 1, "isWith3DSecure": with_3d, "callbackUrl": MERCHANT
        }
    })
}

fn cvc_of(number: &str) -> &'static str {
    crate::practice_cards().iter().find(|card| card.number == number).map_or("123", |card| card.cvc)
}

fn currency_of(number: &str) -> &'static str {
    if number.starts_with("545616") { "EUR" } else { "TRY" }
}

/// The practice card of a scene that is in no document.
fn card_of(scene: &str) -> &'static str {
    crate::practice_cards().iter().find(|card| card.scene == scene).unwrap().number
}

/// Status and JSON; JSON null when the body is something else.
async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap_or_default();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}
