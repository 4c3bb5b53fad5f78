//! Bodies off the network, bounded: however much is sent, no more than a mebibyte is ever held.

use reqwest::Response;
use zeroize::Zeroizing;

use crate::reading::{BODY_BYTES_MOST, Body, append};

/// Reads a body to its end or its bound. The caller sets the deadline.
pub(crate) async fn receive(mut response: Response) -> Body {
    let bound = u64::try_from(BODY_BYTES_MOST).unwrap_or(u64::MAX);
    let stated = response.content_length();
    if stated.is_some_and(|length| length > bound) {
        return Body::TooLarge;
    }
    let room = stated.and_then(|length| usize::try_from(length).ok()).unwrap_or(16 * 1024);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                if bytes.len().saturating_add(chunk.len()) > BODY_BYTES_MOST {
                    return Body::TooLarge;
                }
                append(&mut bytes, &chunk);
            }
            Ok(None) => return Body::Whole(bytes),
            Err(_) => return Body::Cut,
        }
    }
}
