//! The sign-ins of both gateways, and the connection test.

use secrecy::ExposeSecret;
use vezne_core::account::GatewayKind;
use vezne_core::ports::TryOut;
use vezne_gateway::reading::SignInFault;

use crate::engine::Target;
use crate::{exchange, samples};

/// The target.
pub(super) const TARGET: Target = Target { name: "sign_in", run, words: &WORDS, longest: 16 * 1024 };

const WORDS: [&str; 26] = [
    "\"expiry\":\"2025-09-18T09:07:17.6884225Z\"",
    "\"token\":\"T\"",
    "\"token\":null",
    "\"token\":7",
    "\"type\":\"Bearer\"",
    "\"data\":{}",
    "\"accessToken\":\"T\"",
    "\"refreshToken\":\"R\"",
    "\"accessTokenExpireAt\":\"2026-11-22T12:00:00Z\"",
    "\"accessTokenExpireAt\":1795294500",
    "\"accessTokenExpireAt\":1795294500000",
    "\"accessTokenExpireAt\":-1",
    "9999-12-31T23:59:59Z",
    "-009999-01-01T00:00:00Z",
    "2026-11-22T12:00:60Z",
    "+99:99",
    "\"user\":{}",
    "200\n",
    "201\n",
    "400\n",
    "401\n",
    "403\n",
    "404\n",
    "429\n",
    "500\n",
    "not-sent\n",
];

fn run(data: &[u8]) {
    let parts = exchange::parts(data);
    for kind in [GatewayKind::Finrota, GatewayKind::Yolcu360] {
        let reader = samples::reader(kind);
        match reader.sign_in(parts.exchange()) {
            Ok(given) => {
                assert!(parts.is_one_of(&[200, 201]), "a token that no 200 gave");
                let token = given.token.expose_secret();
                assert!(!token.trim().is_empty(), "an empty token");
                let text = String::from_utf8_lossy(parts.body);
                assert!(text.contains(token) || text.contains('\\'), "a token that nobody gave");
                // What is printed of a moment can be read again.
                if let Some(until) = given.until {
                    assert!(until.to_string().parse() == Ok(until), "{until}");
                }
            }
            Err(SignInFault::Refused) => assert!(parts.is_one_of(&[400, 401, 402, 403, 422]) || !parts.whole),
            Err(SignInFault::Offline) => assert!(parts.not_sent),
            Err(SignInFault::TooMany) => assert!(parts.status == Some(429)),
            Err(SignInFault::Unanswered) => {}
        }
        let tried = reader.try_out(parts.exchange());
        if tried == TryOut::CanBeAsked {
            assert!(parts.is_one_of(&[200, 201, 404]), "can be asked, and nobody answered");
            assert!(crate::check::is_json(parts.body));
        }
    }
}
