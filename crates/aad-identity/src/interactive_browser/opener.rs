//! The program that opens an address with the person's browser.

use aad_core::Context;
use aad_core::context::ProcessCommand;
use aad_core::env::{BROWSER, DISPLAY, WAYLAND_DISPLAY};
use aad_core::explanation::{Finding, SourceExplanation, Verdict};

use crate::explain::{Lookups, any_found, is_installed};

pub(super) const SOURCE: &str = "InteractiveBrowserCredential";

const INSTEAD: &str = "show the person the address with InteractiveBrowserOptions::with_address, or \
                       use DeviceCodeCredential";

/// Opens this address. No shell sees it.
pub(super) fn command(url: &str) -> ProcessCommand {
    if cfg!(windows) {
        ProcessCommand::new("rundll32", ["url.dll,FileProtocolHandler", url])
    } else if cfg!(target_os = "macos") {
        ProcessCommand::new("open", [url])
    } else {
        ProcessCommand::new("xdg-open", [url])
    }
}

/// Whether there is what can open a page, and a screen to see it on.
pub(super) async fn explain(context: &Context) -> SourceExplanation {
    let program = command("").program;
    let installed = is_installed(context, &program).await;
    let screens = screens(context);
    let (verdict, advice) = match installed {
        true if screens.as_ref().is_none_or(|screens| any_found(screens)) => {
            let advice = "a person is asked to sign in with the browser of this machine";
            (Verdict::Ready, advice.to_owned())
        }
        true => {
            let advice = format!("there is no screen for a browser; {INSTEAD}");
            (Verdict::Incomplete, advice)
        }
        false => {
            let advice = format!("there is no {program} to open a browser with; {INSTEAD}");
            (Verdict::NotConfigured, advice)
        }
    };
    let mut explanation = SourceExplanation::new(SOURCE, verdict)
        .with_finding(format!("{program} in PATH"), installed)
        .with_advice(advice);
    explanation.looked_for.extend(screens.unwrap_or_default());
    explanation
}

/// What shows that there is a screen, or a browser that needs none; `None` where there always is.
fn screens(context: &Context) -> Option<Vec<Finding>> {
    if cfg!(any(windows, target_os = "macos")) {
        return None;
    }
    let lookups = Lookups::new(context.clone());
    for name in [DISPLAY, WAYLAND_DISPLAY, BROWSER] {
        lookups.var(name);
    }
    Some(lookups.into_findings())
}
