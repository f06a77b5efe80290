//! The table of operations, and what each of them is given.

use std::cell::Cell;

use bytes::Bytes;
use http::{Method, Uri};
use lake_store::{FileSpace, LakePath, Principal, StagedFile};

use crate::authority::Directory;
use crate::gen1::answer::Answer;
use crate::gen1::target::Prefix;
use crate::gen1::{
    Refusal, acl, attributes, concat, hadoop, namespace, read, status, trash, write,
};
use crate::lake::Call;
use crate::query::{Query, QueryError};

/// A request, taken apart.
pub(crate) struct Ask<'a> {
    pub(crate) files: FileSpace,
    pub(crate) path: LakePath,
    pub(crate) query: Query<'a>,
    pub(crate) uri: &'a Uri,
    pub(crate) call: &'a Call,
    pub(crate) directory: &'a Directory,
    pub(crate) body: Bytes,
    /// The body instead, where it is long.
    pub(crate) staged: Cell<Option<StagedFile>>,
}

impl Ask<'_> {
    pub(crate) fn caller(&self) -> &Principal {
        &self.call.caller
    }

    /// How the client wants to see owners, groups and whom ACLs name.
    pub(crate) fn names(&self) -> Result<Names<'_>, QueryError> {
        Ok(match self.query.switch("tooid")? {
            Some(false) => Names(Some(self.directory)),
            _ => Names(None),
        })
    }

    /// Whether the client speaks at least this api-version. Without one it is 2018-09-01.
    pub(crate) fn speaks(&self, version: &str) -> bool {
        self.query.text("api-version").unwrap_or("2018-09-01") >= version
    }
}

/// Object ids, or with `tooid=false` the names of those who have one.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a>(Option<&'a Directory>);

impl Names<'_> {
    pub(crate) fn of(self, id: &str) -> String {
        let name = self.0.and_then(|directory| directory.name(id));
        name.unwrap_or(id).to_owned()
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

/// What is done with the body of a request.
#[derive(Clone, Copy)]
pub(crate) enum Receives {
    /// It is not read.
    Nothing,
    /// It is understood, or kept in memory.
    Document,
    /// It becomes bytes of a file, however many they are.
    Bytes,
}

/// One operation.
pub(crate) struct Operation {
    /// The value of `op`, in any case.
    name: &'static str,
    method: Method,
    prefix: Prefix,
    pub(crate) body: Receives,
    /// What a request says that is the whole of the operation and no first step; see `redirect`.
    pub(crate) flag: Option<&'static str>,
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
            body: Receives::Nothing,
            flag: None,
            label: name,
            run,
        }
    }

    const fn with_document(mut self) -> Self {
        self.body = Receives::Document;
        self
    }

    const fn with_bytes(mut self) -> Self {
        self.body = Receives::Bytes;
        self
    }

    const fn in_two_steps(mut self, flag: &'static str) -> Self {
        self.flag = Some(flag);
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
    Operation::new("OPEN", Method::GET, read::open).in_two_steps("read"),
    Operation::new("GETFILESTATUS", Method::GET, status::get_file_status),
    Operation::new("LISTSTATUS", Method::GET, status::list_status),
    Operation::new(
        "GETCONTENTSUMMARY",
        Method::GET,
        status::get_content_summary,
    ),
    Operation::new("LISTSTATUS_BATCH", Method::GET, hadoop::list_status_batch),
    Operation::new(
        "GETFILEBLOCKLOCATIONS",
        Method::GET,
        hadoop::get_file_block_locations,
    ),
    Operation::new("GETHOMEDIRECTORY", Method::GET, hadoop::get_home_directory),
    Operation::new("GETTRASHROOT", Method::GET, hadoop::get_trash_root),
    Operation::new("CHECKACCESS", Method::GET, status::check_access),
    Operation::new("CREATE", Method::PUT, write::create)
        .with_bytes()
        .in_two_steps("write"),
    Operation::new("APPEND", Method::POST, write::append)
        .with_bytes()
        .in_two_steps("append"),
    Operation::new("CONCURRENTAPPEND", Method::POST, write::concurrent_append)
        .with_document()
        .extension(),
    Operation::new("CONCAT", Method::POST, concat::concat),
    Operation::new("MSCONCAT", Method::POST, concat::ms_concat).with_document(),
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
