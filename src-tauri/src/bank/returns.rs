//! Which return belongs to which attempt, and what of it is news.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;
use vezne_core::attempt::{ReturnFields, ReturnHint};
use vezne_core::ids::{AttemptId, Nonce};

use super::address;

/// How many attempts' returns are known again; a desk has three attempts open, and late returns of many before.
const ATTEMPTS_KEPT: usize = 256;
/// How many different returns of one attempt are handed on; the till writes down fewer.
const HINTS_MOST: usize = 64;

/// How an attempt's page comes back to its window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// By our own scheme: the body reaches the protocol's handler.
    Scheme,
    /// By an https page of the account's owner, which is never loaded.
    Https(Url),
    /// By the loop-back server, which hands the return on itself: this very address.
    Loopback(Url),
}

/// A return address, known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caught {
    /// The attempt that it belongs to.
    pub(crate) attempt: AttemptId,
    /// Whether the navigation goes on: it does where the body is read at its end.
    pub(crate) goes_on: bool,
    /// Whether what it said is handed on here, and not by the loop-back server.
    pub(crate) ours: bool,
}

/// How a return became the window's own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Landing {
    /// It was loaded, and read by the protocol's handler before.
    Shown,
    /// It was on its way there, and nothing was loaded: it said no more than its address.
    Stopped,
}

struct Expected {
    attempt: AttemptId,
    nonce: Nonce,
    way: Way,
    /// What was handed on already.
    told: Vec<ReturnHint>,
    /// What the protocol's handler read, and at which address: when that becomes the window's own page, this is what it
    /// said. The handler can't tell a frame from the page, so all that was read is kept.
    answered: Vec<(Url, ReturnFields)>,
}

/// The returns that are waited for.
#[derive(Default)]
pub(crate) struct Returns {
    expected: Mutex<VecDeque<Expected>>,
}

impl Returns {
    fn expected(&self) -> MutexGuard<'_, VecDeque<Expected>> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Expects returns of an attempt; its one nonce stays the same.
    pub(crate) fn expect(&self, attempt: AttemptId, fresh: Nonce, way: Way) -> Nonce {
        let mut expected = self.expected();
        if let Some(known) = expected.iter_mut().find(|known| known.attempt == attempt) {
            known.way = way;
            return known.nonce;
        }
        if expected.len() >= ATTEMPTS_KEPT {
            expected.pop_front();
        }
        expected.push_back(Expected { attempt, nonce: fresh, way, told: Vec::new(), answered: Vec::new() });
        fresh
    }

    /// The return that an address is, if it is one.
    pub(crate) fn caught(&self, url: &Url) -> Option<Caught> {
        let of_scheme = address::nonce_of_scheme(url);
        self.expected().iter().find_map(|known| {
            let (is, goes_on, ours) = match &known.way {
                Way::Scheme => (of_scheme == Some(known.nonce), true, true),
                Way::Https(page) => (address::nonce_below(page, url) == Some(known.nonce), false, true),
                Way::Loopback(page) => (is_loopback_return(page, url), true, false),
            };
            is.then_some(Caught { attempt: known.attempt, goes_on, ours })
        })
    }

    /// A return was seen on its way, with nothing but its address. Says what is news of it.
    pub(crate) fn passed(&self, attempt: AttemptId, url: &Url) -> Option<ReturnHint> {
        self.news(attempt, ReturnHint { fields: of_query(url), own_page: false })
    }

    /// A return was read with all that it said. Says what is news of it.
    pub(crate) fn read(&self, attempt: AttemptId, url: &Url, fields: ReturnFields) -> Option<ReturnHint> {
        if let Some(known) = self.expected().iter_mut().find(|known| known.attempt == attempt) {
            let new = !known.answered.iter().any(|(at, said)| at == url && *said == fields);
            // One more than are looked at: then nothing of it is believed.
            if new && known.answered.len() <= HINTS_MOST {
                known.answered.push((url.clone(), fields.clone()));
            }
        }
        self.news(attempt, ReturnHint { fields, own_page: false })
    }

    /// A return has become the window's own page. Says what is news of it.
    pub(crate) fn landed(&self, attempt: AttemptId, url: &Url, landing: Landing) -> Option<ReturnHint> {
        let fields = match landing {
            Landing::Shown => self.said_at(attempt, url),
            Landing::Stopped => of_query(url),
        };
        self.news(attempt, ReturnHint { fields, own_page: true })
    }

    /// What the page at this address said. If different things were read there, a frame may have said one of them: which is
    /// the page's own can't be told, and so nothing was said.
    fn said_at(&self, attempt: AttemptId, url: &Url) -> ReturnFields {
        let expected = self.expected();
        let Some(known) = expected.iter().find(|known| known.attempt == attempt) else { return of_query(url) };
        if known.answered.len() > HINTS_MOST {
            return ReturnFields::default();
        }
        let mut said = known.answered.iter().filter(|(at, _)| at == url).map(|(_, fields)| fields);
        match (said.next(), said.next()) {
            (None, _) => of_query(url),
            (Some(only), None) => only.clone(),
            (Some(_), Some(_)) => ReturnFields::default(),
        }
    }

    /// However often the same is heard, it is told once; and once more when it turns out to be the window's own page.
    fn news(&self, attempt: AttemptId, hint: ReturnHint) -> Option<ReturnHint> {
        let mut expected = self.expected();
        let known = expected.iter_mut().find(|known| known.attempt == attempt)?;
        let old = known.told.iter().any(|told| told.fields == hint.fields && (told.own_page || !hint.own_page));
        if old || (known.told.len() >= HINTS_MOST && !hint.own_page) {
            return None;
        }
        known.told.push(hint.clone());
        Some(hint)
    }
}

fn of_query(url: &Url) -> ReturnFields {
    let query = url.query().unwrap_or_default();
    let query = if query.len() > vezne_home::RETURN_QUERY_BYTES { "" } else { query };
    vezne_home::return_fields(query, &[], "")
}

fn is_loopback_return(page: &Url, url: &Url) -> bool {
    page.origin() == url.origin() && page.path() == url.path()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vezne_core::time::Timestamp;

    fn attempt(last: u8) -> AttemptId {
        AttemptId::from_parts(Timestamp::from_millis(1), [0, 0, 0, 0, 0, 0, 0, 0, 0, last])
    }

    fn nonce(of: u8) -> Nonce {
        Nonce::from_random([of; 16])
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn at(of: u8, query: &str) -> Url {
        url(&format!("{}{query}", address::of_scheme(nonce(of))))
    }

    fn returns() -> Returns {
        let returns = Returns::default();
        returns.expect(attempt(1), nonce(1), Way::Scheme);
        returns.expect(attempt(2), nonce(2), Way::Https(url("https://desk.example/back")));
        returns.expect(attempt(3), nonce(3), Way::Loopback(url("http://127.0.0.1:4000/return/abc")));
        returns
    }

    #[test]
    fn a_return_belongs_to_the_attempt_whose_nonce_it_carries() {
        let returns = returns();
        let caught = |address: &Url| returns.caught(address).map(|caught| (caught.attempt, caught.goes_on));
        assert_eq!(caught(&at(1, "?status=success")), Some((attempt(1), true)));
        assert_eq!(caught(&at(9, "")), None);
        // Of an attempt that returns in another way.
        assert_eq!(caught(&at(2, "")), None);
        let https = format!("https://desk.example/back/{}?x", nonce(2).expose());
        assert_eq!(caught(&url(&https)), Some((attempt(2), false)));
        assert_eq!(caught(&url(&https.replace(&nonce(2).expose(), &nonce(1).expose()))), None);
        assert_eq!(caught(&url("http://127.0.0.1:4000/return/abc?x=1")), Some((attempt(3), true)));
        for other in ["http://127.0.0.1:4001/return/abc", "http://127.0.0.1:4000/return/abcd", "https://bank.com/"] {
            assert_eq!(caught(&url(other)), None, "{other}");
        }
    }

    #[test]
    fn an_attempt_asked_twice_for_its_address_keeps_its_nonce() {
        let returns = returns();
        assert_eq!(returns.expect(attempt(1), nonce(8), Way::Scheme), nonce(1));
        assert!(returns.caught(&at(8, "")).is_none());
    }

    #[test]
    fn the_same_return_seen_in_both_places_is_told_once_and_once_more_as_the_windows_own_page() {
        let returns = returns();
        let page = at(1, "?status=success&orderID=o1");
        let first = returns.passed(attempt(1), &page).unwrap();
        assert_eq!((first.own_page, first.fields.status.as_ref().unwrap().as_str()), (false, "success"));
        assert_eq!(returns.read(attempt(1), &page, first.fields.clone()), None);
        let own = returns.landed(attempt(1), &page, Landing::Shown).unwrap();
        assert_eq!((own.own_page, &own.fields), (true, &first.fields));
        assert_eq!(returns.landed(attempt(1), &page, Landing::Shown), None);
        assert_eq!(returns.passed(attempt(1), &page), None);
    }

    #[test]
    fn a_posted_return_is_told_with_its_body_when_it_has_become_the_page() {
        let returns = returns();
        let page = at(1, "");
        assert_eq!(returns.passed(attempt(1), &page).unwrap().fields, ReturnFields::default());
        let said = vezne_home::return_fields("", b"success=true", "application/x-www-form-urlencoded");
        assert_eq!(returns.read(attempt(1), &page, said.clone()).unwrap().fields, said);
        let own = returns.landed(attempt(1), &page, Landing::Shown).unwrap();
        assert_eq!((own.own_page, own.fields), (true, said));
    }

    #[test]
    fn what_was_read_at_another_address_is_not_what_the_page_said() {
        let returns = returns();
        let forged = vezne_home::return_fields("status=success", &[], "");
        assert!(returns.read(attempt(1), &at(1, "?status=success"), forged).is_some());
        let own = returns.landed(attempt(1), &at(1, "?status=failed"), Landing::Shown).unwrap();
        assert_eq!(own.fields.status.unwrap().as_str(), "failed");
    }

    #[test]
    fn a_frame_that_posts_to_the_address_of_the_page_does_not_speak_for_it() {
        let posted = |body: &str| vezne_home::return_fields("", body.as_bytes(), "application/x-www-form-urlencoded");
        let page = at(1, "");
        for (first, second) in [("status=success", "status=failed"), ("status=failed", "status=success")] {
            let returns = returns();
            returns.read(attempt(1), &page, posted(first));
            // Something else in between changes nothing.
            returns.read(attempt(1), &at(1, "?x"), posted("status=success"));
            returns.read(attempt(1), &page, posted(second));
            let own = returns.landed(attempt(1), &page, Landing::Shown).unwrap();
            assert_eq!((own.own_page, own.fields), (true, ReturnFields::default()), "{first}, then {second}");
        }
    }

    #[test]
    fn a_redirect_that_was_stopped_says_what_stands_in_its_address_and_not_what_a_frame_posted_there() {
        let returns = returns();
        let page = at(1, "?status=failed");
        let forged = vezne_home::return_fields("", b"status=success", "application/x-www-form-urlencoded");
        returns.read(attempt(1), &page, forged);
        let own = returns.landed(attempt(1), &page, Landing::Stopped).unwrap();
        assert_eq!(own.fields.status.unwrap().as_str(), "failed");
    }

    #[test]
    fn a_frame_that_posts_more_than_is_looked_at_has_nothing_believed() {
        let returns = returns();
        for n in 0..=HINTS_MOST {
            let said = vezne_home::return_fields(&format!("status=s{n}"), &[], "");
            returns.read(attempt(1), &at(1, &format!("?{n}")), said);
        }
        let page = at(1, "?status=success");
        returns.read(attempt(1), &page, of_query(&page));
        let own = returns.landed(attempt(1), &page, Landing::Shown).unwrap();
        assert_eq!(own.fields, ReturnFields::default());
    }

    #[test]
    fn a_page_that_floods_us_with_returns_is_heard_only_so_often_and_its_real_end_all_the_same() {
        let returns = returns();
        let told = (0..1000).filter(|n| returns.passed(attempt(1), &at(1, &format!("?status=s{n}"))).is_some());
        assert_eq!(told.count(), HINTS_MOST);
        assert!(returns.landed(attempt(1), &at(1, "?status=failed"), Landing::Shown).is_some());
    }

    #[test]
    fn only_so_many_attempts_are_remembered_and_the_oldest_goes() {
        let returns = Returns::default();
        for one in 0..=255 {
            returns.expect(attempt(one), nonce(one), Way::Scheme);
        }
        assert!(returns.caught(&at(0, "")).is_some());
        let late = AttemptId::from_parts(Timestamp::from_millis(2), [1; 10]);
        returns.expect(late, Nonce::from_random([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]), Way::Scheme);
        assert!(returns.caught(&at(0, "")).is_none());
        assert!(returns.caught(&at(1, "")).is_some());
    }
}
