//! Where a bank's page may go: nobody can know all banks' hosts, so there is no list of them.

use url::Url;

/// What the account's own address allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// An account on the internet.
    Public,
    /// An account on this machine (training, tests): its bank may stand here too.
    ThisMachine,
}

/// Why a page may not go somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Neither https nor anything else that a bank uses.
    Scheme,
    /// Plain http.
    NotSecure,
    /// A host that can't be a bank's.
    PrivateHost,
}

/// Whether a bank's page, or a frame in it, may go to an address that is no return address.
pub(crate) fn judge(url: &Url, ground: Ground) -> Result<(), Refused> {
    // An empty page, and a frame whose content stands in the page itself: both are the opener's own, and have no address.
    if matches!(url.as_str(), "about:blank" | "about:srcdoc") {
        return Ok(());
    }
    let secure = match url.scheme() {
        "https" => true,
        "http" => false,
        _ => return Err(Refused::Scheme),
    };
    let host = url.host().ok_or(Refused::Scheme)?;
    if vezne_gateway::is_loopback(url) {
        return match ground {
            Ground::ThisMachine => Ok(()),
            Ground::Public if secure => Err(Refused::PrivateHost),
            Ground::Public => Err(Refused::NotSecure),
        };
    }
    if !secure {
        return Err(Refused::NotSecure);
    }
    if vezne_gateway::is_private(&host) { Err(Refused::PrivateHost) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_banks_page_may_go() {
        use Refused::{NotSecure, PrivateHost, Scheme};
        let yes = Ok(());
        for (address, public, here) in [
            ("https://3ds.bank.example.com/acs?x=1", yes, yes),
            ("https://bank.com.tr:8443/", yes, yes),
            ("https://8.8.8.8/", yes, yes),
            ("https://[2a00:1450::1]/", yes, yes),
            ("about:blank", yes, yes),
            ("about:srcdoc", yes, yes),
            ("http://127.0.0.1:4711/bank", Err(NotSecure), yes),
            ("http://localhost:4711/bank", Err(NotSecure), yes),
            ("http://[::1]/", Err(NotSecure), yes),
            ("https://127.0.0.1/", Err(PrivateHost), yes),
            ("https://localhost/", Err(PrivateHost), yes),
            ("http://bank.com/", Err(NotSecure), Err(NotSecure)),
            ("http://localhost.bank.com/", Err(NotSecure), Err(NotSecure)),
            ("https://10.0.0.1/", Err(PrivateHost), Err(PrivateHost)),
            ("https://192.168.1.1/", Err(PrivateHost), Err(PrivateHost)),
            ("https://169.254.169.254/latest", Err(PrivateHost), Err(PrivateHost)),
            ("https://[fe80::1]/", Err(PrivateHost), Err(PrivateHost)),
            ("https://printer.local/", Err(PrivateHost), Err(PrivateHost)),
            ("https://intranet/", Err(PrivateHost), Err(PrivateHost)),
            // What Tauri's own schemes are called where there are no true schemes.
            ("http://tauri.localhost/index.html", Err(NotSecure), Err(NotSecure)),
            ("https://tauri.localhost/index.html", Err(PrivateHost), Err(PrivateHost)),
            ("https://ipc.localhost/pay", Err(PrivateHost), Err(PrivateHost)),
            ("tauri://localhost/", Err(Scheme), Err(Scheme)),
            ("ipc://localhost/pay", Err(Scheme), Err(Scheme)),
            ("asset://localhost/etc/passwd", Err(Scheme), Err(Scheme)),
            ("vezne-return://return/none-of-ours", Err(Scheme), Err(Scheme)),
            ("file:///etc/passwd", Err(Scheme), Err(Scheme)),
            ("data:text/html,<h1>x</h1>", Err(Scheme), Err(Scheme)),
            ("javascript:alert(1)", Err(Scheme), Err(Scheme)),
            ("blob:https://bank.com/0b9d3c", Err(Scheme), Err(Scheme)),
            // However a host is written, it is judged by what it is.
            ("HTTPS://BANK.COM/", yes, yes),
            ("https://xn--bankas-s9a.com.tr/", yes, yes),
            ("https://bank.com@192.168.1.1/", Err(PrivateHost), Err(PrivateHost)),
            ("https://bank.com:443@127.0.0.1:8443/", Err(PrivateHost), yes),
            ("https://2130706433/", Err(PrivateHost), yes),
            ("https://0x7f.1/", Err(PrivateHost), yes),
            ("https://127.0.0.2/", Err(PrivateHost), yes),
            ("https://0.0.0.0/", Err(PrivateHost), Err(PrivateHost)),
            ("https://[::]/", Err(PrivateHost), Err(PrivateHost)),
            ("https://[::ffff:127.0.0.1]/", Err(PrivateHost), Err(PrivateHost)),
            ("https://[::ffff:10.0.0.1]/", Err(PrivateHost), Err(PrivateHost)),
            ("https://[64:ff9b::a00:1]/", Err(PrivateHost), Err(PrivateHost)),
            ("https://[fd00::1]/", Err(PrivateHost), Err(PrivateHost)),
            ("https://100.64.0.1/", Err(PrivateHost), Err(PrivateHost)),
            ("https://localhost./", Err(PrivateHost), Err(PrivateHost)),
            ("https://desk.localhost/", Err(PrivateHost), Err(PrivateHost)),
            ("JAVASCRIPT:alert(1)", Err(Scheme), Err(Scheme)),
            ("FILE:///etc/passwd", Err(Scheme), Err(Scheme)),
            ("view-source:https://bank.com/", Err(Scheme), Err(Scheme)),
            ("ftp://bank.com/", Err(Scheme), Err(Scheme)),
            ("about:config", Err(Scheme), Err(Scheme)),
            ("about:blank#x", Err(Scheme), Err(Scheme)),
            ("mailto:a@b.example", Err(Scheme), Err(Scheme)),
            ("wss://bank.com/", Err(Scheme), Err(Scheme)),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(judge(&url, Ground::Public), public, "{address}, public");
            assert_eq!(judge(&url, Ground::ThisMachine), here, "{address}, this machine");
        }
    }
}
