//! The ways in which the gateway's callback sends the browser on to the merchant.

use url::Url;

use super::pages::{escape, message, page, posts_itself, script_text};
use super::{Session, Told};
use crate::answer::Answer;
use crate::fault::Gateway;
use crate::scene::Return;
use crate::world::World;

/// The fields of a return, as each document or practice has them.
fn fields(session: &Session, told: &Told) -> Vec<(&'static str, String)> {
    let key = session.purchase.key.clone();
    let mut fields = match session.purchase.gateway {
        Gateway::Finrota => vec![
            ("success", told.success.to_string()),
            ("clientReferenceCode", key),
            ("orderId", session.payment_id.clone()),
            ("error", told.error.clone().unwrap_or_default()),
        ],
        Gateway::Yolcu360 => {
            let status = if told.success { "success" } else { "failed" };
            vec![("orderID", key), ("status", status.to_owned())]
        }
    };
    if session.plan.scene == "authenticated_not_charged" {
        fields.push(("mdStatus", if told.authenticated { "1" } else { "0" }.to_owned()));
    }
    fields
}

/// The merchant's address with the fields added to its query.
fn with_query(url: &Url, fields: &[(&'static str, String)]) -> String {
    let mut url = url.clone();
    url.query_pairs_mut().extend_pairs(fields);
    url.into()
}

fn moves_by_script(scene: &str, to: &str) -> Answer {
    let target = script_text(to);
    Answer::html(
        200,
        format!(
            "<!DOCTYPE html>\n<html>\n<head>\n    <title>Payment Complete</title>\n</head>\n\
<body data-page=\"return\" data-scene=\"{}\">\n<script>\n    window.location.href = '{target}';\n</script>\n</body>\n</html>\n",
            escape(scene)
        ),
    )
}

/// The callback's answer: the browser is on its way to the merchant.
pub(crate) fn send_back(world: &World, id: &str, session: &Session, told: &Told) -> Answer {
    let fields = fields(session, told);
    let url = &session.purchase.return_url;
    let to = with_query(url, &fields);
    let scene = session.plan.scene;
    match session.plan.back {
        Return::Usual => match session.purchase.gateway {
            Gateway::Finrota => Answer::html(200, posts_itself(scene, "return", url.as_str(), &fields)),
            Gateway::Yolcu360 => moves_by_script(scene, &to),
        },
        Return::FormPost => Answer::html(200, posts_itself(scene, "return", url.as_str(), &fields)),
        Return::HttpsOnly => Answer::html(200, posts_itself(scene, "return", url.as_str(), &fields))
            .with_header("content-security-policy", "form-action 'self' https:".to_owned()),
        Return::Found302 => Answer::redirect(302, to),
        Return::SeeOther303 => Answer::redirect(303, to),
        Return::Temporary307 => Answer::redirect(307, to),
        Return::Script => moves_by_script(scene, &to),
        Return::MetaRefresh => {
            let head = format!("<meta http-equiv=\"refresh\" content=\"0;url={}\">", escape(&to));
            Answer::html(200, page(scene, "return", &head, "<main><p>Going back to the merchant.</p></main>"))
        }
        Return::Frame => {
            let frame =
                format!("<main><p>Please wait.</p></main><iframe src=\"/bank/frame/{id}\" title=\"Bank\"></iframe>");
            Answer::html(200, page(scene, "return_frame", "", &frame))
        }
        Return::Late => {
            let answer = Answer::redirect(302, to);
            Answer { delay: world.knobs.bank_delay, ..answer }
        }
        Return::Twice => {
            let body = format!(
                "<iframe src=\"{}\" title=\"First return\" hidden></iframe>\
<script>setTimeout(function () {{ window.location.href = '{}'; }}, {});</script>",
                escape(&to),
                script_text(&to),
                world.knobs.bank_delay.as_millis()
            );
            Answer::html(200, page(scene, "return_twice", "", &body))
        }
        Return::Never => Answer::html(
            200,
            message(scene, "end", "The bank's work is done. This page leads nowhere; close the window."),
        ),
        Return::Popup => {
            let target = script_text(&to);
            let body = format!(
                "<script>if (window.opener) {{ window.opener.location.href = '{target}'; window.close(); }} \
else {{ window.location.href = '{target}'; }}</script>"
            );
            Answer::html(200, page(scene, "return_popup", "", &body))
        }
    }
}

/// `GET /bank/frame/{id}`: the frame that moves the whole window when its timer is over.
pub(crate) fn frame(world: &World, id: &str) -> Answer {
    let Some(session) = world.sessions.get(id) else { return super::no_session() };
    let super::Stage::Settled(told) = &session.stage else { return super::no_session() };
    let to = with_query(&session.purchase.return_url, &fields(session, told));
    let body = format!(
        "<script>setTimeout(function () {{ window.top.location.href = '{}'; }}, {});</script>",
        script_text(&to),
        world.knobs.bank_delay.as_millis()
    );
    Answer::html(200, page(session.plan.scene, "frame", "", &body))
}
