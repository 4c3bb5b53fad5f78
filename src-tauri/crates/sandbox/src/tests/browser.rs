//! A browser that knows forms, redirects, `window.location.href=`, meta refresh and frames, and nothing else.

use std::collections::BTreeMap;

use reqwest::{Client, Method};
use url::{Url, form_urlencoded};

use crate::PRACTICE_CODE;

/// What the person at the bank's page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    TypesTheCode,
    TypesAWrongCode,
    Cancels,
}

/// One arrival at the merchant's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) method: Method,
    pub(crate) fields: BTreeMap<String, String>,
    /// How the browser was sent there: a status, `form`, `script`, `meta` or `frame`.
    pub(crate) by: String,
}

#[derive(Debug, Clone)]
struct Step {
    method: Method,
    url: Url,
    form: String,
    by: String,
}

pub(crate) struct Browser {
    http: Client,
    person: Person,
    merchant: String,
    arrivals: Vec<Arrival>,
    /// The bodies of all pages, for tests that look at them.
    pub(crate) pages: Vec<String>,
}

impl Browser {
    pub(crate) fn new(http: &Client, person: Person) -> Browser {
        let merchant = super::MERCHANT.split('?').next().unwrap().to_owned();
        Browser { http: http.clone(), person, merchant, arrivals: Vec::new(), pages: Vec::new() }
    }

    /// Opens Finrota's `redirectTo` and follows it to its end.
    pub(crate) async fn open(&mut self, url: &str) -> Vec<Arrival> {
        let step = Step { method: Method::GET, url: Url::parse(url).unwrap(), form: String::new(), by: "get".into() };
        self.follow(vec![step]).await
    }

    /// Shows Yolcu360's `threeDSHtmlContent` and follows it to its end.
    pub(crate) async fn show(&mut self, html: &str) -> Vec<Arrival> {
        let steps = self.steps_of(html, &Url::parse("http://127.0.0.1/").unwrap());
        self.follow(steps).await
    }

    async fn follow(&mut self, mut steps: Vec<Step>) -> Vec<Arrival> {
        let mut walked = 0;
        while let Some(step) = steps.pop() {
            walked += 1;
            assert!(walked < 30, "the browser goes in circles");
            if step.url.as_str().starts_with(&self.merchant) {
                self.arrivals.push(arrival(&step));
                continue;
            }
            steps.extend(self.load(step).await);
        }
        std::mem::take(&mut self.arrivals)
    }

    async fn load(&mut self, step: Step) -> Vec<Step> {
        let request = self.http.request(step.method.clone(), step.url.clone());
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(step.form.clone());
        let response = match request.send().await {
            Err(error) if step.url.scheme() == "https" && error.is_connect() => return Vec::new(),
            other => other.unwrap(),
        };
        let status = response.status().as_u16();
        if let Some(location) = response.headers().get("location") {
            let url = step.url.join(location.to_str().unwrap()).unwrap();
            let keeps = status == 307 || status == 308;
            let (method, form) = if keeps { (step.method, step.form) } else { (Method::GET, String::new()) };
            return vec![Step { method, url, form, by: status.to_string() }];
        }
        let page = response.text().await.unwrap();
        let steps = self.steps_of(&page, &step.url);
        self.pages.push(page);
        steps
    }

    /// Where a page leads; the last step is taken first.
    fn steps_of(&self, page: &str, base: &Url) -> Vec<Step> {
        let get = |target: &str, by: &str| Step {
            method: Method::GET,
            url: base.join(target).unwrap(),
            form: String::new(),
            by: by.to_owned(),
        };
        let mut steps = Vec::new();
        if let Some(target) = between(page, "window.location.href = '", "'") {
            steps.push(get(&target, "script"));
        } else if let Some(target) = between(page, "window.top.location.href = '", "'") {
            steps.push(get(&target, "top"));
        }
        if let Some(target) = between(page, "content=\"0;url=", "\"") {
            steps.push(get(&unescape(&target), "meta"));
        }
        if let Some(target) = between(page, "<iframe src=\"", "\"") {
            steps.push(get(&unescape(&target), "frame"));
        }
        if let Some(form) = between(page, "<form ", "</form>") {
            steps.push(self.submit(&form.replace('"', "'"), base));
        }
        steps
    }

    fn submit(&self, form: &str, base: &Url) -> Step {
        let target = unescape(&between(form, "action='", "'").unwrap());
        let mut fields = form_urlencoded::Serializer::new(String::new());
        for input in form.split("<input ").skip(1) {
            let name = between(input, "name='", "'").unwrap();
            match (name.as_str(), self.person) {
                ("code", Person::TypesTheCode) => fields.append_pair("code", PRACTICE_CODE),
                ("code", Person::TypesAWrongCode) => fields.append_pair("code", "000000"),
                ("code", Person::Cancels) => fields.append_pair("action", "cancel"),
                _ => fields.append_pair(&name, &unescape(&between(input, "value='", "'").unwrap())),
            };
        }
        let method = if form.contains("method='POST'") { Method::POST } else { Method::GET };
        Step { method, url: base.join(&target).unwrap(), form: fields.finish(), by: "form".to_owned() }
    }
}

fn arrival(step: &Step) -> Arrival {
    let mut fields: BTreeMap<_, _> = step.url.query_pairs().into_owned().collect();
    fields.extend(form_urlencoded::parse(step.form.as_bytes()).into_owned());
    Arrival { method: step.method.clone(), fields, by: step.by.clone() }
}

fn between(text: &str, start: &str, end: &str) -> Option<String> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside.to_owned())
}

fn unescape(text: &str) -> String {
    text.replace("&#39;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
