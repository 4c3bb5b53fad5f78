//! The least that could take the same payment: the same calls, the same client settings, the same number of commits.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

/// What the rules need: Ready, Sending, what was heard, the outcome.
pub(crate) const COMMITS: usize = 4;
/// About what the till's entries of one commit take.
const ROW: usize = 1200;

/// A client and a file, and nothing else.
pub(crate) struct Bare {
    base: String,
    reads: reqwest::Client,
    money: reqwest::Client,
    token: String,
    journal: SqliteConnection,
}

impl Bare {
    pub(crate) async fn begin(base: &str, folder: &Path) -> Self {
        let reads = reqwest::Client::builder()
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .build()
            .expect("a client");
        let money = reqwest::Client::builder()
            .http1_only()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .build()
            .expect("a client");
        let login = json!({ "apiKey": vezne_sandbox::FINROTA_API_KEY, "secretKey": vezne_sandbox::FINROTA_SECRET_KEY });
        let signed_in = reads.post(format!("{base}/auth/api/token/connect")).json(&login).send().await;
        let answer: Value = signed_in.expect("signs in").json().await.expect("JSON");
        let token = answer["token"].as_str().expect("a token").to_owned();
        let mut journal = SqliteConnectOptions::new()
            .filename(folder.join("bare.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging()
            .connect()
            .await
            .expect("a file");
        sqlx::query("CREATE TABLE entries (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
            .execute(&mut journal)
            .await
            .expect("a table");
        Self { base: base.to_owned(), reads, money, token, journal }
    }

    /// One sale: options, Ready, Sending, pay, heard, status, outcome.
    pub(crate) async fn sale(&mut self, number: usize) {
        let amount = super::till::amount(number);
        let options = self
            .reads
            .get(format!("{}/b2c/paymentOptions", self.base))
            .query(&[("binNumber", "41556500"), ("amount", &amount), ("currency", "TRY")])
            .header("Proxy-Authorization", format!("Bearer {}", self.token))
            .send()
            .await
            .expect("options");
        let options: Value = options.json().await.expect("JSON");
        let program = if options.is_array() { &options[0] } else { &options };
        let installment = program["installments"][0]["token"].as_str().expect("a token");
        self.commit().await;
        self.commit().await;
        let reference = format!("BARE{number:020}");
        let pay = json!({
            "card": { "cardNumber": super::till::CARD, "cardHolderName": "Test Test", "cvv": "123", "expMonth": 12, "expYear": 2030 },
            "returnUrl": "http://127.0.0.1:9/return",
            "clientReferenceCode": reference,
            "use3D": true,
            "installmentToken": installment,
            "customerIpAddress": "127.0.0.1",
        });
        let paid = self.money.post(format!("{}/b2c/payment", self.base)).bearer_auth(&self.token).json(&pay);
        let paid: Value = paid.send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(paid["success"], json!(true), "{paid}");
        self.commit().await;
        let status = self
            .reads
            .get(format!("{}/pws/payment/transaction", self.base))
            .query(&[("clientOrderReferenceCode", &reference)])
            .bearer_auth(&self.token);
        let status: Value = status.send().await.expect("an answer").json().await.expect("JSON");
        assert!(status.to_string().contains("\"transactionStatusId\":1"), "{status}");
        self.commit().await;
    }

    async fn commit(&mut self) {
        let mut transaction = self.journal.begin_with("BEGIN IMMEDIATE").await.expect("begins");
        sqlx::query("INSERT INTO entries (body) VALUES (?1)")
            .bind("x".repeat(ROW))
            .execute(&mut *transaction)
            .await
            .expect("inserts");
        transaction.commit().await.expect("commits");
    }
}
