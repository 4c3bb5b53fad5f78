//! What a page says to a browser: forms, frames, refreshes, and the few scripts that banks use to move a window.

use std::time::Duration;

/// A form with what it would send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Its `id`.
    pub id: String,
    /// Where it goes; empty means the page's own address.
    pub action: String,
    /// Whether it posts.
    pub posts: bool,
    /// Inputs that are no buttons: name and value.
    pub inputs: Vec<(String, String)>,
    /// Submit buttons: name, value.
    pub buttons: Vec<(String, String)>,
}

/// Where a script moves a window, and after how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The address.
    pub to: String,
    /// The timer in front of it.
    pub after: Duration,
}

/// A page, as far as a scripted browser understands it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The practice bank's `data-page`, if it has one.
    pub kind: String,
    /// What its relative addresses begin at, if it says so.
    pub base: Option<String>,
    /// Its forms.
    pub forms: Vec<Form>,
    /// Sources of its frames.
    pub frames: Vec<String>,
    /// Where a meta refresh leads.
    pub refresh: Option<Move>,
    /// Where a script leads.
    pub script: Option<Move>,
    /// Which form a script submits: by id, or the first with an empty text.
    pub submits: Option<String>,
    /// Its visible text, one blank between words.
    pub text: String,
}

impl Page {
    /// Reads a page; whatever is not understood is passed over.
    #[must_use]
    pub fn read(html: &str) -> Self {
        let mut page = Self::default();
        let mut rest = html;
        while let Some((before, from_tag)) = rest.split_once('<') {
            page.add_text(before);
            if let Some(comment) = from_tag.strip_prefix("!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            let (tag, after) = cut_tag(from_tag);
            rest = after;
            let tag = Tag::read(tag);
            match tag.name.as_str() {
                "script" | "style" => {
                    let (inside, after) = raw_text(rest, &tag.name);
                    rest = after;
                    if tag.name == "script" {
                        page.add_script(inside);
                    }
                }
                _ => page.add_tag(&tag),
            }
        }
        page.add_text(rest);
        page
    }

    /// The form with an input of this name.
    #[must_use]
    pub fn form_with(&self, input: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.inputs.iter().any(|(name, _)| name == input))
    }

    /// The form that a script on this page submits.
    #[must_use]
    pub fn submitted_form(&self) -> Option<&Form> {
        let id = self.submits.as_ref()?;
        self.forms.iter().find(|form| id.is_empty() || form.id == *id)
    }

    /// The run of digits after `label` in the page's text.
    #[must_use]
    pub fn digits_after(&self, label: &str) -> Option<String> {
        let (_, after) = self.text.split_once(label)?;
        let digits: String = after.trim_start().chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    }

    fn add_text(&mut self, text: &str) {
        for word in unescape(text).split_whitespace() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
    }

    fn add_script(&mut self, code: &str) {
        if let Some((before, _)) = code.split_once(".submit()") {
            self.submits = Some(quoted_after(before, "getElementById(").map(|(id, _)| id).unwrap_or_default());
        }
        let found = ["location.href", "location.replace(", "location.assign(", "location"]
            .iter()
            .find_map(|word| quoted_after(code, word));
        if let Some((to, after)) = found {
            let timer = if code.contains("setTimeout") { millis(after) } else { Duration::ZERO };
            self.script = Some(Move { to, after: timer });
        }
    }

    fn add_tag(&mut self, tag: &Tag) {
        let text = |name: &str| tag.get(name).unwrap_or_default().to_owned();
        match tag.name.as_str() {
            "base" => self.base = tag.get("href").map(str::to_owned),
            "body" => self.kind = text("data-page"),
            "iframe" | "frame" => self.frames.extend(tag.get("src").map(str::to_owned)),
            "meta" if text("http-equiv").eq_ignore_ascii_case("refresh") => self.refresh = refresh(&text("content")),
            "form" => {
                let posts = text("method").eq_ignore_ascii_case("post");
                self.forms.push(Form { id: text("id"), action: text("action"), posts, ..Form::default() });
            }
            "input" | "button" => {
                let Some(form) = self.forms.last_mut() else { return };
                let kind = tag.get("type").unwrap_or(if tag.name == "button" { "submit" } else { "text" });
                let pair = (text("name"), text("value"));
                match kind {
                    "submit" => form.buttons.push(pair),
                    "button" | "reset" => {}
                    _ => form.inputs.push(pair),
                }
            }
            _ => {}
        }
    }
}

/// A start tag's name and attributes; an end tag keeps its slash in the name.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn read(text: &str) -> Self {
        let text = text.trim_end_matches('/');
        let (name, mut rest) = text.split_once(|letter: char| letter.is_ascii_whitespace()).unwrap_or((text, ""));
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let end = rest.find(|letter: char| letter == '=' || letter.is_ascii_whitespace()).unwrap_or(rest.len());
            let (key, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let (value, after) = match after.trim_start().strip_prefix('=') {
                Some(after) => attribute_value(after.trim_start()),
                None => ("", after),
            };
            attributes.push((key.to_ascii_lowercase(), unescape(value)));
            rest = after.strip_prefix(['=', '\'', '"']).unwrap_or(after);
        }
        Self { name: name.to_ascii_lowercase(), attributes }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_once(|letter: char| letter.is_ascii_whitespace()).unwrap_or((text, ""))
}

/// The tag's inside and what follows its `>`, which may not stand in quotes.
fn cut_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (place, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => {
                let (tag, rest) = text.split_at_checked(place).unwrap_or((text, ""));
                return (tag, rest.get(1..).unwrap_or_default());
            }
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    (text, "")
}

fn raw_text<'a>(text: &'a str, name: &str) -> (&'a str, &'a str) {
    let end = format!("</{name}");
    let (inside, after) = text.split_once(end.as_str()).unwrap_or((text, ""));
    (inside, after.split_once('>').map_or("", |(_, after)| after))
}

fn refresh(content: &str) -> Option<Move> {
    let (seconds, url) = content.split_once(';')?;
    let (_, to) = url.split_once('=')?;
    let after = Duration::from_secs(seconds.trim().parse().unwrap_or_default());
    Some(Move { to: to.trim().trim_matches(['\'', '"']).to_owned(), after })
}

/// The JavaScript string behind `word` and an optional `=`, and what follows it.
fn quoted_after<'a>(code: &'a str, word: &str) -> Option<(String, &'a str)> {
    let (_, after) = code.split_once(word)?;
    let after = after.trim_start_matches([' ', '=', '(']);
    let quote = after.chars().next().filter(|letter| matches!(letter, '\'' | '"'))?;
    let mut text = String::new();
    let mut letters = after.char_indices().skip(1);
    while let Some((place, letter)) = letters.next() {
        if letter == quote {
            return Some((text, after.get(place..).unwrap_or_default()));
        }
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next()?.1 {
            'u' => {
                let code: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                text.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)?);
            }
            'n' => text.push('\n'),
            other => text.push(other),
        }
    }
    None
}

/// The last whole number in a script: a timer's milliseconds.
fn millis(code: &str) -> Duration {
    let digits = code.split(|letter: char| !letter.is_ascii_digit()).rfind(|run| !run.is_empty());
    Duration::from_millis(digits.and_then(|run| run.parse().ok()).unwrap_or_default())
}

fn unescape(text: &str) -> String {
    text.replace("&#39;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_posts_itself_is_found_by_its_id() {
        let page = Page::read(
            "<body data-page='challenge'><form id='a'></form><form id='threeDSForm' action='http://b/?x=1&amp;y=2' method='POST'>\
<input type='hidden' name='MD' value='it&#39;s'><noscript><button type='submit'>Go</button></noscript></form>\
<script>document.getElementById('threeDSForm').submit();</script></body>",
        );
        let form = page.submitted_form().unwrap();
        assert_eq!((form.action.as_str(), form.posts), ("http://b/?x=1&y=2", true));
        assert_eq!(form.inputs, [("MD".to_owned(), "it's".to_owned())]);
        assert_eq!(page.kind, "challenge");
    }

    #[test]
    fn scripts_timers_refreshes_and_frames_say_where_they_lead() {
        let page = Page::read(
            "<script>setTimeout(function () { window.top.location.href = 'http:\\/\\/a\\u0027'; }, 250);</script>",
        );
        assert_eq!(page.script, Some(Move { to: "http://a'".to_owned(), after: Duration::from_millis(250) }));
        let page =
            Page::read("<meta http-equiv=\"refresh\" content=\"0;url=/a?b=1&amp;c=2\"><iframe src='/f'></iframe>");
        assert_eq!(page.refresh, Some(Move { to: "/a?b=1&c=2".to_owned(), after: Duration::ZERO }));
        assert_eq!(page.frames, ["/f"]);
    }

    #[test]
    fn the_code_is_read_from_the_text_and_buttons_are_not_inputs() {
        let page = Page::read(
            "<form><input name=code autofocus><p>Practice code: 123456</p><button name=action value=cancel>Cancel</button></form>",
        );
        assert_eq!(page.digits_after("Practice code:").as_deref(), Some("123456"));
        let form = page.form_with("code").unwrap();
        assert_eq!(form.buttons, [("action".to_owned(), "cancel".to_owned())]);
        assert_eq!(form.inputs, [("code".to_owned(), String::new())]);
    }
}
