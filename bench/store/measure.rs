//! What a process has cost so far.

use std::fs;
use std::str::FromStr;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// A moment in the life of this process.
pub struct Start {
    cpu: Duration,
    wall: Instant,
}

/// What work cost the process that did it.
#[derive(Clone, Copy)]
pub struct Cost {
    /// The time of all its threads, the kernel's on their behalf included.
    pub cpu: Duration,
    pub wall: Duration,
    /// The most memory it ever held, in bytes, its program included.
    pub peak: u64,
}

impl Start {
    pub fn now() -> Self {
        Self {
            cpu: cpu(),
            wall: Instant::now(),
        }
    }

    pub fn cost(&self) -> Cost {
        Cost {
            cpu: cpu() - self.cpu,
            wall: self.wall.elapsed(),
            peak: peak("self"),
        }
    }
}

fn cpu() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec as u64, spent.tv_nsec as u32)
}

/// The processor time of another process so far, to a hundredth of a second.
pub fn processor_time(process: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before it, in parentheses, may hold anything.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|field| field.parse::<u64>().ok()).sum();
    // Linux counts in hundredths for every program, whatever its kernel's clock.
    Duration::from_millis(ticks * 10)
}

/// `VmHWM` of a process.
pub fn peak(process: &str) -> u64 {
    memory(process, "VmHWM:")
}

/// A line of a process's status that is in kB, in bytes.
pub fn memory(process: &str, key: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    number.unwrap_or(0) * 1024
}

/// As a line between processes.
impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (cpu, wall) = (self.cpu.as_nanos(), self.wall.as_nanos());
        write!(f, "{cpu} {wall} {}", self.peak)
    }
}

impl FromStr for Cost {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let mut numbers = line.split_whitespace().map(str::parse::<u64>);
        let mut next = || numbers.next().and_then(Result::ok);
        match (next(), next(), next()) {
            (Some(cpu), Some(wall), Some(peak)) => Ok(Self {
                cpu: Duration::from_nanos(cpu),
                wall: Duration::from_nanos(wall),
                peak,
            }),
            _ => Err(format!("a client said {line:?} instead of its cost")),
        }
    }
}
