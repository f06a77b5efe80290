//! The lake as a value: open it, hand it requests, shut it down.

use std::sync::Arc;

use futures::FutureExt as _;
use http::{HeaderValue, Request, Response, StatusCode, header};
use lake_store::{Account, AccountKind, Ambient, Principal, Store};
use uuid::Uuid;

use crate::authority::{Application, Authority, Directory};
use crate::body::Body;
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorKind, Result};
use crate::first_start::{self, Prepared};
use crate::jobs::JobRunner;
use crate::jobs::service::Jobs;
use crate::options::{Authentication, LakeOptions};
use crate::origin::Origin;
use crate::query::Query;
use crate::routing::{self, Known, Route, Surface};
use crate::secret::Secret;
use crate::tasks::Tasks;
use crate::tokens::{Refusal, Verifier};
use crate::workload_identity::{self, Workload};
use crate::{adla, admin, authority, challenge, gen1, managed_identity, page, reply};

/// A data lake that answers requests. Cheap to clone; the clones are the same lake.
#[derive(Clone)]
pub struct Lake {
    shared: Arc<Shared>,
}

struct Shared {
    options: LakeOptions,
    store: Store,
    accounts: Vec<Account>,
    storage_key: Secret,
    authority: Authority,
    verifier: Verifier,
    jobs: Jobs,
    tasks: Tasks,
}

/// What every data surface learns of a request besides the request itself.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Who asks; already verified.
    pub(crate) caller: Principal,
    /// The account that is asked, the default one if the request names none.
    pub(crate) account: String,
    /// Scheme and host under which the client knows this service, for urls in answers.
    pub(crate) origin: Origin,
    /// The id of this request, in `x-ms-request-id` and in messages.
    pub(crate) request_id: Uuid,
}

impl Lake {
    /// Opens the lake over `store`, making accounts, principals and keys at first start.
    ///
    /// Must be called on a Tokio runtime: jobs that a crash left queued start again at once.
    pub async fn open(
        options: LakeOptions,
        store: Store,
        runner: Arc<dyn JobRunner>,
    ) -> Result<Self> {
        Self::open_on(Tasks::default(), options, store, runner).await
    }

    /// Opens the lake over a store that `prepare` opens, which may block, and with a runner for it.
    ///
    /// Dropping the future does not stop `prepare`; what it opened is closed then.
    pub async fn open_with<E>(
        options: LakeOptions,
        prepare: impl FnOnce() -> Result<(Store, Arc<dyn JobRunner>), E> + Send + 'static,
    ) -> Result<Self, E>
    where
        E: From<Error> + Send + 'static,
    {
        let tasks = Tasks::default();
        let (store, runner) = tasks.blocking(prepare).await?;
        Ok(Self::open_on(tasks, options, store, runner).await?)
    }

    async fn open_on(
        tasks: Tasks,
        options: LakeOptions,
        store: Store,
        runner: Arc<dyn JobRunner>,
    ) -> Result<Self> {
        let Prepared {
            authority,
            accounts,
            storage_key,
        } = {
            let (store, options) = (store.clone(), options.clone());
            tasks
                .blocking(move || first_start::prepare(&store, &options))
                .await?
        };
        let jobs = Jobs::new(
            store.clone(),
            runner,
            tasks.clone(),
            authority.directory.admin.principal(),
            &options.store_account,
            options.jobs,
        );
        recover(&tasks, &jobs, &accounts, &authority).await?;
        let verifier = Verifier::default();
        let shared = Shared {
            storage_key,
            options,
            store,
            accounts,
            authority,
            verifier,
            jobs,
            tasks,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Answers one request. It never fails: what goes wrong is a response.
    ///
    /// The surface is chosen by the host of the request's url, or of its `Host` header, and by its path.
    /// Dropping the future abandons the answer; a store operation that has begun is finished nevertheless.
    pub async fn handle(&self, request: Request<Body>) -> Response<Body> {
        let request_id = self.ambient().uuid();
        let answer = std::panic::AssertUnwindSafe(self.answer(request_id, request)).catch_unwind();
        let mut response = answer.await.unwrap_or_else(|_panic| {
            tracing::error!(%request_id, "a request handler panicked");
            reply::error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalError",
                "the lake has a bug; see its log",
            )
        });
        if let Ok(id) = HeaderValue::try_from(request_id.to_string()) {
            response
                .headers_mut()
                .entry("x-ms-request-id")
                .or_insert(id);
        }
        response
    }

    async fn answer(&self, request_id: Uuid, request: Request<Body>) -> Response<Body> {
        let Some(origin) = Origin::of(&request) else {
            return reply::error(
                StatusCode::BAD_REQUEST,
                "InvalidHostName",
                "The request names no host.",
            );
        };
        let Some(Route { surface, account }) =
            routing::route(origin.host(), request.uri().path(), self)
        else {
            return reply::error(
                StatusCode::NOT_FOUND,
                "ResourceNotFound",
                "No service of the lake is at this address.",
            );
        };
        if self.must_check_host(surface)
            && !routing::is_trusted_host(origin.host(), &self.options().trusted_hosts)
        {
            return reply::error(
                StatusCode::FORBIDDEN,
                "InvalidHostName",
                "The lake is not known under this host name.",
            );
        }
        let Some(fault) = self
            .authority()
            .faults
            .strike(surface, request.uri().path())
        else {
            return self
                .serve(request_id, origin, surface, account, request)
                .await;
        };
        match fault.instead() {
            Some(response) => response,
            None => {
                let answer = self.serve(request_id, origin, surface, account, request);
                fault.spoil(answer.await).await
            }
        }
    }

    async fn serve(
        &self,
        request_id: Uuid,
        origin: Origin,
        surface: Surface,
        account: Option<String>,
        request: Request<Body>,
    ) -> Response<Body> {
        match surface {
            Surface::Page => page::answer(self, &origin, request.method()),
            Surface::Authority => authority::handle(self, &origin, request_id, request).await,
            Surface::Metadata => match Workload::at(request.uri().path()) {
                Some(workload) => workload_identity::handle(self, workload, request_id, &request),
                None => managed_identity::handle(self, request_id, request).await,
            },
            _ => match self.caller(surface, &request) {
                Ok(caller) => {
                    let account = account.unwrap_or_else(|| self.default_account(surface));
                    self.dispatch(
                        surface,
                        Call {
                            caller,
                            account,
                            origin,
                            request_id,
                        },
                        request,
                    )
                    .await
                }
                Err(refusal) => {
                    let tenant = self.authority().directory.tenant_id.to_string();
                    challenge::unauthorized(surface, &origin, &tenant, refusal)
                }
            },
        }
    }

    async fn dispatch(
        &self,
        surface: Surface,
        call: Call,
        request: Request<Body>,
    ) -> Response<Body> {
        if !self.has_account(surface, &call.account) {
            let message = format!("The lake has no such account: '{}'.", call.account);
            return reply::error(StatusCode::NOT_FOUND, "ResourceNotFound", &message);
        }
        match surface {
            Surface::Gen1 => gen1::handle(self, call, request).await,
            Surface::Adla => adla::handle(self, call, request).await,
            Surface::Admin if !call.caller.superuser => {
                let message = "Only the lake's administrator may do this.";
                reply::error(StatusCode::FORBIDDEN, "AuthorizationFailed", message)
            }
            Surface::Admin => admin::handle(self, request).await,
            _ => reply::error(
                StatusCode::NOT_IMPLEMENTED,
                "NotImplemented",
                "The lake does not serve this protocol yet.",
            ),
        }
    }

    /// Who sends the request, or why nobody is believed to.
    fn caller(&self, surface: Surface, request: &Request<Body>) -> Result<Principal, Refusal> {
        let directory = &self.authority().directory;
        if self.options().authentication == Authentication::InsecureNone {
            let admin = directory.admin.principal();
            return Ok(match named(surface, request) {
                Some(name) => Principal::superuser(name),
                None => admin,
            });
        }
        let authorization = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let now = self.ambient().now().unix_timestamp();
        let object_id =
            self.shared
                .verifier
                .verify(self.authority(), surface, authorization, now)?;
        directory
            .principal(object_id)
            .ok_or(Refusal::UnknownPrincipal)
    }

    /// A browser that DNS rebinding lured here may see nothing that needs no token.
    fn must_check_host(&self, surface: Surface) -> bool {
        matches!(surface, Surface::Page | Surface::Admin | Surface::Metadata)
            || self.options().authentication == Authentication::InsecureNone
    }

    fn has_account(&self, surface: Surface, name: &str) -> bool {
        let kind = match surface {
            Surface::Gen1 => AccountKind::Store,
            Surface::Adla => AccountKind::Analytics,
            Surface::Storage => AccountKind::Storage,
            _ => return true,
        };
        self.shared
            .accounts
            .iter()
            .any(|account| account.kind == kind && account.name == name)
    }

    /// Whether a name of the cloud is one that somebody answers to.
    #[cfg(feature = "listen")]
    pub(crate) fn has_host(&self, host: &str) -> bool {
        routing::cloud_name(host).is_some_and(|(surface, account)| {
            account.is_none_or(|account| self.has_account(surface, &account))
        })
    }

    fn default_account(&self, surface: Surface) -> String {
        match surface {
            Surface::Adla => self.options().analytics_account.clone(),
            Surface::Storage => self.options().storage_account.clone(),
            _ => self.options().store_account.clone(),
        }
    }

    /// How to sign in to this lake, reached under these base urls.
    ///
    /// `Listener::endpoints` (feature `listen`) fills the urls in; a program that calls
    /// [`Lake::handle`] itself may use any, such as `https://localhost`.
    pub fn endpoints(&self, http: &str, https: &str) -> Endpoints {
        let options = self.options();
        let Directory {
            tenant_id,
            client,
            admin,
            user,
            admin_user,
            ..
        } = &self.authority().directory;
        let secret = |application: &Application| {
            let secret = application.secret().expect("the lake made it");
            secret.clone()
        };
        Endpoints {
            http: http.to_owned(),
            https: https.to_owned(),
            tenant: tenant_id.to_string(),
            client_id: client.client_id.to_string(),
            client_secret: secret(client),
            admin_client_id: admin.client_id.to_string(),
            admin_client_secret: secret(admin),
            user: user.name.clone(),
            user_password: user.password.clone(),
            admin_user: admin_user.name.clone(),
            admin_user_password: admin_user.password.clone(),
            store_account: options.store_account.clone(),
            analytics_account: options.analytics_account.clone(),
            storage_account: options.storage_account.clone(),
            storage_key: self.shared.storage_key.clone(),
            ca: self.store().root().join(".lake").join("ca").join("ca.pem"),
        }
    }

    /// Lets the application with this client id sign in with the first certificate of this PEM text, now and
    /// after the lake is opened again.
    ///
    /// Dropping the future does not undo the registration once it has begun.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if there is no such application, or no certificate of an RSA key in the text;
    /// [`ErrorKind::Store`] if it cannot be kept.
    pub async fn register_certificate(&self, client_id: &str, pem: &str) -> Result<()> {
        let application = client_id.parse().ok();
        let application = application.and_then(|id| self.authority().directory.application(id));
        let Some(application) = application else {
            let message = format!("the lake has no application '{client_id}'");
            return Err(Error::new(ErrorKind::Invalid, message));
        };
        let (lake, client_id, pem) = (self.clone(), application.client_id, pem.to_owned());
        let keep = move || {
            let certificates = &lake.authority().certificates;
            certificates.keep(client_id, &pem, lake.store())
        };
        self.tasks().blocking(keep).await
    }

    /// Frees the space of what has expired or was kept in the trash long enough. Whoever keeps a lake open calls
    /// this now and then; opening its store does it too.
    ///
    /// Dropping the future does not stop what has begun.
    ///
    /// # Errors
    /// [`ErrorKind::Store`] if the disk fails; what is left is freed the next time.
    pub async fn reap(&self) -> Result<()> {
        let store = self.store().clone();
        let reaped = self.tasks().blocking(move || store.reap()).await;
        reaped.map_err(|error| {
            Error::new(
                ErrorKind::Store,
                "the space of deleted files cannot be freed",
            )
            .caused_by(error)
        })
    }

    /// Asks running work to end and waits for it. Requests that are still in flight are answered first by
    /// whoever drives them; call this after the listener has ended.
    pub async fn shutdown(&self) {
        self.shared.tasks.shutdown().await;
    }

    pub(crate) fn options(&self) -> &LakeOptions {
        &self.shared.options
    }

    pub(crate) fn store(&self) -> &Store {
        &self.shared.store
    }

    pub(crate) fn ambient(&self) -> &Ambient {
        self.shared.store.ambient()
    }

    pub(crate) fn authority(&self) -> &Authority {
        &self.shared.authority
    }

    /// The jobs of every analytics account.
    pub(crate) fn jobs(&self) -> &Jobs {
        &self.shared.jobs
    }

    /// Where blocking work and background tasks are started.
    pub(crate) fn tasks(&self) -> &Tasks {
        &self.shared.tasks
    }
}

/// How a client of plain WebHDFS, which has no tokens, calls itself.
fn named(surface: Surface, request: &Request<Body>) -> Option<String> {
    let query = request.uri().query().filter(|_| surface == Surface::Gen1)?;
    let query = Query::parse(query).ok()?;
    let name = query.text("user.name").filter(|name| !name.is_empty());
    name.map(str::to_owned)
}

/// Settles the jobs that the last run of the lake left unfinished.
async fn recover(
    tasks: &Tasks,
    jobs: &Jobs,
    accounts: &[Account],
    authority: &Authority,
) -> Result<()> {
    let (jobs, directory) = (jobs.clone(), authority.directory.clone());
    let principal = move |id: &str| directory.principal(id.parse().ok()?);
    let analytics = accounts
        .iter()
        .filter(|account| account.kind == AccountKind::Analytics);
    let names: Vec<String> = analytics.map(|account| account.name.clone()).collect();
    let recover = move || {
        names
            .iter()
            .try_for_each(|name| jobs.recover(name, &principal))
    };
    tasks.blocking(recover).await.map_err(|error| {
        Error::new(ErrorKind::Store, "the jobs of the lake cannot be read").caused_by(error)
    })
}

impl Known for Lake {
    fn is_account(&self, name: &str) -> bool {
        self.shared
            .accounts
            .iter()
            .any(|account| account.name.eq_ignore_ascii_case(name))
    }

    fn is_storage_account(&self, name: &str) -> bool {
        let mut accounts = self.shared.accounts.iter();
        accounts.any(|account| {
            account.kind == AccountKind::Storage && account.name.eq_ignore_ascii_case(name)
        })
    }

    fn is_tenant(&self, name: &str) -> bool {
        self.authority().directory.is_tenant(name)
    }
}
