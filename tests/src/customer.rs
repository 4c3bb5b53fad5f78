//! A person with a browser at the bank's page, as a script.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use url::{Url, form_urlencoded};

use crate::http::{self, Request};
use crate::page::{Form, Move, Page};

/// Whatever happens, the person goes home after this.
const AT_MOST: Duration = Duration::from_secs(60);
/// Pages in a row after which something leads in circles.
const PAGES_AT_MOST: u32 = 40;

/// What the person does at the bank; chosen by the environment's `CUSTOMER`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Types the code that the page shows.
    TypesTheCode,
    /// `wrong`: types another code as often as asked.
    TypesAWrongCode,
    /// `cancel`: presses Cancel.
    Cancels,
    /// `leave`: closes the window at the sight of the code page.
    Leaves,
    /// `forge`: presses Cancel, and turns the bank's "failed" on its way back into "success".
    Forges,
}

impl Temper {
    /// The temper of a word; `None` for a word that means nothing.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "" | "code" => Self::TypesTheCode,
            "wrong" => Self::TypesAWrongCode,
            "cancel" => Self::Cancels,
            "leave" => Self::Leaves,
            "forge" => Self::Forges,
            _ => return None,
        })
    }
}

/// A person with a browser.
#[derive(Debug)]
pub struct Customer {
    temper: Temper,
    log: Option<File>,
    until: Instant,
    pages: u32,
}

impl Customer {
    /// Somebody of this temper, who tells each step to the end of `log`.
    ///
    /// # Errors
    /// When the log cannot be opened.
    pub fn new(temper: Temper, log: Option<&Path>) -> std::io::Result<Self> {
        let log = log.map(|path| OpenOptions::new().create(true).append(true).open(path)).transpose()?;
        Ok(Self { temper, log, until: Instant::now() + AT_MOST, pages: 0 })
    }

    /// Opens an address and goes wherever it leads, until nothing is left to do.
    ///
    /// # Errors
    /// When nobody answers, or the pages lead in circles.
    pub fn open(&mut self, url: &str) -> std::io::Result<()> {
        let url = Url::parse(url).map_err(std::io::Error::other)?;
        self.tell(&format!("opened {}", plain(&url)));
        let ended = self.walk(get(url, "document"));
        match &ended {
            Ok(()) => self.tell("end"),
            Err(error) => self.tell(&format!("end: {error}")),
        }
        ended
    }

    fn tell(&mut self, step: &str) {
        if let Some(log) = &mut self.log {
            // A log that cannot be written must not keep anybody from paying.
            let _written = log.write_all(format!("{step}\n").as_bytes());
        }
    }

    fn walk(&mut self, mut request: Request) -> std::io::Result<()> {
        loop {
            self.pages = self.pages.saturating_add(1);
            if self.pages > PAGES_AT_MOST || Instant::now() > self.until {
                return Err(std::io::Error::other("the pages lead nowhere"));
            }
            if self.temper == Temper::Forges && is_return(&request) {
                self.forge(&request);
                request = told_otherwise(&request);
            }
            let response = http::send(&request)?;
            if let Some(location) = response.location.filter(|_| (300..400).contains(&response.status)) {
                request = redirected(&request, response.status, &location)?;
                self.tell(&format!("{} to {}", response.status, plain(&request.url)));
                continue;
            }
            let page = Page::read(&response.body);
            self.tell(&format!("{} page {:?}: {}", response.status, page.kind, short(&page.text)));
            if let Some(base) = &page.base {
                request.url = join(&request.url, base)?;
            }
            match self.next(&page, &request)? {
                Some(next) => request = next,
                None => return Ok(()),
            }
        }
    }

    /// Where a page leads, by itself or by what the person does.
    fn next(&mut self, page: &Page, here: &Request) -> std::io::Result<Option<Request>> {
        for frame in &page.frames {
            if let Some(request) = self.frame(&join(&here.url, frame)?)? {
                return Ok(Some(request));
            }
        }
        if let Some(form) = page.submitted_form() {
            self.tell("a form posts itself");
            return submitted(form, &here.url, &form.inputs).map(Some);
        }
        if let Some(Move { to, after }) = page.script.as_ref().or(page.refresh.as_ref()) {
            let url = join(&here.url, to)?;
            let way = if page.script.is_some() { "a script" } else { "a meta refresh" };
            self.tell(&format!("{way} leads to {}", plain(&url)));
            thread::sleep(*after);
            return Ok(Some(get(url, "document")));
        }
        if let Some(form) = page.form_with("code") {
            return self.at_the_code(form, page, &here.url);
        }
        if let Some(form) = page.forms.iter().find(|form| !form.buttons.is_empty()) {
            self.tell("pressed the only button");
            return submitted(form, &here.url, &form.inputs).map(Some);
        }
        Ok(None)
    }

    fn at_the_code(&mut self, form: &Form, page: &Page, here: &Url) -> std::io::Result<Option<Request>> {
        let shown = page.digits_after("Practice code:").unwrap_or_default();
        let (code, action) = match self.temper {
            Temper::TypesTheCode => (shown.as_str(), "confirm"),
            Temper::TypesAWrongCode => ("000000", "confirm"),
            Temper::Cancels | Temper::Forges => ("", "cancel"),
            Temper::Leaves => {
                self.tell("closed the window");
                return Ok(None);
            }
        };
        self.tell(&format!("typed {} and pressed {action}", if code.is_empty() { "nothing" } else { code }));
        let mut fields: Vec<_> = form.inputs.iter().filter(|(name, _)| name != "code").cloned().collect();
        fields.push(("code".to_owned(), code.to_owned()));
        fields.push(("action".to_owned(), action.to_owned()));
        submitted(form, here, &fields).map(Some)
    }

    /// Loads a frame. What it does to the whole window comes back; what it does inside stays inside.
    fn frame(&mut self, url: &Url) -> std::io::Result<Option<Request>> {
        let response = http::send(&get(url.clone(), "iframe"))?;
        self.tell(&format!("{} in a frame: {}", response.status, plain(url)));
        let top = response.body.contains("window.top.location").then(|| Page::read(&response.body).script).flatten();
        let Some(Move { to, after }) = top else { return Ok(None) };
        thread::sleep(after);
        let url = join(url, &to)?;
        self.tell(&format!("the frame leads the window to {}", plain(&url)));
        Ok(Some(get(url, "document")))
    }

    /// Claims of success that the bank never made: with a guessed nonce, as an image, and as pages.
    fn forge(&mut self, real: &Request) {
        let claim = told_otherwise(real);
        let mut guessed = claim.clone();
        if let Ok(mut segments) = guessed.url.path_segments_mut() {
            segments.pop().push("guessed");
        }
        let image = Request { destination: "image", ..claim.clone() };
        for (what, forged) in [("a guessed address", &guessed), ("an image", &image), ("a page", &claim)] {
            let answer = http::send(forged).map(|response| response.status.to_string());
            let answer = answer.unwrap_or_else(|error| error.to_string());
            self.tell(&format!("forged a return as {what}: {answer}"));
        }
    }
}

fn get(url: Url, destination: &'static str) -> Request {
    Request { method: "GET", url, form: String::new(), destination }
}

fn join(base: &Url, to: &str) -> std::io::Result<Url> {
    base.join(to).map_err(std::io::Error::other)
}

fn submitted(form: &Form, here: &Url, fields: &[(String, String)]) -> std::io::Result<Request> {
    let mut url = join(here, &form.action)?;
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    if form.posts {
        return Ok(Request { method: "POST", url, form: body, destination: "document" });
    }
    if !fields.is_empty() {
        url.set_query(Some(&body));
    }
    Ok(get(url, "document"))
}

/// 307 and 308 keep method and body, all others become a GET.
fn redirected(from: &Request, status: u16, location: &str) -> std::io::Result<Request> {
    let url = join(&from.url, location)?;
    let keeps = matches!(status, 307 | 308);
    Ok(if keeps { Request { url, ..from.clone() } } else { get(url, from.destination) })
}

/// A request that tells the merchant how it went at the bank.
fn is_return(request: &Request) -> bool {
    fields(request)
        .iter()
        .any(|(name, value)| (name == "success" && value == "false") || (name == "status" && value == "failed"))
}

fn fields(request: &Request) -> Vec<(String, String)> {
    let query = request.url.query_pairs().into_owned();
    query.chain(form_urlencoded::parse(request.form.as_bytes()).into_owned()).collect()
}

/// The same return with the opposite claim.
fn told_otherwise(request: &Request) -> Request {
    let lie = |text: &str| text.replace("success=false", "success=true").replace("status=failed", "status=success");
    let mut url = request.url.clone();
    let query = request.url.query().map(lie);
    url.set_query(query.as_deref());
    Request { url, form: lie(&request.form), ..request.clone() }
}

/// An address without its query.
fn plain(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.into()
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lie_changes_the_claim_in_the_query_and_in_the_form() {
        let url = Url::parse("http://127.0.0.1:1/return/n?success=false&clientReferenceCode=A").unwrap();
        let request =
            Request { method: "POST", url, form: "orderID=1&status=failed".to_owned(), destination: "document" };
        assert!(is_return(&request));
        let lie = told_otherwise(&request);
        assert_eq!(lie.url.query(), Some("success=true&clientReferenceCode=A"));
        assert_eq!(lie.form, "orderID=1&status=success");
    }

    #[test]
    fn a_307_keeps_the_body_and_a_303_does_not() {
        let url = Url::parse("http://127.0.0.1:1/a").unwrap();
        let post = Request { method: "POST", url, form: "a=1".to_owned(), destination: "document" };
        let kept = redirected(&post, 307, "/b").unwrap();
        assert_eq!((kept.method, kept.form.as_str(), kept.url.path()), ("POST", "a=1", "/b"));
        let get = redirected(&post, 303, "/b").unwrap();
        assert_eq!((get.method, get.form.as_str()), ("GET", ""));
    }

    #[test]
    fn every_word_for_a_temper_is_known_and_others_are_refused() {
        for word in ["", "code", "wrong", "cancel", "leave", "forge"] {
            assert!(Temper::of(word).is_some(), "{word}");
        }
        assert_eq!(Temper::of("angry"), None);
    }
}
