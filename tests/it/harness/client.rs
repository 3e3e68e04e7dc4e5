//! A plain HTTP client: requests as any program would send them, answers with the checks that every test wants.

use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Method, Request};

/// What a caller proves who it is with.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Nothing.
    Nobody,
    /// A bearer token.
    Bearer(String),
    /// The session cookie and its CSRF token, as a browser has them.
    Cookie {
        /// Value of the cookie.
        cookie: String,
        /// What writes carry.
        csrf: String,
    },
}

/// A request.
#[derive(Clone, Debug)]
pub struct Call {
    /// Method.
    pub method: Method,
    /// Path under `/api/v1`, or an absolute path when it begins with `//`.
    pub path: String,
    /// Headers beside those of the proof.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Option<Vec<u8>>,
}

impl Call {
    /// A request without a body.
    pub fn new(method: &str, path: impl Into<String>) -> Self {
        Self { method: method.parse().unwrap(), path: path.into(), headers: Vec::new(), body: None }
    }

    /// `GET`
    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    /// `POST` with a JSON body.
    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        Self::new("POST", path).json(body)
    }

    /// `PATCH` with a JSON body.
    pub fn patch(path: impl Into<String>, body: &Value) -> Self {
        Self::new("PATCH", path).json(body)
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    /// With any body.
    pub fn raw(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", kind)
    }

    /// With a header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With the version that the caller saw.
    pub fn seen(self, version: i64) -> Self {
        self.header("if-match", format!("\"{version}\""))
    }

    /// With an idempotency key.
    pub fn once(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }
}

/// Somebody who sends requests to one server.
#[derive(Clone)]
pub struct Caller {
    base: String,
    agent: ureq::Agent,
    /// Who it is.
    pub proof: Proof,
}

impl Caller {
    /// A caller without proof.
    pub fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).user_agent("blackbox");
        let agent = config.timeout_global(Some(Duration::from_secs(60))).build().into();
        Self { base: base.to_owned(), agent, proof: Proof::Nobody }
    }

    /// The same with another proof.
    pub fn with(&self, proof: Proof) -> Self {
        Self { proof, ..self.clone() }
    }

    fn request(&self, call: &Call) -> ureq::http::request::Builder {
        let path = call.path.strip_prefix('/').filter(|rest| rest.starts_with('/'));
        let address = path.map_or_else(|| format!("{}/api/v1{}", self.base, call.path), |path| format!("{}{path}", self.base));
        let mut request = Request::builder().method(call.method.clone()).uri(address);
        match &self.proof {
            Proof::Nobody => {}
            Proof::Bearer(token) => request = request.header("authorization", format!("Bearer {token}")),
            Proof::Cookie { cookie, csrf } => {
                request = request.header("cookie", format!("yuheng_session={cookie}"));
                if !call.method.is_safe() && !call.headers.iter().any(|(name, _)| name == "x-csrf-token") {
                    request = request.header("x-csrf-token", csrf);
                }
            }
        }
        // An empty value leaves the header out: how a test says "without".
        for (name, value) in call.headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value);
        }
        request
    }

    /// Sends a request; fails only when no answer came.
    pub fn attempt(&self, call: &Call) -> Result<Answer, ureq::Error> {
        let request = self.request(call);
        let mut response = match &call.body {
            Some(body) => self.agent.run(request.body(body.as_slice())?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let body = response.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec()?;
        let status = response.status().as_u16();
        Ok(Answer { status, headers: response.headers().clone(), body, call: format!("{} {}", call.method, call.path) })
    }

    /// Sends a request.
    #[track_caller]
    pub fn send(&self, call: &Call) -> Answer {
        self.attempt(call).unwrap_or_else(|error| panic!("{} {}: no answer: {error}", call.method, call.path))
    }

    /// Opens a request whose answer never ends, and gives status and body as it comes.
    pub fn stream(&self, call: &Call) -> (u16, impl std::io::Read + Send + 'static) {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent: ureq::Agent = config.build().into();
        let response = agent.run(self.request(call).body(()).unwrap()).unwrap();
        (response.status().as_u16(), response.into_body().into_reader())
    }

    /// `GET`
    #[track_caller]
    pub fn get(&self, path: impl Into<String>) -> Answer {
        self.send(&Call::get(path))
    }

    /// `GET` that must succeed.
    #[track_caller]
    pub fn read(&self, path: impl Into<String>) -> Value {
        self.get(path).ok(200)
    }

    /// `POST`
    #[track_caller]
    pub fn post(&self, path: impl Into<String>, body: &Value) -> Answer {
        self.send(&Call::post(path, body))
    }

    /// `PATCH` on a version.
    #[track_caller]
    pub fn patch(&self, path: impl Into<String>, version: i64, body: &Value) -> Answer {
        self.send(&Call::patch(path, body).seen(version))
    }

    /// `DELETE`
    #[track_caller]
    pub fn delete(&self, path: impl Into<String>) -> Answer {
        self.send(&Call::new("DELETE", path))
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
    call: String,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        let wrong = |error| panic!("{} answered {} with no JSON ({error}): {}", self.call, self.status, self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(wrong)
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} answered {}: {}", self.call, self.status, self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The problem document of an answer that must be a refusal: whole, with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let about = format!("{} answered {}: {}", self.call, self.status, self.text());
        assert_eq!(self.status, status, "{about}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{about}");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{about}");
        assert_eq!(problem["status"], status, "{about}");
        for field in ["type", "title", "detail"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field} is missing: {about}");
        }
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"), "{about}");
        assert!(problem["request_id"].as_str().is_some_and(|id| id.len() >= 16), "{about}");
        problem
    }

    /// A 422 that names this field with this code.
    #[track_caller]
    pub fn invalid(&self, pointer: &str, code: &str) -> Value {
        let problem = self.problem(422, "invalid");
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let named =
            errors.iter().any(|e| e["pointer"] == pointer && e["code"] == code && e["message"].as_str().is_some_and(|m| !m.is_empty()));
        assert!(named, "{} should name {pointer} as {code}: {problem}", self.call);
        problem
    }

    /// The version in `ETag`.
    #[track_caller]
    pub fn version(&self) -> i64 {
        let etag = self.header("etag").unwrap_or_else(|| panic!("{} answered without ETag: {}", self.call, self.text()));
        let digits = etag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        digits.and_then(|d| d.parse().ok()).unwrap_or_else(|| panic!("{}: {etag} is no version in quotes", self.call))
    }
}
