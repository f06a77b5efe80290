//! The table of operations, and what each of them is given.

use bytes::Bytes;
use http::{Method, Uri};
use lake_store::{FileSpace, LakePath, Principal};

use crate::gen1::answer::Answer;
use crate::gen1::target::Prefix;
use crate::gen1::{Refusal, acl, attributes, concat, namespace, read, status, trash, write};
use crate::lake::Call;
use crate::query::{Query, QueryError};

/// A request, taken apart.
pub(crate) struct Ask<'a> {
    pub(crate) files: FileSpace,
    pub(crate) path: LakePath,
    pub(crate) query: Query<'a>,
    pub(crate) uri: &'a Uri,
    pub(crate) call: Call,
    pub(crate) body: Bytes,
}

impl Ask<'_> {
    pub(crate) fn caller(&self) -> &Principal {
        &self.call.caller
    }

    /// Whether the client speaks at least this api-version. Without one it is 2018-09-01.
    pub(crate) fn speaks(&self, version: &str) -> bool {
        self.query.text("api-version").unwrap_or("2018-09-01") >= version
    }
}

/// Why an operation gave no answer.
pub(crate) enum Failure {
    Refused(Refusal),
    Store(lake_store::Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<lake_store::Error> for Failure {
    fn from(error: lake_store::Error) -> Self {
        Self::Store(error)
    }
}

/// What an operation gives.
pub(crate) type Outcome = Result<Answer, Failure>;

/// One operation.
pub(crate) struct Operation {
    /// The value of `op`, in any case.
    name: &'static str,
    method: Method,
    prefix: Prefix,
    /// Whether the request's body is read.
    pub(crate) has_body: bool,
    /// The operation's name in the messages of errors.
    pub(crate) label: &'static str,
    pub(crate) run: fn(&Ask<'_>) -> Outcome,
}

impl Operation {
    const fn new(name: &'static str, method: Method, run: fn(&Ask<'_>) -> Outcome) -> Self {
        Self {
            name,
            method,
            prefix: Prefix::Core,
            has_body: false,
            label: name,
            run,
        }
    }

    const fn with_body(mut self) -> Self {
        self.has_body = true;
        self
    }

    const fn labelled(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    const fn extension(mut self) -> Self {
        self.prefix = Prefix::Extension;
        self
    }
}

/// Every operation that the lake has.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::new("OPEN", Method::GET, read::open),
    Operation::new("GETFILESTATUS", Method::GET, status::get_file_status),
    Operation::new("LISTSTATUS", Method::GET, status::list_status),
    Operation::new(
        "GETCONTENTSUMMARY",
        Method::GET,
        status::get_content_summary,
    ),
    Operation::new("CHECKACCESS", Method::GET, status::check_access),
    Operation::new("CREATE", Method::PUT, write::create).with_body(),
    Operation::new("APPEND", Method::POST, write::append).with_body(),
    Operation::new("CONCURRENTAPPEND", Method::POST, write::concurrent_append)
        .with_body()
        .extension(),
    Operation::new("CONCAT", Method::POST, concat::concat),
    Operation::new("MSCONCAT", Method::POST, concat::ms_concat).with_body(),
    Operation::new("MKDIRS", Method::PUT, namespace::mkdirs),
    Operation::new("RENAME", Method::PUT, namespace::rename),
    Operation::new("DELETE", Method::DELETE, namespace::delete),
    Operation::new("SETPERMISSION", Method::PUT, attributes::set_permission),
    // The service's own wording: "Set Owner failed with  failed with error ...".
    Operation::new("SETOWNER", Method::PUT, attributes::set_owner)
        .labelled("Set Owner failed with "),
    Operation::new("SETTIMES", Method::PUT, attributes::set_times),
    Operation::new("SETEXPIRY", Method::PUT, attributes::set_expiry).extension(),
    Operation::new(
        "ENUMERATEDELETEDITEMS",
        Method::GET,
        trash::enumerate_deleted_items,
    ),
    Operation::new(
        "ENUMERATEDELETEDITEMS",
        Method::GET,
        trash::enumerate_deleted_items,
    )
    .extension(),
    Operation::new(
        "RESTOREDELETEDITEMS",
        Method::PUT,
        trash::restore_deleted_items,
    ),
    Operation::new(
        "RESTOREDELETEDITEMS",
        Method::PUT,
        trash::restore_deleted_items,
    )
    .extension(),
    Operation::new("GETACLSTATUS", Method::GET, acl::get_acl_status),
    Operation::new("MSGETACLSTATUS", Method::GET, acl::ms_get_acl_status),
    Operation::new("SETACL", Method::PUT, acl::set_acl),
    Operation::new("MODIFYACLENTRIES", Method::PUT, acl::modify_acl_entries),
    Operation::new("REMOVEACLENTRIES", Method::PUT, acl::remove_acl_entries),
    Operation::new("REMOVEACL", Method::PUT, acl::remove_acl),
    Operation::new("REMOVEDEFAULTACL", Method::PUT, acl::remove_default_acl),
];

/// The operation that a request asks for.
pub(crate) fn find(
    parts: &http::request::Parts,
    prefix: Prefix,
) -> Result<&'static Operation, Refusal> {
    let query = Query::parse(parts.uri.query().unwrap_or_default())?;
    let name = query.required("op")?;
    let known = |operation: &&Operation| {
        operation.prefix == prefix && operation.name.eq_ignore_ascii_case(name)
    };
    let operation = OPERATIONS.iter().find(known).ok_or_else(|| {
        Refusal::unsupported(format!(
            "Invalid value for webhdfs parameter \"op\": {name}"
        ))
    })?;
    if operation.method != parts.method {
        let (method, wanted) = (&parts.method, &operation.method);
        return Err(Refusal::unsupported(format!(
            "{name} is a {wanted} and not a {method}"
        )));
    }
    Ok(operation)
}
