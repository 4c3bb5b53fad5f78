//! The bank's HTML. Small, without scripts of others, and with stable hints for a scripted browser:
//! `<body data-page="…" data-scene="…">` says which page it is.

use std::fmt::Write as _;

use super::{PRACTICE_CODE, Session};
use crate::fault::Gateway;
use crate::money::two_places;
use crate::scene::Stand;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#111827}\
main{max-width:26rem;margin:2rem auto;padding:1.5rem;background:#fff;border:1px solid #d1d5db;border-radius:.5rem}\
h1{font-size:1.2rem;margin:0 0 1rem}dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.25rem 1rem;margin:0 0 1rem}\
dt{color:#4b5563}dd{margin:0;text-align:right;font-weight:600;overflow-wrap:anywhere}label{display:block;margin-bottom:.25rem}\
input[name=code]{font:inherit;font-size:1.25rem;letter-spacing:.2em;width:100%;box-sizing:border-box;padding:.5rem;\
border:1px solid #6b7280;border-radius:.25rem}button{font:inherit;padding:.5rem 1rem;margin:1rem .5rem 0 0}\
.hint{color:#4b5563;font-size:.9rem}.wrong{color:#b91c1c;font-weight:600}";

/// Text inside an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Text inside a JavaScript string in single quotes, inside a script element.
pub(crate) fn script_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\'' | '\\' | '<' | '>' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string never fails.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            other => out.push(other),
        }
    }
    out
}

/// A whole page. `head` and `body` are HTML.
pub(crate) fn page(scene: &str, kind: &str, head: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Practice Bank</title>{head}\
<style>{STYLE}</style></head><body data-page=\"{}\" data-scene=\"{}\">{body}</body></html>",
        escape(kind),
        escape(scene)
    )
}

/// A page with one sentence.
pub(crate) fn message(scene: &str, kind: &str, text: &str) -> String {
    page(scene, kind, "", &format!("<main><h1>Practice Bank</h1><p>{}</p></main>", escape(text)))
}

fn summary(session: &Session) -> String {
    let purchase = &session.purchase;
    let merchant = match purchase.gateway {
        Gateway::Finrota => "Practice Rental (Finrota)",
        Gateway::Yolcu360 => "Practice Agency (Yolcu360)",
    };
    let plan = match purchase.installments {
        1 => "single payment".to_owned(),
        number => format!("{number} installments"),
    };
    format!(
        "<dl><dt>Merchant</dt><dd>{merchant}</dd><dt>Reference</dt><dd>{}</dd>\
<dt>Amount</dt><dd>{} {}, {plan}</dd><dt>Card</dt><dd>{}</dd></dl>",
        escape(&purchase.key),
        two_places(purchase.amount_minor),
        purchase.currency.code(),
        escape(&purchase.masked)
    )
}

/// How long a page that needs nobody shows itself before it goes on.
const BY_ITSELF_MILLIS: u32 = 1_000;

/// What a page that needs nobody types, and the script that presses its button.
fn by_itself(session: &Session) -> (&'static str, String) {
    match session.plan.stand {
        Stand::ByItself | Stand::PopupByItself => (
            PRACTICE_CODE,
            format!(
                "<script>setTimeout(function () {{ document.getElementById('challenge').submit(); }}, \
{BY_ITSELF_MILLIS});</script>"
            ),
        ),
        Stand::Waits | Stand::ForeignFrame | Stand::PushesFile | Stand::BadCertificate => ("", String::new()),
    }
}

/// The page that asks for the code.
pub(crate) fn asks_code(id: &str, session: &Session, wrong: u32) -> String {
    let (typed, script) = by_itself(session);
    let file = match session.plan.stand {
        Stand::PushesFile => format!("<iframe src=\"/bank/file/{id}\" title=\"Slip\" hidden></iframe>"),
        Stand::Waits | Stand::ByItself | Stand::PopupByItself | Stand::ForeignFrame | Stand::BadCertificate => {
            String::new()
        }
    };
    let warning = match wrong {
        0 => String::new(),
        count => format!("<p class=\"wrong\" role=\"alert\">That code is wrong ({count} of 3).</p>"),
    };
    let body = format!(
        "<main><h1>Practice Bank: confirm the payment</h1>{}{warning}\
<form id=\"challenge\" action=\"/bank/verify/{id}\" method=\"POST\">\
<label for=\"code\">Code from the text message</label>\
<input id=\"code\" name=\"code\" value=\"{typed}\" inputmode=\"numeric\" autocomplete=\"one-time-code\" autofocus>\
<p class=\"hint\">Practice code: {PRACTICE_CODE}</p>\
<button type=\"submit\" name=\"action\" value=\"confirm\">Confirm</button>\
<button type=\"submit\" name=\"action\" value=\"cancel\">Cancel</button></form></main>{file}{script}",
        summary(session)
    );
    page(session.plan.scene, "code", "", &body)
}

/// The page that asks for the code in a window of its own.
pub(crate) fn opens_popup(id: &str, session: &Session) -> String {
    // Without a click: many browsers block this one, so the button stays.
    let unasked = match session.plan.stand {
        Stand::PopupByItself => {
            format!("<script>window.open('/bank/popup/{id}', 'practice-bank-popup', 'width=480,height=560');</script>")
        }
        Stand::Waits | Stand::ByItself | Stand::ForeignFrame | Stand::PushesFile | Stand::BadCertificate => {
            String::new()
        }
    };
    let body = format!(
        "<main><h1>Practice Bank</h1>{}<form id=\"popup\" action=\"/bank/popup/{id}\" method=\"GET\" target=\"practice-bank-popup\">\
<p>The bank asks for the code in a window of its own.</p><button type=\"submit\">Open the window</button></form></main>{unasked}",
        summary(session)
    );
    page(session.plan.scene, "popup", "", &body)
}

/// The page whose code is asked in a frame.
pub(crate) fn frames(session: &Session, frame: &str) -> String {
    let body = format!(
        "<main><h1>Practice Bank</h1>{}</main><iframe src=\"{}\" title=\"Code\" width=\"460\" height=\"420\"></iframe>",
        summary(session),
        escape(frame)
    );
    page(session.plan.scene, "frames", "", &body)
}

/// A form that posts itself, in the form of the Yolcu360 document ("3D Secure Required").
pub(crate) fn posts_itself(scene: &str, kind: &str, target: &str, fields: &[(&str, String)]) -> String {
    posts_itself_in("_self", scene, kind, target, fields)
}

/// The same, in the window of this name.
pub(crate) fn posts_itself_in(
    window: &str,
    scene: &str,
    kind: &str,
    target: &str,
    fields: &[(&str, String)],
) -> String {
    let mut inputs = String::new();
    for (name, value) in fields {
        // Writing to a string never fails.
        let _ = write!(inputs, "<input type='hidden' name='{}' value='{}'>", escape(name), escape(value));
    }
    let (target, kind, scene) = (escape(target), escape(kind), escape(scene));
    let window = if window == "_self" { String::new() } else { format!(" target='{}'", escape(window)) };
    format!(
        "<!DOCTYPE html><html><head><title>3D Secure</title></head><body data-page='{kind}' data-scene='{scene}'>\
<form id='threeDSForm' action='{target}' method='POST'{window}>{inputs}<noscript><button type='submit'>Continue</button></noscript></form>\
<script>document.getElementById('threeDSForm').submit();</script></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_can_leave_its_quotes() {
        assert_eq!(escape("<a href=\"'&"), "&lt;a href=&quot;&#39;&amp;");
        assert_eq!(script_text("'</script>\\"), "\\u0027\\u003c/script\\u003e\\u005c");
    }
}
