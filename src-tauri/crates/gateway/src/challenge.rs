//! The bank's page before anyone sees it (`RULES.md` 1): a page that fails these checks is not opened.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use url::{Host, Url};
use vezne_core::answers::ChallengeFault;
use vezne_core::limits::BANK_PAGE_BYTES;
use vezne_core::ports::BankPage;

/// Checks an address that the customer is to be sent to (Finrota `redirectTo`). What is handed on is the address as it
/// was parsed, in ASCII: what was checked is what is opened, and no browser or header stumbles over it later.
pub(crate) fn check_address(address: &str, account_is_loopback: bool) -> Result<BankPage, ChallengeFault> {
    let address = address.trim();
    if address.is_empty() {
        return Err(ChallengeFault::NoAddress);
    }
    let url = Url::parse(address).map_err(|_| ChallengeFault::NoAddress)?;
    let Some(host) = url.host() else { return Err(ChallengeFault::NoAddress) };
    if matches!(url.scheme(), "http" | "https") && account_is_loopback && crate::config::is_loopback(&url) {
        return Ok(BankPage::Address(url.into()));
    }
    if url.scheme() != "https" {
        return Err(ChallengeFault::NotHttps);
    }
    if is_private(&host) {
        return Err(ChallengeFault::PrivateHost);
    }
    Ok(BankPage::Address(url.into()))
}

/// Checks a page that is to be shown (Yolcu360 `threeDSHtmlContent`), plain or in base64.
pub(crate) fn check_html(content: &str, base: &str) -> Result<BankPage, ChallengeFault> {
    let trimmed = content.trim_start_matches('\u{feff}').trim();
    // Base64 takes four bytes for three; what is longer than that can't come out small enough.
    if trimmed.len() > BANK_PAGE_BYTES.saturating_mul(3) / 2 {
        return Err(ChallengeFault::TooLarge);
    }
    let html =
        if trimmed.starts_with('<') { trimmed.to_owned() } else { decoded(trimmed).ok_or(ChallengeFault::NoForm)? };
    if html.len() > BANK_PAGE_BYTES {
        return Err(ChallengeFault::TooLarge);
    }
    if !has_form(&html) {
        return Err(ChallengeFault::NoForm);
    }
    Ok(BankPage::Html { html, base: base.to_owned() })
}

fn decoded(text: &str) -> Option<String> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let packed: String = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    let bytes = GeneralPurpose::new(&alphabet::STANDARD, config).decode(packed).ok()?;
    String::from_utf8(bytes).ok().map(|html| html.trim_start_matches('\u{feff}').trim().to_owned())
}

fn has_form(html: &str) -> bool {
    let bytes = html.as_bytes();
    bytes.windows(6).any(|window| {
        window.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case(b"<form"))
            && window.last().is_some_and(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/'))
    })
}

/// Whether a host can't be a bank's: this machine, a private network, or a name that only a local network knows.
#[must_use]
pub fn is_private(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => is_private_v4(*address),
        Host::Ipv6(address) => is_private_v6(*address),
        Host::Domain(name) => {
            const LOCAL: [&str; 7] = ["localhost", "local", "localdomain", "internal", "lan", "home", "arpa"];
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let last = name.rsplit('.').next().unwrap_or_default();
            !name.contains('.') || LOCAL.contains(&last) || name.parse::<IpAddr>().is_ok()
        }
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && matches!(b, 18 | 19))
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let [first, second, .., sixth, high, low] = address.segments();
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    let inner = Ipv4Addr::new(a, b, c, d);
    let translated = first == 0x64 && second == 0xff9b;
    let mapped = address.to_ipv4_mapped().is_some() || (first == 0 && second == 0 && sixth == 0);
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || ((translated || mapped) && is_private_v4(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banks_address_is_taken() {
        for address in ["https://3ds.bank.example.com/auth?x=1", "https://8.8.8.8/a", "https://[2a00:1450::1]/"] {
            assert_eq!(check_address(address, false), Ok(BankPage::Address(address.to_owned())), "{address}");
        }
    }

    #[test]
    fn an_address_is_handed_on_as_it_was_checked() {
        for (written, opened) in [
            (" https://3ds.bank.com/öde?kart=ş ", "https://3ds.bank.com/%C3%B6de?kart=%C5%9F"),
            ("https://ödeme.bank.com", "https://xn--deme-4qa.bank.com/"),
            ("HTTPS://3DS.Bank.com:443/a b", "https://3ds.bank.com/a%20b"),
            ("https://3ds.bank.com/a\r\nSet-Cookie: b", "https://3ds.bank.com/aSet-Cookie:%20b"),
            ("https://8.8.2056/", "https://8.8.8.8/"),
            ("https:\\\\3ds.bank.com\\a", "https://3ds.bank.com/a"),
        ] {
            assert_eq!(check_address(written, false), Ok(BankPage::Address(opened.to_owned())), "{written}");
            assert!(opened.is_ascii());
        }
        let local = check_address("http://localhost:8080/3ds/ş", true);
        assert_eq!(local, Ok(BankPage::Address("http://localhost:8080/3ds/%C5%9F".to_owned())));
    }

    #[test]
    fn an_address_that_no_bank_has_is_not_opened() {
        for (address, fault) in [
            ("", ChallengeFault::NoAddress),
            ("  ", ChallengeFault::NoAddress),
            ("not an address", ChallengeFault::NoAddress),
            ("/3ds", ChallengeFault::NoAddress),
            ("http://3ds.bank.com/", ChallengeFault::NotHttps),
            ("javascript:alert(1)", ChallengeFault::NoAddress),
            ("ftp://bank.com/", ChallengeFault::NotHttps),
            ("http://127.0.0.1:8080/", ChallengeFault::NotHttps),
            ("https://127.0.0.1/", ChallengeFault::PrivateHost),
            ("https://2130706433/", ChallengeFault::PrivateHost),
            ("https://0x7f.1/", ChallengeFault::PrivateHost),
            ("https://10.1.2.3/", ChallengeFault::PrivateHost),
            ("https://192.168.1.1/", ChallengeFault::PrivateHost),
            ("https://172.20.0.1/", ChallengeFault::PrivateHost),
            ("https://169.254.169.254/", ChallengeFault::PrivateHost),
            ("https://100.64.0.1/", ChallengeFault::PrivateHost),
            ("https://[::1]/", ChallengeFault::PrivateHost),
            ("https://[fd00::1]/", ChallengeFault::PrivateHost),
            ("https://[fe80::1]/", ChallengeFault::PrivateHost),
            ("https://[::ffff:10.0.0.1]/", ChallengeFault::PrivateHost),
            ("https://[64:ff9b::a00:1]/", ChallengeFault::PrivateHost),
            ("https://localhost/", ChallengeFault::PrivateHost),
            ("https://LOCALHOST./", ChallengeFault::PrivateHost),
            ("https://bank.localhost/", ChallengeFault::PrivateHost),
            ("https://printer.local/", ChallengeFault::PrivateHost),
            ("https://intranet/", ChallengeFault::PrivateHost),
        ] {
            assert_eq!(check_address(address, false), Err(fault), "{address}");
        }
    }

    #[test]
    fn this_machine_is_for_accounts_on_loopback_only() {
        let address = "http://127.0.0.1:8080/3ds";
        assert!(check_address(address, true).is_ok());
        assert!(check_address("http://localhost:8080/3ds", true).is_ok());
        assert!(check_address("https://127.0.0.1:8443/3ds", true).is_ok());
        assert_eq!(check_address(address, false), Err(ChallengeFault::NotHttps));
        assert_eq!(check_address("http://192.168.1.1/", true), Err(ChallengeFault::NotHttps));
        assert_eq!(check_address("https://192.168.1.1/", true), Err(ChallengeFault::PrivateHost));
    }

    #[test]
    fn a_page_is_taken_plain_and_in_base64() {
        let page = "<!DOCTYPE html><html><body><FORM action='https://3ds.bank.com'></form></body></html>";
        let engine = base64::engine::general_purpose::STANDARD;
        let wrapped =
            engine.encode(page).as_bytes().chunks(20).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\r\n");
        for content in [
            page,
            &format!("\u{feff}\n{page}\n"),
            &engine.encode(page),
            &wrapped,
            engine.encode(page).trim_end_matches('='),
        ] {
            let Ok(BankPage::Html { html, base }) = check_html(content, "https://gateway.example") else {
                panic!("{content}")
            };
            assert_eq!((html.as_str(), base.as_str()), (page, "https://gateway.example"));
        }
    }

    #[test]
    fn a_page_without_a_form_or_too_large_is_not_shown() {
        for content in ["<html></html>", "<formula>", "not base64!", "", "https://bank.com", "AAAA"] {
            assert_eq!(check_html(content, "x"), Err(ChallengeFault::NoForm), "{content}");
        }
        let edge = |bytes: usize| format!("<form>{}", "x".repeat(bytes - 6));
        assert!(check_html(&edge(BANK_PAGE_BYTES), "x").is_ok());
        assert_eq!(check_html(&edge(BANK_PAGE_BYTES + 1), "x"), Err(ChallengeFault::TooLarge));
        let packed = base64::engine::general_purpose::STANDARD.encode(edge(BANK_PAGE_BYTES + 1));
        assert_eq!(check_html(&packed, "x"), Err(ChallengeFault::TooLarge));
        assert_eq!(check_html(&edge(BANK_PAGE_BYTES * 2), "x"), Err(ChallengeFault::TooLarge));
    }
}
