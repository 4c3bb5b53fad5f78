//! What the browser is shown: the bank's page, handed on once, and a few words of our own.

use std::fmt::Write as _;

use url::Url;
use vezne_core::ports::BankPage;

const STYLE: &str = "body{font:17px/1.5 system-ui,sans-serif;margin:0;color:#111827;background:#f3f4f6}\
main{max-width:30rem;margin:12vh auto;padding:1.5rem 2rem;background:#fff;border-radius:.5rem}\
h1{font-size:1.2rem}@media(prefers-color-scheme:dark){body{background:#111827;color:#f3f4f6}main{background:#1f2937}}";

/// What a page of our own says, in English and Turkish.
pub(super) struct Words {
    english: (&'static str, &'static str),
    turkish: (&'static str, &'static str),
}

/// After a return.
pub(super) const RETURNED: Words = Words {
    english: (
        "Thank you. You can close this window.",
        "Please go back to the desk: the outcome of the payment is shown there.",
    ),
    turkish: ("Teşekkürler. Bu pencereyi kapatabilirsiniz.", "Lütfen kasaya dönün: ödemenin sonucu orada gösterilir."),
};

/// For a page that was fetched already: a bank's page must not be posted twice.
pub(super) const OPENED_BEFORE: Words = Words {
    english: ("The bank's page was opened already.", "It opens only once. The desk knows how the payment stands."),
    turkish: ("Banka sayfası zaten açıldı.", "Yalnızca bir kez açılır. Ödemenin durumu kasada görünür."),
};

/// For an address that is none of ours.
pub(super) const NOT_FOUND: Words = Words {
    english: ("There is nothing here.", "Please go back to the desk."),
    turkish: ("Burada bir şey yok.", "Lütfen kasaya dönün."),
};

/// For a request that is none.
pub(super) const REFUSED: Words = Words {
    english: ("This can't be read.", "Please go back to the desk: it asks the bank itself."),
    turkish: ("Bu okunamıyor.", "Lütfen kasaya dönün: kasa bankaya kendisi sorar."),
};

impl Words {
    /// As a page.
    pub(super) fn html(&self) -> String {
        let mut page = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Vezne</title><style>{STYLE}</style></head>\
<body><main>"
        );
        for (language, (title, text)) in [("en", self.english), ("tr", self.turkish)] {
            // Writing to a string never fails.
            let _ = write!(page, "<section lang=\"{language}\"><h1>{title}</h1><p>{text}</p></section>");
        }
        page.push_str("</main></body></html>");
        page
    }
}

/// The content security policy of our own pages: a style, and nothing else.
pub(super) const OWN_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The policy under which the gateway's page is handed on: it may do what banks' pages do, as a stranger to this
/// address (no origin of its own), and in no frame.
pub(super) const BANK_POLICY: &str = "frame-ancestors 'none'; sandbox allow-forms allow-scripts allow-popups \
allow-popups-to-escape-sandbox allow-modals allow-top-navigation";

/// Whether a page can be handed on at all.
pub(super) fn check(page: &BankPage) -> Result<(), String> {
    let address = match page {
        BankPage::Address(address) => address,
        BankPage::Html { base, .. } => base,
    };
    let web = Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if web { Ok(()) } else { Err("the bank's page has no web address".to_owned()) }
}

/// The gateway's page with the gateway's own address as its base, so that relative links lead there and not here.
pub(super) fn with_base(html: &str, base: &str) -> String {
    let base = base.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let tag = format!("<base href=\"{base}\">");
    let lower = html.to_ascii_lowercase();
    if lower.contains("<base") {
        return html.to_owned();
    }
    // The head's opening tag, not <header>.
    let head = lower.match_indices("<head").find_map(|(at, found)| {
        let rest = lower.get(at.saturating_add(found.len())..)?;
        let opens = rest.starts_with('>') || rest.starts_with(|c: char| c.is_ascii_whitespace());
        let end = rest.find('>')?;
        opens.then(|| at.saturating_add(found.len()).saturating_add(end).saturating_add(1))
    });
    let place = head.unwrap_or_else(|| {
        // A doctype must stay the first thing, or the browser guesses how the page was meant.
        if lower.trim_start().starts_with("<!doctype") {
            lower.find('>').map_or(0, |at| at.saturating_add(1))
        } else {
            0
        }
    });
    match html.split_at_checked(place) {
        Some((before, after)) => format!("{before}{tag}{after}"),
        None => format!("{tag}{html}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_goes_into_the_head_and_never_before_the_doctype() {
        let base = "https://api.example/v1/";
        for (html, expected) in [
            ("<!DOCTYPE html><HTML><Head lang='x'><title>", "<!DOCTYPE html><HTML><Head lang='x'>§<title>"),
            ("<form>", "§<form>"),
            ("<!doctype html><body><header>", "<!doctype html>§<body><header>"),
            ("<head><base href='/x'>", "<head><base href='/x'>"),
        ] {
            let tag = "<base href=\"https://api.example/v1/\">";
            assert_eq!(with_base(html, base), expected.replace('§', tag), "{html}");
        }
        assert!(!with_base("<p>", "https://x/\"><script>").contains("\"><script>"));
    }

    #[test]
    fn only_web_addresses_are_shown() {
        assert!(check(&BankPage::Address("https://bank.example/x".to_owned())).is_ok());
        for odd in ["javascript:alert(1)", "file:///etc/passwd", "", "bank.example"] {
            assert!(check(&BankPage::Address(odd.to_owned())).is_err(), "{odd}");
        }
    }

    #[test]
    fn the_words_are_there_in_both_languages() {
        let page = RETURNED.html();
        assert!(page.contains("lang=\"tr\"><h1>Teşekkürler") && page.contains("close this window"), "{page}");
    }
}
