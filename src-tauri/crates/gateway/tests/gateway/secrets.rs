//! Nothing of a card, a token or a bank's page is ever shown, whatever a gateway repeats.

use std::io::Write;
use std::sync::{Arc, Mutex};

use vezne_core::account::GatewayKind;

use crate::server::{Act, json};
use crate::world::{CARD, CVC, World, pair};

/// Repeats the request, its token and all, in every field an error has.
fn parrot(request: &crate::server::Request) -> Act {
    let told = format!(
        "{} {} {}",
        String::from_utf8_lossy(&request.body),
        request.header("authorization").unwrap_or_default(),
        request.header("proxy-authorization").unwrap_or_default(),
    );
    let body = serde_json::json!({
        "statusCode": 400, "code": 1001, "message": told, "error": told, "description": told,
        "details": {"message": told, "bankMessage": told, "bankCode": told, "field": told},
        "errors": [told], "success": false,
    });
    json(400, &body.to_string())
}

#[tokio::test]
async fn a_gateway_that_repeats_the_request_shows_no_secret() {
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        let world = World::new(kind, parrot).await;
        let paid = format!("{:?}", world.pay().await);
        let asked = format!("{:?}", world.gateway.status(&world.attempt()).await);
        for secret in [CARD, CVC, "token-of-", "installment-token-3", "0416111"] {
            assert!(!paid.contains(secret) && !asked.contains(secret), "{secret} in {paid} {asked}");
        }
    }
}

#[tokio::test]
async fn debug_output_hides_login_and_page() {
    let shown = format!("{:?}", pair());
    assert!(!shown.contains("the-key") && !shown.contains("the-secret"));
    let html = "<form>secret of the bank</form>";
    let answer = serde_json::json!({"status": "redirect_required", "threeDSHtmlContent": html}).to_string();
    let world = World::new(GatewayKind::Yolcu360, move |_| json(200, &answer)).await;
    assert!(!format!("{:?} {:?}", world.pay().await, world.config).contains("secret of the bank"));
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no test panicked inside").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_most_talkative_log_holds_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        // Times and ports are the only digits that change from run to run, and could be the code's by chance.
        .without_time()
        .finish();
    // For this thread: the test runs on one, and so do its calls.
    let guard = tracing::subscriber::set_default(subscriber);
    let mut ports = Vec::new();
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        let scripts: [fn(&crate::server::Request) -> Act; 2] = [parrot, |_| Act::Close];
        for script in scripts {
            let world = World::new(kind, script).await;
            ports.push(world.server.port.to_string());
            world.pay().await;
            world.gateway.status(&world.attempt()).await;
        }
    }
    drop(guard);
    let whole = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let text = ports.iter().fold(whole, |text, port| text.replace(port, "PORT"));
    assert!(text.contains("the payment request is being sent"), "the log was kept: {text}");
    for secret in [CARD, CVC, "token-of-", "installment-token-3", "the-secret", "the-key", "Ayşe"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
