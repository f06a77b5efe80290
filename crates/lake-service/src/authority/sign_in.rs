//! The pages on which people sign in: for a browser's redirect, and for a device.
//!
//! No cookie is set: each sign-in is a page of its own, whose unguessable name is in its form. That name is also what
//! protects the form against forgery; a page of somebody else's cannot know it.

mod device;
mod redirect;

use http::{HeaderMap, Response, StatusCode, header};
use lake_store::Ambient;

use super::Authority;
use super::access::{Factors, SignIn};
use super::client::{self, Consent};
use super::directory::Application;
use super::failure::Failure;
use super::grant::Form;
use super::html;
use super::sessions::{OpenPage, Purpose};
use crate::body::Body;
use crate::lake::Lake;
use crate::origin::Origin;

pub(crate) use device::{answer_user_code, device_code, show_user_code_form};
pub(crate) use redirect::authorize;

/// Where the sign-in form goes.
const ACTION: &str = "/common/login";

/// Shown to whom a password is not enough.
const CODE_FIELD: &str = "<label>Code <input type=\"text\" name=\"code\" inputmode=\"numeric\" \
                          autocomplete=\"one-time-code\" required></label>\n";

/// Takes what a person submitted on a sign-in page.
pub(crate) fn submit(
    lake: &Lake,
    origin: &Origin,
    headers: &HeaderMap,
    form: &Form,
) -> Response<Body> {
    if !is_same_origin(origin, headers) {
        return stale();
    }
    let (authority, ambient) = (lake.authority(), lake.ambient());
    let name = form.field("page").unwrap_or_default();
    let Some(mut page) = authority.sessions.try_page(ambient, name) else {
        return stale();
    };
    let directory = &authority.directory;
    let Ok(client) = client::find(directory, directory.domain(), &page.client_id.to_string())
    else {
        return stale();
    };
    if form.field("answer") != Some("accept") {
        return match authority.sessions.close_page(name) {
            Some(page) => declined(lake, &page),
            None => stale(),
        };
    }
    let sign_in = match check_person(authority, client, ambient, form) {
        Ok(sign_in) => sign_in,
        Err(failure) => {
            // Who it is need not be typed again.
            page.login_hint = form.field("username").unwrap_or_default().to_owned();
            return show(client, name, &page, Some(&failure));
        }
    };
    let Some(page) = authority.sessions.close_page(name) else {
        return stale();
    };
    authority
        .sessions
        .kept
        .consent(sign_in.person, client.client_id);
    match &page.purpose {
        Purpose::Redirect(redirect) => {
            let sessions = &authority.sessions;
            match sessions.issue_code(ambient, client.client_id, sign_in, redirect) {
                Ok(code) => redirect::to(redirect, &[("code", &code)]),
                Err(failure) => refused(&failure),
            }
        }
        Purpose::Device(code) => {
            authority.sessions.settle_device(code, Some(sign_in));
            let text = format!(
                "You have signed in to {} on your device. You may close this page.",
                client.name
            );
            html::notice(StatusCode::OK, "Signed in", &text)
        }
    }
}

/// Who signs in, if name, password and second factor are right and nothing else is in the way.
fn check_person(
    authority: &Authority,
    client: &Application,
    ambient: &Ambient,
    form: &Form,
) -> Result<SignIn, Failure> {
    let name = form.field("username").unwrap_or_default();
    let password = form.field("password").unwrap_or_default();
    let person = authority.directory.person_named(name);
    // A page tells nobody which names exist.
    let person = person.ok_or_else(Failure::wrong_password)?;
    authority.check_password(person, password)?;
    let factors = match (form.field("code"), &person.mfa_code) {
        (None, _) | (_, None) => Factors::Password,
        (Some(typed), Some(code)) if code.matches(typed.trim()) => Factors::PasswordAndCode,
        (Some(_), Some(_)) => return Err(Failure::wrong_mfa_code()),
    };
    authority.check_access(person, client, factors)?;
    if client.consent == Consent::Administrator {
        return Err(Failure::no_administrators_consent(&client.name));
    }
    Ok(SignIn {
        person: person.object_id,
        factors,
        at: ambient.now().unix_timestamp(),
    })
}

fn declined(lake: &Lake, page: &OpenPage) -> Response<Body> {
    match &page.purpose {
        Purpose::Redirect(redirect) => redirect::refuse(redirect, &Failure::declined()),
        Purpose::Device(code) => {
            lake.authority().sessions.settle_device(code, None);
            let text = "You have declined. You may close this page.";
            html::notice(StatusCode::OK, "Declined", text)
        }
    }
}

/// The sign-in page.
fn show(
    client: &Application,
    name: &str,
    page: &OpenPage,
    failure: Option<&Failure>,
) -> Response<Body> {
    let error = failure.map(|failure| {
        format!(
            "<p class=\"error\" role=\"alert\">{}</p>\n",
            html::escape(&failure.description())
        )
    });
    let wish = match &page.purpose {
        Purpose::Redirect(_) => "",
        Purpose::Device(_) => {
            "<p>Go on only if you started this sign-in yourself, on your own device.</p>\n"
        }
    };
    let code = match failure.is_some_and(Failure::asks_for_code) {
        true => CODE_FIELD,
        false => "",
    };
    let content = format!(
        "<p><strong>{client}</strong> wants to act for you.</p>\n{wish}{error}\
         <form method=\"post\" action=\"{ACTION}\">\n{hidden}\
         <label>User name <input type=\"text\" name=\"username\" value=\"{hint}\" autocomplete=\"username\" \
         autocapitalize=\"none\" required autofocus></label>\n\
         <label>Password <input type=\"password\" name=\"password\" autocomplete=\"current-password\"></label>\n{code}\
         <button name=\"answer\" value=\"accept\">Sign in and accept</button>\
         <button name=\"answer\" value=\"cancel\" formnovalidate>Cancel</button>\n</form>",
        client = html::escape(&client.name),
        error = error.unwrap_or_default(),
        hidden = html::hidden("page", name),
        hint = html::escape(&page.login_hint),
    );
    let elsewhere = match &page.purpose {
        Purpose::Redirect(redirect) => redirect::origin_of(&redirect.uri),
        Purpose::Device(_) => None,
    };
    html::page(
        StatusCode::OK,
        "Sign in to the lake",
        &content,
        elsewhere.as_deref(),
    )
}

/// A refusal that no client can be told of.
fn refused(failure: &Failure) -> Response<Body> {
    html::notice(
        StatusCode::BAD_REQUEST,
        "This sign-in cannot go on",
        &failure.description(),
    )
}

fn stale() -> Response<Body> {
    html::notice(
        StatusCode::BAD_REQUEST,
        "This page is out of date",
        "Start the sign-in again in the program that sent you here.",
    )
}

/// Browsers say where a form was; a form that was elsewhere is forged.
fn is_same_origin(origin: &Origin, headers: &HeaderMap) -> bool {
    match headers.get(header::ORIGIN).map(|value| value.to_str()) {
        None => true,
        // What a page without a referrer sends.
        Some(Ok("null")) => true,
        Some(Ok(sender)) => sender.eq_ignore_ascii_case(&origin.to_string()),
        Some(Err(_)) => false,
    }
}
