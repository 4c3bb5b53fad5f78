//! The faults file: TOML or JSON in, rules out, errors with line and field. The format is documented in the README.

use serde::Deserialize;
use serde_json::value::RawValue;
use toml_edit::Document;

use crate::fault::{Call, CutPoint, Fault, FaultRule, Gateway, Occurrence, When};

/// Why a faults file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("faults file, line {line}{}: {message}", .field.as_ref().map(|name| format!(", field `{name}`")).unwrap_or_default())]
pub struct FaultFileError {
    /// The line, counted from 1.
    pub line: usize,
    /// The field that is wrong, where one can be named.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Delay,
    Hold,
    Cut,
    Status,
    CutJson,
    NotJson,
    EmptyBody,
    HugeBody,
    SlowBody,
    TooMany,
    Unauthorized,
    Redirect,
    Pending,
    ArrayWrapped,
    ArrayDiffers,
    Base64Html,
    Duplicate,
}

/// One rule as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    gateway: Gateway,
    call: Call,
    always: Option<bool>,
    nth: Option<u32>,
    first: Option<u32>,
    reference: Option<String>,
    order: Option<String>,
    card: Option<String>,
    fault: Kind,
    millis: Option<u64>,
    when: Option<When>,
    at: Option<CutPoint>,
    status: Option<u16>,
    body: Option<String>,
    retry_after: Option<u64>,
    to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TomlFile {
    #[serde(default)]
    fault: Vec<RuleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonFile<'a> {
    #[serde(borrow)]
    fault: Vec<&'a RawValue>,
}

/// A field and what is wrong with it.
type Wrong = (&'static str, String);

/// Reads a faults file, TOML (`[[fault]]` tables) or JSON (`{"fault": […]}` or a bare array).
///
/// # Errors
/// The line, the field where one can be named, and what is allowed there.
pub fn parse_faults(text: &str) -> Result<Vec<FaultRule>, FaultFileError> {
    let start = text.trim_start();
    let array = start.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', ']']));
    if array || start.starts_with('{') { parse_json(text, array) } else { parse_toml(text) }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn parse_toml(text: &str) -> Result<Vec<FaultRule>, FaultFileError> {
    let file: TomlFile = toml_edit::de::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let message = error.message().to_owned();
        FaultFileError { line: line_at(text, offset), field: quoted(&message), message }
    })?;
    let rules = file.fault.into_iter().enumerate();
    rules
        .map(|(index, rule)| {
            rule.into_rule().map_err(|(field, message)| {
                let offset = toml_offset(text, index, field);
                FaultFileError { line: line_at(text, offset), field: Some(field.to_owned()), message }
            })
        })
        .collect()
}

/// Where a field of the `index`-th rule stands, or the rule itself when the field is missing.
fn toml_offset(text: &str, index: usize, field: &str) -> usize {
    let Ok(document) = Document::parse(text) else { return 0 };
    let table = document.get("fault").and_then(|item| item.as_array_of_tables()).and_then(|tables| tables.get(index));
    let key = table.and_then(|table| table.key(field)).and_then(|key| key.span());
    key.or_else(|| table.and_then(|table| table.span())).map_or(0, |span| span.start)
}

fn parse_json(text: &str, array: bool) -> Result<Vec<FaultRule>, FaultFileError> {
    let syntax = |error: serde_json::Error| FaultFileError {
        line: error.line().max(1),
        field: quoted(&error.to_string()),
        message: error.to_string(),
    };
    let rules: Vec<&RawValue> = if array {
        serde_json::from_str(text).map_err(syntax)?
    } else {
        serde_json::from_str::<JsonFile<'_>>(text).map_err(syntax)?.fault
    };
    let start = text.as_ptr().addr();
    let read = |raw: &RawValue| {
        let first_line = line_at(text, raw.get().as_ptr().addr().saturating_sub(start));
        let rule: RuleText = serde_json::from_str(raw.get()).map_err(|error| FaultFileError {
            line: first_line + error.line().saturating_sub(1),
            field: quoted(&error.to_string()),
            message: error.to_string(),
        })?;
        rule.into_rule().map_err(|(field, message)| {
            let within = raw.get().find(&format!("\"{field}\"")).unwrap_or(0);
            let line = first_line + line_at(raw.get(), within).saturating_sub(1);
            FaultFileError { line, field: Some(field.to_owned()), message }
        })
    };
    rules.into_iter().map(read).collect()
}

/// The first name between back quotes in a parser's message: the field or value it complains about.
fn quoted(message: &str) -> Option<String> {
    message.split('`').nth(1).map(str::to_owned)
}

impl RuleText {
    fn into_rule(self) -> Result<FaultRule, Wrong> {
        let occurrence = self.occurrence()?;
        self.check_matches()?;
        self.check_parameters()?;
        let when = self.when.unwrap_or(When::Before);
        let fault = match self.fault {
            Kind::Delay => Fault::Delay { millis: self.millis.ok_or(missing("millis"))? },
            Kind::Hold => Fault::Hold { when },
            Kind::Cut => Fault::Cut { at: self.at.ok_or(missing("at"))? },
            Kind::Status => Fault::Status { status: self.status.ok_or(missing("status"))?, body: self.body, when },
            Kind::CutJson => Fault::CutJson,
            Kind::NotJson => Fault::NotJson,
            Kind::EmptyBody => Fault::EmptyBody,
            Kind::HugeBody => Fault::HugeBody,
            Kind::SlowBody => Fault::SlowBody,
            Kind::TooMany => Fault::TooMany { retry_after: self.retry_after.unwrap_or(1) },
            Kind::Unauthorized => Fault::Unauthorized,
            Kind::Redirect => {
                Fault::Redirect { status: self.status.unwrap_or(307), to: self.to.ok_or(missing("to"))?, when }
            }
            Kind::Pending => Fault::Pending,
            Kind::ArrayWrapped => Fault::ArrayWrapped,
            Kind::ArrayDiffers => Fault::ArrayDiffers,
            Kind::Base64Html => Fault::Base64Html,
            Kind::Duplicate => Fault::Duplicate,
        };
        let FaultRule { fault, .. } = FaultRule::new(self.gateway, self.call, fault);
        let (gateway, call) = (self.gateway, self.call);
        Ok(FaultRule {
            gateway,
            call,
            occurrence,
            reference: self.reference,
            order: self.order,
            card: self.card,
            fault,
        })
    }

    fn occurrence(&self) -> Result<Occurrence, Wrong> {
        match (self.always, self.nth, self.first) {
            (None | Some(true), None, None) => Ok(Occurrence::Always),
            (None, Some(0), None) => Err(("nth", "counts from 1".to_owned())),
            (None, None, Some(0)) => Err(("first", "must be at least 1".to_owned())),
            (None, Some(nth), None) => Ok(Occurrence::Nth(nth)),
            (None, None, Some(first)) => Ok(Occurrence::First(first)),
            (Some(false), None, None) => Err(("always", "must be true, or left out for `nth` or `first`".to_owned())),
            (Some(_), _, _) => Err(("always", "excludes `nth` and `first`".to_owned())),
            (None, Some(_), Some(_)) => Err(("nth", "excludes `first`".to_owned())),
        }
    }

    fn check_matches(&self) -> Result<(), Wrong> {
        if self.card.as_ref().is_some_and(|card| card.len() != 4 || !crate::fields::is_digits(card)) {
            return Err(("card", "must be the last four digits".to_owned()));
        }
        let before_body = self.at == Some(CutPoint::BeforeBody);
        let unread = "cannot be matched by a cut before the body, which nobody has read yet";
        if before_body && self.card.is_some() {
            return Err(("card", unread.to_owned()));
        }
        if before_body && self.reference.is_some() {
            return Err(("reference", unread.to_owned()));
        }
        if before_body && self.order.is_some() && matches!(self.call, Call::Pay | Call::Options) {
            return Err(("order", unread.to_owned()));
        }
        Ok(())
    }

    /// A parameter that the chosen fault does not know is an error rather than ignored.
    fn check_parameters(&self) -> Result<(), Wrong> {
        let known: &[&str] = match self.fault {
            Kind::Delay => &["millis"],
            Kind::Hold => &["when"],
            Kind::Cut => &["at"],
            Kind::Status => &["status", "body", "when"],
            Kind::TooMany => &["retry_after"],
            Kind::Redirect => &["status", "to", "when"],
            Kind::CutJson
            | Kind::NotJson
            | Kind::EmptyBody
            | Kind::HugeBody
            | Kind::SlowBody
            | Kind::Unauthorized
            | Kind::Pending
            | Kind::ArrayWrapped
            | Kind::ArrayDiffers
            | Kind::Base64Html
            | Kind::Duplicate => &[],
        };
        let given = [
            ("millis", self.millis.is_some()),
            ("when", self.when.is_some()),
            ("at", self.at.is_some()),
            ("status", self.status.is_some()),
            ("body", self.body.is_some()),
            ("retry_after", self.retry_after.is_some()),
            ("to", self.to.is_some()),
        ];
        if let Some((field, _)) = given.into_iter().find(|(field, given)| *given && !known.contains(field)) {
            return Err((field, "does not belong to this fault".to_owned()));
        }
        match (self.fault, self.status) {
            (Kind::Status, Some(status)) if !(200..=599).contains(&status) => {
                Err(("status", format!("must be between 200 and 599, got {status}")))
            }
            (Kind::Redirect, Some(status)) if ![301, 302, 303, 307, 308].contains(&status) => {
                Err(("status", format!("must be 301, 302, 303, 307 or 308, got {status}")))
            }
            (_, Some(_) | None) => Ok(()),
        }
    }
}

fn missing(field: &'static str) -> Wrong {
    (field, "is required for this fault".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = r#"
            [[fault]]
            gateway = "yolcu360"
            call = "pay"
            order = "order_1002"
            first = 2
            fault = "cut"
            at = "after_executing"

            [[fault]]
            gateway = "finrota"
            call = "status"
            fault = "status"
            status = 503
            body = "busy"
        "#;
        let json = r#"{"fault":[
            {"gateway":"yolcu360","call":"pay","order":"order_1002","first":2,"fault":"cut","at":"after_executing"},
            {"gateway":"finrota","call":"status","fault":"status","status":503,"body":"busy"}]}"#;
        let cut = Fault::Cut { at: CutPoint::AfterExecuting };
        let busy = Fault::Status { status: 503, body: Some("busy".to_owned()), when: When::Before };
        let expected = vec![
            FaultRule::new(Gateway::Yolcu360, Call::Pay, cut).on_order("order_1002").first(2),
            FaultRule::new(Gateway::Finrota, Call::Status, busy),
        ];
        assert_eq!(parse_faults(toml), Ok(expected.clone()));
        assert_eq!(parse_faults(json), Ok(expected.clone()));
        let bare = json.trim_start_matches("{\"fault\":").trim_end_matches('}');
        assert_eq!(parse_faults(&format!("{bare} ")), Ok(expected));
    }

    #[test]
    fn an_error_names_the_line_and_the_field() {
        let head = "[[fault]]\ngateway = \"finrota\"\ncall = \"pay\"\n";
        let table = [
            ("fault = \"delay\"", 1, "millis"),
            ("fault = \"not_json\"\nmillis = 5", 5, "millis"),
            ("fault = \"cut\"\nat = \"before_body\"\ncard = \"1111\"", 6, "card"),
            ("fault = \"cut\"\nat = \"before_body\"\norder = \"order_1\"", 6, "order"),
            ("fault = \"not_json\"\ncard = \"11a1\"", 5, "card"),
            ("fault = \"not_json\"\nnth = 0", 5, "nth"),
            ("fault = \"not_json\"\nfirst = 1\nalways = true", 6, "always"),
            ("fault = \"status\"\nstatus = 700", 5, "status"),
            ("fault = \"redirect\"\nto = \"/x\"\nstatus = 304", 6, "status"),
            ("fault = \"explode\"", 4, "explode"),
            ("fault = \"not_json\"\nfrequency = 2", 5, "frequency"),
        ];
        for (rest, line, field) in table {
            let error = parse_faults(&format!("{head}{rest}\n")).unwrap_err();
            assert_eq!((error.line, error.field.as_deref()), (line, Some(field)), "{rest}: {error}");
        }
        let json = "[\n{\"gateway\":\"finrota\",\"call\":\"pay\",\n\"fault\":\"not_json\",\n\"at\":\"mid_body\"}]";
        let error = parse_faults(json).unwrap_err();
        assert_eq!((error.line, error.field.as_deref()), (4, Some("at")));
    }

    #[test]
    fn an_empty_file_has_no_rules() {
        assert_eq!(parse_faults("# nothing yet\n"), Ok(Vec::new()));
        assert_eq!(parse_faults("[]"), Ok(Vec::new()));
    }
}
