//! How much memory the jobs of a served lake may hold.

use std::fs;

/// What is assumed of a system that does not tell.
const UNKNOWN: u64 = 4 << 30;

/// A number of bytes: `512MiB`, `4GiB`, or with `M` and `G`.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let shift = match unit {
        "KiB" | "K" => 10,
        "MiB" | "M" => 20,
        "GiB" | "G" => 30,
        "TiB" | "T" => 40,
        _ => return Err("use a number with KiB, MiB, GiB or TiB, such as 4GiB".to_owned()),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "the number is too large or missing")?;
    number
        .checked_mul(1 << shift)
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "the number is too large or zero".to_owned())
}

/// Half of what this machine has, or of what its container may use if that is less.
pub(crate) fn half_of_the_machine() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo").ok();
    let machine = machine.as_deref().and_then(total);
    let container = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let container = container.and_then(|text| text.trim().parse().ok());
    machine
        .into_iter()
        .chain(container)
        .min()
        .unwrap_or(UNKNOWN)
        / 2
}

/// `MemTotal` of `/proc/meminfo`.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_number_and_a_unit() {
        assert_eq!(bytes("32MiB"), Ok(32 << 20));
        assert_eq!(bytes("4G"), Ok(4 << 30));
        for text in ["", "4", "MiB", "-1MiB", "1.5GiB", "0MiB", "99999999999TiB"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_memory_of_the_machine_is_read() {
        let meminfo = "MemTotal:       16303428 kB\nMemFree:          123 kB\n";
        assert_eq!(total(meminfo), Some(16_303_428 * 1024));
        assert_eq!(total("MemFree: 1 kB"), None);
        assert!(half_of_the_machine() > 0);
    }
}
