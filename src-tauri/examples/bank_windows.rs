//! Opens bank windows one after the other before a small bank of its own, in every way of returning, and prints what
//! came back, on the machine at hand. Needs a display and a window manager.
//!
//! `cargo run --example bank_windows -- [WAY/SCENE …]`

#![expect(clippy::print_stdout, reason = "it is a report")]
#![expect(clippy::unwrap_used, reason = "a measurement that can't begin has nothing to say")]
#![expect(clippy::expect_used, reason = "a measurement that can't begin has nothing to say")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tauri::{Manager, WebviewUrl, WebviewWindowBuilder};
use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace};
use vezne_core::attempt::PageEnd;
use vezne_core::ids::AttemptId;
use vezne_core::ports::{BankPage, BankPages, Clock, Entropy};
use vezne_desk::bank::{self, BankWindows};
use vezne_home::{Loopback, OsEntropy, PagesParts, Returned, SystemClock};
use vezne_settings::Settings;

const WAYS: [&str; 3] = ["custom_scheme", "https", "loopback"];
const SCENES: [&str; 24] = [
    "post",
    "multipart",
    "302",
    "303",
    "307",
    "script",
    "meta",
    "html",
    "csp",
    "frame_top",
    "frame_self",
    "image",
    "frame_post",
    "popup",
    "popups",
    "hostile",
    "download",
    "refused",
    "port",
    "tls",
    "closes",
    "crash",
    "hand",
    "moves",
];

/// What is heard while one scene runs.
#[derive(Default)]
struct Heard {
    lines: Vec<String>,
    ended: Option<PageEnd>,
    own_page: bool,
}

fn main() {
    let heard: Arc<Mutex<Heard>> = Arc::default();
    let asked: Vec<String> = std::env::args().skip(1).collect();
    bank::protocol(tauri::Builder::default())
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "desk", WebviewUrl::App("index.html".into()))
                .title("desk")
                .inner_size(1024.0, 700.0)
                .build()?;
            let handle = app.handle().clone();
            std::thread::spawn(move || run(&handle, &heard, &asked));
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("the desk runs");
}

fn run(app: &tauri::AppHandle, heard: &Arc<Mutex<Heard>>, asked: &[String]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let bank = format!("http://{}", listener.local_addr().unwrap());
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&requests);
    let base = bank.clone();
    std::thread::spawn(move || serve(&listener, &base, &log));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (returns, mut caught) = tokio::sync::mpsc::channel::<Returned>(64);
    let (loopback, mut by_loopback) = Loopback::new(Arc::new(OsEntropy), Arc::new(|_| Ok(())), Arc::new(|_| {}));
    let folder = std::env::temp_dir().join(format!("bank-pages-{}", std::process::id()));
    let parts = PagesParts {
        loopback,
        entropy: Arc::new(OsEntropy),
        clock: Arc::new(SystemClock),
        settings: settings(&bank),
        returns,
    };
    let (told, ended) = (Arc::clone(heard), Arc::clone(heard));
    let windows = BankWindows::new(
        app.clone(),
        parts,
        folder.clone(),
        Arc::new(move |view| {
            told.lock()
                .unwrap()
                .lines
                .push(format!("  view {:?} host={:?} secure={}", view.state, view.host, view.secure))
        }),
        Arc::new(move |_, end| ended.lock().unwrap().ended = Some(end)),
    );
    let hear = Arc::clone(heard);
    let note = move |returned: Returned, by: &str| {
        let mut heard = hear.lock().unwrap();
        heard.own_page |= returned.hint.own_page;
        heard.lines.push(format!("  hint {by} own_page={} {:?}", returned.hint.own_page, returned.hint.fields));
    };
    runtime.spawn(async move {
        loop {
            tokio::select! {
                Some(returned) = caught.recv() => note(returned, "window"),
                Some(returned) = by_loopback.recv() => note(returned, "loopback"),
                else => return,
            }
        }
    });
    for way in WAYS {
        for scene in SCENES {
            if asked.is_empty() || asked.iter().any(|name| format!("{way}/{scene}").contains(name.as_str())) {
                runtime.block_on(one(app, &windows, heard, &bank, [way, scene]));
                for request in requests.lock().unwrap().drain(..) {
                    println!("  bank heard {request}");
                }
            }
        }
    }
    std::thread::sleep(Duration::from_secs(3));
    let left = std::fs::read_dir(&folder).map(|all| all.count()).unwrap_or(0);
    println!("folders left: {left}; windows left: {:?}", app.webview_windows().keys().collect::<Vec<_>>());
    app.exit(0);
}

async fn one(app: &tauri::AppHandle, windows: &BankWindows, heard: &Mutex<Heard>, bank: &str, [way, scene]: [&str; 2]) {
    *heard.lock().unwrap() = Heard::default();
    let attempt = AttemptId::from_parts(SystemClock.now(), OsEntropy.sixteen()[..10].try_into().unwrap());
    let address = windows.return_address(attempt, &account(way, bank), PagePlace::Window).await.unwrap();
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("r", &address).finish();
    let page = match scene {
        "html" => BankPage::Html { html: posts(&address, ""), base: format!("{bank}/api") },
        "refused" => BankPage::Address("http://127.0.0.1:60999/".to_owned()),
        // An https server on this machine whose certificate is nobody's, if one is named.
        "tls" => BankPage::Address(std::env::var("BANK_TLS").unwrap_or_else(|_| format!("{bank}/tls"))),
        "port" => BankPage::Address("http://127.0.0.1:9/".to_owned()),
        _ => BankPage::Address(format!("{bank}/{scene}?{query}")),
    };
    let begun = Instant::now();
    let opened = windows.open(attempt, page).await;
    println!("{way}/{scene}: opened {opened:?} after {:?}", begun.elapsed());
    let (mut over, mut moved) = (None, false);
    while begun.elapsed() < Duration::from_secs(3) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if scene == "hand" && begun.elapsed().as_millis() > 1000 && heard.lock().unwrap().ended.is_none() {
            by_hand(windows, attempt, app).await;
        }
        if scene == "moves" && begun.elapsed().as_millis() > 1000 && !moved {
            moved = true;
            let moving = windows.take_out(attempt).await.unwrap();
            println!("  moved: {:?}", windows.show_moved(moving).await);
        }
        if scene == "crash" && (1000..1020).contains(&begun.elapsed().as_millis()) {
            kill_newest_web_process();
        }
        let heard = heard.lock().unwrap();
        if over.is_none() && (heard.own_page || heard.ended.is_some()) {
            over = Some(begun.elapsed());
        }
        if over.is_some_and(|over| begun.elapsed() > over + Duration::from_millis(400)) {
            break;
        }
    }
    {
        let heard = heard.lock().unwrap();
        println!("{}", heard.lines.join("\n"));
        println!("  => own_page={} ended={:?} over={over:?}", heard.own_page, heard.ended);
    }
    windows.close(attempt).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
}

/// Kills the web process that was started last: the one that shows the bank's page.
fn kill_newest_web_process() {
    let ours = std::process::id().to_string();
    let found = std::process::Command::new("pgrep").args(["-n", "-P", &ours, "WebKitWebProces"]).output().unwrap();
    let process = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    let killed = std::process::Command::new("kill").args(["-9", &process]).status();
    println!("  killed {process}: {killed:?}");
}

/// A person closes the window, keeps it, parks it, takes it up again, and gives up.
async fn by_hand(windows: &BankWindows, attempt: AttemptId, app: &tauri::AppHandle) {
    let pause = || tokio::time::sleep(Duration::from_millis(300));
    let label = app.webview_windows().into_keys().find(|label| label.starts_with("bank-")).unwrap();
    let window = app.get_webview_window(&label).unwrap();
    window.close().unwrap();
    pause().await;
    println!("  after the close button: visible {:?}, title {:?}", window.is_visible(), window.title());
    windows.bring_up(attempt).unwrap();
    windows.park(attempt).unwrap();
    pause().await;
    println!("  parked: visible {:?}", window.is_visible());
    windows.bring_up(attempt).unwrap();
    pause().await;
    println!("  shown again: visible {:?}, focused {:?}", window.is_visible(), window.is_focused());
    windows.close_by_hand(attempt, true).unwrap();
    pause().await;
    println!("  gone: {}", app.get_webview_window(&label).is_none());
}

fn settings(bank: &str) -> Settings {
    let account = |way: &str| {
        let more = if way == "https" { "return_url = \"https://desk.example/back\"\n" } else { "" };
        format!(
            "[[account]]\nid = \"{}\"\nname = \"{way}\"\ngateway = \"finrota\"\nbase_url = \"{bank}\"\n\
credentials = \"sealed\"\nreturn_mode = \"{way}\"\n{more}currencies = [\"TRY\"]\ncustomer_ip = \"127.0.0.1\"\n\n",
            way.replace('_', "-")
        )
    };
    Settings::parse(&WAYS.map(account).concat(), "config.toml").unwrap()
}

fn account(way: &str, bank: &str) -> AccountRef {
    AccountRef {
        id: way.replace('_', "-").parse().unwrap(),
        name: way.parse().unwrap(),
        gateway: GatewayKind::Finrota,
        endpoint: Endpoint { base_url: bank.to_owned(), host: "127.0.0.1".to_owned(), key_fingerprint: String::new() },
    }
}

fn serve(listener: &TcpListener, bank: &str, log: &Arc<Mutex<Vec<String>>>) {
    for stream in listener.incoming().flatten() {
        let (bank, log) = (bank.to_owned(), Arc::clone(log));
        std::thread::spawn(move || answer(stream, &bank, &log));
    }
}

fn answer(mut stream: TcpStream, bank: &str, log: &Mutex<Vec<String>>) {
    let mut bytes = [0; 8192];
    let read = stream.read(&mut bytes).unwrap_or(0);
    let text = String::from_utf8_lossy(bytes.get(..read).unwrap_or_default()).into_owned();
    let target = text.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let url = url::Url::parse(&format!("{bank}{target}")).unwrap();
    let ret = url.query_pairs().find(|(name, _)| name == "r").map(|(_, value)| value.into_owned()).unwrap_or_default();
    let scene = url.path().trim_start_matches('/').to_owned();
    if scene.starts_with("tell") {
        log.lock().unwrap().push(url.query().unwrap_or_default().to_owned());
    }
    let reply = page(&scene, &ret, bank);
    let _gone = stream.write_all(reply.as_bytes());
}

fn posts(to: &str, more: &str) -> String {
    format!(
        "<!DOCTYPE html><form id=f method=post action='{to}' {more}><input name=success value=true>\
<input name=clientReferenceCode value=VZ1></form><script>document.getElementById('f').submit()</script>"
    )
}

fn page(scene: &str, ret: &str, bank: &str) -> String {
    let get = format!("{ret}?success=true&clientReferenceCode=VZ1");
    let html = |body: &str| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let moves = |status: &str| {
        format!("HTTP/1.1 {status}\r\nLocation: {get}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    };
    let child = format!("r={}", url::form_urlencoded::byte_serialize(ret.as_bytes()).collect::<String>());
    match scene {
        "post" => html(&posts(ret, "")),
        "multipart" => html(&posts(ret, "enctype='multipart/form-data'")),
        "302" => moves("302 Found"),
        "303" => moves("303 See Other"),
        "307" => moves("307 Temporary Redirect"),
        "script" => html(&format!("<script>location.href='{get}'</script>")),
        "meta" => html(&format!("<meta http-equiv=refresh content='0;url={get}'>")),
        "csp" => html(&posts(ret, "")).replace("Content-Type: text/html\r\n", "Content-Type: text/html\r\nContent-Security-Policy: form-action 'self' https:\r\n"),
        "frame_top" => html(&format!("<iframe src='/frame_top_child?{child}'></iframe>")),
        "frame_top_child" => html(&format!("<script>setTimeout(()=>top.location.href='{get}',200)</script>")),
        "frame_self" => html(&format!("<p>x<iframe src='/script?{child}'></iframe>")),
        "image" => html(&format!("<p>x<img src='{get}'>")),
        "frame_post" => html(&format!("<p>x<iframe src='/post?{child}'></iframe>")),
        "popup" => html(&format!("<script>setTimeout(()=>window.open('/popup_child?{child}'),200)</script>")),
        "popup_child" => html(&format!("<script>setTimeout(()=>{{opener.location.href='{get}';window.close()}},500)</script>")),
        "popups" => html("<script>let n=0;for(let i=0;i<10;i++){if(window.open('/post2?'+i))n++};fetch('/tell?opened='+n)</script>"),
        "hostile" => html(HOSTILE),
        "download" => html("<p>x<iframe src='/file'></iframe><script>setTimeout(()=>location='/file',300)</script>"),
        "file" => "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=bank.exe\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc".to_owned(),
        "closes" => html("<p>x<script>setTimeout(()=>window.close(),300)</script>"),
        "crash" => html("<p>x<script>setTimeout(()=>{fetch('/tell?crashing')},100)</script>"),
        _ => html(&format!("<p>{scene} {bank}")),
    }
}

/// What a page that means ill finds of the bridge.
const HOSTILE: &str = "<p>x<script>(async()=>{
const tell=(k,v)=>fetch('/tell?'+k+'='+encodeURIComponent(v));
await tell('internals', typeof window.__TAURI_INTERNALS__);
await tell('ipc', typeof window.ipc);
await tell('handlers', window.webkit&&window.webkit.messageHandlers?Object.keys(window.webkit.messageHandlers).join(',')+'|'+typeof window.webkit.messageHandlers.ipc:'none');
for (const u of ['ipc://localhost/watch','tauri://localhost/index.html','asset://localhost/etc/passwd','vezne-return://return/01ARZ3NDEKTSV4RRFFQ69G5FAV']) {
 try { const r=await fetch(u,{method:'POST',body:'{}',headers:{}}); await tell('fetch '+u, r.status+' '+(await r.text()).slice(0,80)); } catch(e) { await tell('fetch '+u, ''+e); }
 try { const f=document.createElement('iframe'); f.src=u; document.body.appendChild(f);} catch(e) {}
}
for (const u of ['file:///etc/passwd','data:text/html,x','javascript:1','about:config','http://192.168.0.1/','tauri://localhost/']) { try { const w=window.open(u); await tell('open '+u, ''+!!w); if(w) w.close(); } catch(e) { await tell('open '+u, ''+e);} }
try { await navigator.mediaDevices.getUserMedia({video:true}); await tell('camera','yes'); } catch(e) { await tell('camera',''+e); }
try { await tell('notify', await Notification.requestPermission()); } catch(e) { await tell('notify',''+e); }
document.cookie='a=1'; await tell('cookie', document.cookie);
location.href='file:///etc/passwd';
})()</script>";
