//! The addresses to which a bank's page returns: how they are made, and how they are known again.

use url::{Host, Url};
use vezne_core::ids::Nonce;

/// The scheme of our own return addresses. Nobody else has it: on Windows, where there are no true schemes, it becomes
/// the beginning of a host name, and a common word would swallow a bank's host.
pub(crate) const SCHEME: &str = "vezne-return";
/// What stands before the nonce.
const PLACE: &str = "return";
/// The host that stands for our scheme where there are no true schemes.
const STAND_IN: &str = "vezne-return.localhost";

/// A return address of our own scheme.
pub(crate) fn of_scheme(nonce: Nonce) -> String {
    if cfg!(windows) {
        format!("https://{STAND_IN}/{PLACE}/{}", nonce.expose())
    } else {
        format!("{SCHEME}://{PLACE}/{}", nonce.expose())
    }
}

/// A return address below the account's own page. The nonce stands in the path: gateways that add a query to what they
/// were given, whether it has one or not, do it no harm there.
pub(crate) fn below(page: &Url, nonce: Nonce) -> String {
    format!("{}/{}", page.as_str().trim_end_matches('/'), nonce.expose())
}

/// The nonce of an address of our own scheme, in any of the forms that the systems give it.
pub(crate) fn nonce_of_scheme(url: &Url) -> Option<Nonce> {
    let path = url.path().strip_prefix('/')?;
    let text = match (url.scheme(), url.host()?) {
        (SCHEME, Host::Domain(PLACE)) => path,
        (SCHEME, Host::Domain("localhost")) | ("http" | "https", Host::Domain(STAND_IN)) => {
            path.strip_prefix(PLACE)?.strip_prefix('/')?
        }
        _ => return None,
    };
    text.parse().ok()
}

/// The nonce of an address below the account's own page.
pub(crate) fn nonce_below(page: &Url, url: &Url) -> Option<Nonce> {
    let same = url.scheme() == page.scheme()
        && url.host() == page.host()
        && url.port_or_known_default() == page.port_or_known_default();
    if !same {
        return None;
    }
    url.path().strip_prefix(page.path().trim_end_matches('/'))?.strip_prefix('/')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nonce() -> Nonce {
        Nonce::from_random([7; 16])
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn an_address_of_our_scheme_is_known_again_in_every_systems_form() {
        let text = nonce().expose();
        for address in [
            of_scheme(nonce()),
            format!("vezne-return://return/{text}?status=success#x"),
            format!("vezne-return://return/{}", text.to_lowercase()),
            format!("vezne-return://localhost/return/{text}"),
            format!("http://vezne-return.localhost/return/{text}"),
            format!("https://vezne-return.localhost/return/{text}?a=b"),
        ] {
            assert_eq!(nonce_of_scheme(&url(&address)), Some(nonce()), "{address}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        let text = nonce().expose();
        for address in [
            format!("vezne-return://other/{text}"),
            format!("vezne-return://return/{text}/"),
            format!("vezne-return://return/{text}0"),
            format!("vezne-return://return/{}", text.get(1..).unwrap()),
            format!("vezne-return://return/x/{text}"),
            "vezne-return://return/".to_owned(),
            format!("vezne-returns://return/{text}"),
            format!("https://vezne-return.localhost.evil.example/return/{text}"),
            format!("https://vezne-return.example/return/{text}"),
            format!("https://return/{text}"),
        ] {
            assert_eq!(nonce_of_scheme(&url(&address)), None, "{address}");
        }
    }

    #[test]
    fn an_address_below_the_accounts_page_is_known_again_and_no_other() {
        for page in ["https://desk.example/back", "https://desk.example/back/", "https://desk.example"] {
            let page = url(page);
            let address = below(&page, nonce());
            assert!(!address.trim_start_matches("https://").contains("//"), "{address}");
            assert_eq!(nonce_below(&page, &url(&format!("{address}?status=success?orderID=1"))), Some(nonce()));
            let text = nonce().expose();
            for other in [
                format!("http://desk.example/back/{text}"),
                format!("https://desk.example:8443/back/{text}"),
                format!("https://evil.example/back/{text}"),
                format!("https://desk.example/backwards/{text}"),
                format!("https://desk.example/back/{text}/more"),
                "https://desk.example/back".to_owned(),
            ] {
                assert_eq!(nonce_below(&page, &url(&other)), None, "{other}");
            }
        }
    }
}
