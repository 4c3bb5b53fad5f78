//! What the journal says, read from its events alone and folded here once more: a judge must not use the accused's glasses.

use std::collections::BTreeMap;

use serde_json::Value;

/// An attempt as its events tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: String,
    /// Its payment.
    pub payment: String,
    /// Its own reference, which Finrota knows it by.
    pub code: String,
    /// The order or the booking number.
    pub subject: String,
    /// Whether `subject` is an order.
    pub is_order: bool,
    /// What the card pays in minor units, if the plan said so.
    pub total_minor: Option<i64>,
    /// Where it came to stand, in order; the first is `ready`.
    pub states: Vec<String>,
    /// Whether a later word of the gateway contradicts its final outcome.
    pub contradicted: bool,
    /// Whether the order could not be read beforehand, only its options: "failed" then says nothing (`RULES.md` 4).
    pub blind: bool,
}

impl Attempt {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &str {
        self.states.last().map(String::as_str).unwrap_or_default()
    }

    /// How often the journal says that a request leaves.
    #[must_use]
    pub fn sendings(&self) -> u32 {
        count(&self.states, "sending")
    }

    /// What the gateway counts it under.
    #[must_use]
    pub fn key(&self) -> &str {
        if self.is_order { &self.subject } else { &self.code }
    }

    /// Whether nothing more is to happen.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self.state(), "approved" | "declined" | "refused" | "not_sent")
    }
}

/// A void or refund as its events tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// Its id.
    pub id: String,
    /// The attempt whose money goes back.
    pub attempt: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// Where it came to stand, in order; the first is `ready`.
    pub states: Vec<String>,
}

impl Reversal {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &str {
        self.states.last().map(String::as_str).unwrap_or_default()
    }

    /// How often the journal says that a request leaves.
    #[must_use]
    pub fn sendings(&self) -> u32 {
        count(&self.states, "sending")
    }

    /// Whether nothing more is to happen.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self.state(), "done" | "refused" | "not_done" | "not_sent")
    }
}

fn count(states: &[String], word: &str) -> u32 {
    u32::try_from(states.iter().filter(|state| *state == word).count()).unwrap_or(u32::MAX)
}

/// The whole journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// Every attempt, oldest first.
    pub attempts: Vec<Attempt>,
    /// Every reversal, oldest first.
    pub reversals: Vec<Reversal>,
    /// How many events there are.
    pub events: usize,
}

impl Books {
    /// Reads `veznectl journal export --what events`.
    ///
    /// # Errors
    /// What can't be understood, in words.
    pub fn read(export: &str) -> Result<Self, String> {
        let mut books = Self::default();
        let mut places = BTreeMap::new();
        let mut said = None;
        for line in export.lines().filter(|line| !line.is_empty()) {
            let event: Value = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
            if let Some(count) = event.get("events") {
                said = count.as_u64();
                continue;
            }
            books.events = books.events.saturating_add(1);
            let body = event.get("body").unwrap_or(&Value::Null);
            if let Some(body) = body.get("attempt") {
                books.attempt(body, &mut places).ok_or_else(|| format!("an event of no known form: {line}"))?;
            } else if let Some(body) = body.get("reversal") {
                books.reversal(body, &mut places).ok_or_else(|| format!("an event of no known form: {line}"))?;
            }
        }
        if said != u64::try_from(books.events).ok() {
            return Err(format!("the export holds {} events, and its end says {said:?}", books.events));
        }
        Ok(books)
    }

    /// The attempts for an order or booking number, oldest first.
    pub fn of<'a>(&'a self, subject: &'a str) -> impl DoubleEndedIterator<Item = &'a Attempt> {
        self.attempts.iter().filter(move |attempt| attempt.subject == subject)
    }

    /// The reversals of an attempt, oldest first.
    pub fn reversals_of<'a>(&'a self, attempt: &'a str) -> impl DoubleEndedIterator<Item = &'a Reversal> {
        self.reversals.iter().filter(move |reversal| reversal.attempt == attempt)
    }

    fn attempt(&mut self, body: &Value, places: &mut BTreeMap<String, usize>) -> Option<()> {
        let id = text(body, "attempt")?;
        let (word, inside) = named(body.get("entry")?)?;
        if word == "opened" {
            places.insert(id.clone(), self.attempts.len());
            self.attempts.push(opened(id, inside?)?);
            return Some(());
        }
        let attempt = self.attempts.get_mut(*places.get(&id)?)?;
        match word {
            "entered" => attempt.states.push(named(inside?)?.0.to_owned()),
            "contradicted" => attempt.contradicted = true,
            "baseline_read" => attempt.blind = inside?.as_str() == Some("installment_info"),
            _ => {}
        }
        Some(())
    }

    fn reversal(&mut self, body: &Value, places: &mut BTreeMap<String, usize>) -> Option<()> {
        let id = text(body, "reversal")?;
        let (word, inside) = named(body.get("entry")?)?;
        if word == "opened" {
            places.insert(id.clone(), self.reversals.len());
            let amount_minor = inside?.get("amount")?.get("minor")?.as_i64()?;
            let attempt = text(body, "attempt")?;
            self.reversals.push(Reversal { id, attempt, amount_minor, states: vec!["ready".to_owned()] });
            return Some(());
        }
        let reversal = self.reversals.get_mut(*places.get(&id)?)?;
        if word == "entered" {
            reversal.states.push(named(inside?)?.0.to_owned());
        }
        Some(())
    }
}

fn opened(id: String, intent: &Value) -> Option<Attempt> {
    let (kind, subject) = named(intent.get("subject")?)?;
    let is_order = kind == "order";
    let subject = if is_order { subject?.as_str()?.to_owned() } else { text(subject?, "reference")? };
    let total = intent.pointer("/means/card/plan/option/total/minor");
    Some(Attempt {
        id,
        payment: text(intent, "payment")?,
        code: text(intent, "reference")?,
        subject,
        is_order,
        total_minor: total.and_then(Value::as_i64),
        states: vec!["ready".to_owned()],
        contradicted: false,
        blind: false,
    })
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

/// A variant's name and what it holds, as the journal writes them.
fn named(value: &Value) -> Option<(&str, Option<&Value>)> {
    match value.as_str() {
        Some(word) => Some((word, None)),
        None => value.as_object()?.iter().next().map(|(word, inside)| (word.as_str(), Some(inside))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_folded_from_its_events_and_what_is_not_understood_is_told() {
        let line = |entry: &str| {
            format!("{{\"body\":{{\"attempt\":{{\"attempt\":\"att_1\",\"entry\":{entry},\"payment\":\"pay_1\"}}}}}}\n")
        };
        let opened = line(
            r#"{"opened":{"payment":"pay_1","reference":"VZ1","subject":{"reference":{"part":null,"reference":"R-1"}},"means":{"card":{"plan":{"option":{"total":{"currency":"TRY","minor":5100}}}}}}}"#,
        );
        let text = format!(
            "{{\"body\":{{\"epoch_started\":{{}}}}}}\n{opened}{}{}{}",
            line(r#"{"entered":{"sending":"first"}}"#),
            line(r#"{"baseline_read":"installment_info"}"#),
            line(r#"{"entered":"at_bank"}"#)
        );
        assert!(Books::read(&text).is_err(), "it is cut off before its end");
        assert!(Books::read(&format!("{text}{{\"events\":4}}\n")).is_err(), "one is missing");
        let text = format!("{text}{{\"events\":5}}\n");
        let books = Books::read(&text).unwrap();
        let attempt = &books.attempts[0];
        assert_eq!(attempt.states, ["ready", "sending", "at_bank"]);
        assert_eq!((attempt.key(), attempt.sendings(), attempt.total_minor), ("VZ1", 1, Some(5_100)));
        assert!(attempt.blind);
        assert_eq!(books.events, 5);
        assert!(Books::read(&line("\"page_opened\"")).is_err(), "an event of an attempt that was never opened");
    }
}
