//! `adl serve`: the lake.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use lake_service::{
    Authentication, Endpoints, InstanceMetadata, JobLimits, Lake, LakeOptions, ListenOptions,
    Listener, Sockets, StorageKey,
};
use lake_store::{Ambient, Durability, Store, StoreOptions};
use lake_usql::LakeRunner;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::arguments::{self, Serve};
use crate::exit::Interrupted;
use crate::memory;
use crate::print::{self, note};

/// Serves until Ctrl-C or a termination signal; a second one does not wait for what is in flight.
pub(crate) async fn run(options: Serve, root: &Path) -> Result<()> {
    // What is announced is read in other folders, too.
    let root = std::path::absolute(root)
        .with_context(|| format!("there is no folder {}", root.display()))?;
    let (lake, listener) = open(&options, &root).await?;
    let endpoints = listener.endpoints();
    let mut interruptions = Interruptions::listen()?;
    endpoints.write(&root)?;
    announce(&endpoints, &root, &options)?;
    let stop = CancellationToken::new();
    let serving = async {
        tokio::join!(listener.serve(stop.clone()), reap(&lake, &stop));
        lake.shutdown().await;
        Ok(Endpoints::remove(&root)?)
    };
    let interrupted = async {
        interruptions.next().await;
        note("adl serve: stopping; Ctrl-C again does not wait for requests and jobs");
        stop.cancel();
        interruptions.next().await;
    };
    tokio::select! {
        served = serving => served,
        () = interrupted => Err(Interrupted.into()),
    }
}

/// How often the space of what has expired or was kept in the trash long enough is freed.
const REAPED_EVERY: Duration = Duration::from_secs(60);

/// Frees space now and then until the lake stops. Opening the lake did it the first time.
async fn reap(lake: &Lake, stop: &CancellationToken) {
    let mut ticks = tokio::time::interval(REAPED_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = lake.reap().await {
            note(format_args!("warning: {:#}", anyhow::Error::from(error)));
        }
    }
}

/// The root's lock first, then the ports: an open lake goes on with its jobs, and nothing may break them off again.
async fn open(options: &Serve, root: &Path) -> Result<(Lake, Listener)> {
    let durability = match options.durability {
        arguments::Durability::Process => Durability::Process,
        arguments::Durability::Power => Durability::Power,
    };
    let store = Store::open(
        root,
        StoreOptions::default()
            .with_durability(durability)
            .with_trash_retention(options.trash_retention),
        Ambient::system(),
    )
    .with_context(|| format!("cannot serve {}", root.display()))?;
    // Whoever waits for the file must not find that of a lake that was killed.
    Endpoints::remove(root)?;
    let ports = ListenOptions::default()
        .with_address(options.listen)
        .with_ports(options.port, options.https_port);
    let sockets = Sockets::bind(ports).await?;
    let lake_options = lake_options(options);
    let memory = options.memory.unwrap_or_else(memory::half_of_the_machine);
    // A job's part does not depend on how many others run, so neither does what becomes of it.
    let memory = memory / lake_options.jobs.running as u64;
    let engine = LakeRunner::engine_options(&store)
        .with_memory_limit(usize::try_from(memory).unwrap_or(usize::MAX));
    let runner = LakeRunner::with_options(engine)?;
    let lake = Lake::open(lake_options, store, Arc::new(runner)).await?;
    let listener = Listener::new(lake.clone(), sockets).await?;
    Ok((lake, listener))
}

fn lake_options(options: &Serve) -> LakeOptions {
    // A key that everybody knows is no key where others can reach the lake.
    let key = if options.listen.is_loopback() {
        StorageKey::WellKnown
    } else {
        StorageKey::Random
    };
    let authentication = if options.insecure_no_auth {
        Authentication::InsecureNone
    } else {
        Authentication::Required
    };
    let instance_metadata = if options.instance_metadata {
        InstanceMetadata::On
    } else {
        InstanceMetadata::Off
    };
    let mut jobs = JobLimits::default();
    if let Some(running) = options.running_jobs {
        jobs = jobs.with_running(running.into());
    }
    if let Some(queued) = options.queued_jobs {
        jobs = jobs.with_queued(queued.into());
    }
    let lake_options = LakeOptions::default()
        .with_jobs(jobs)
        .with_storage_key(key)
        .with_instance_metadata(instance_metadata)
        .with_authentication(authentication);
    match &options.directory {
        Some(file) => lake_options.with_directory(file),
        None => lake_options,
    }
}

/// The table that says how to reach the lake. Its first word, `ready`, is for programs that wait for it.
fn announce(endpoints: &Endpoints, root: &Path, options: &Serve) -> Result<()> {
    let masked = |secret: &str| {
        if options.show_secrets {
            secret.to_owned()
        } else {
            "*** (--show-secrets)".to_owned()
        }
    };
    let own = root.join(".lake").join("directory.toml");
    let directory = options.directory.as_ref().unwrap_or(&own);
    let rows = [
        ("root", root.display().to_string()),
        ("directory", directory.display().to_string()),
        ("http and proxy", endpoints.http.clone()),
        ("https", endpoints.https.clone()),
        ("certificate authority", endpoints.ca.display().to_string()),
        ("tenant", endpoints.tenant.clone()),
        ("client id", endpoints.client_id.clone()),
        ("client secret", masked(endpoints.client_secret.expose())),
        ("admin client id", endpoints.admin_client_id.clone()),
        (
            "admin client secret",
            masked(endpoints.admin_client_secret.expose()),
        ),
        ("user", endpoints.user.clone()),
        ("user password", masked(endpoints.user_password.expose())),
        ("admin user", endpoints.admin_user.clone()),
        (
            "admin user password",
            masked(endpoints.admin_user_password.expose()),
        ),
        ("analytics account", endpoints.analytics_account.clone()),
        ("store account", endpoints.store_account.clone()),
        ("storage account", endpoints.storage_account.clone()),
        ("storage key", masked(endpoints.storage_key.expose())),
    ];
    for (name, value) in rows {
        print::line(format_args!("{name:22} {value}"))?;
    }
    if options.insecure_no_auth {
        note("warning: --insecure-no-auth lets everybody in as the administrator");
    }
    print::line("ready; adl env prints the variables for a shell, Ctrl-C stops")
}

/// Ctrl-C and termination signals, from when this is made: before anybody is told that the lake is ready.
struct Interruptions {
    #[cfg(unix)]
    pressed: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
    #[cfg(windows)]
    pressed: tokio::signal::windows::CtrlC,
}

impl Interruptions {
    #[cfg(unix)]
    fn listen() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            pressed: listen(SignalKind::interrupt())?,
            terminated: listen(SignalKind::terminate())?,
        })
    }

    #[cfg(windows)]
    fn listen() -> Result<Self> {
        let pressed = tokio::signal::windows::ctrl_c().context("cannot listen for Ctrl-C")?;
        Ok(Self { pressed })
    }

    /// Waits for the next one.
    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.pressed.recv() => {}
            _ = self.terminated.recv() => {}
        }
        #[cfg(windows)]
        self.pressed.recv().await;
    }
}
