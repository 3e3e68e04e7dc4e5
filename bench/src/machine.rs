//! What the kernel tells: processor time of processes, resident memory, load.

use std::fs;

use crate::Outcome;

/// Milliseconds of one tick of `/proc`: the kernel's USER_HZ is 100 on all architectures that Rust's servers run on.
const TICK: u64 = 10;

/// User and system time of a process in milliseconds.
pub fn cpu_ms(pid: u32) -> Outcome<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    Ok(times(&text).ok_or("an unknown form of /proc/PID/stat")?.0)
}

/// (own time, parent) of a line of `/proc/PID/stat`.
fn times(text: &str) -> Option<(u64, u32)> {
    // The name in parentheses may hold spaces.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |n: usize| fields.get(n)?.parse::<u64>().ok();
    Some(((number(11)? + number(12)?) * TICK, u32::try_from(number(1)?).ok()?))
}

/// Time of a process and of its living children: PostgreSQL with its backends.
pub fn family_cpu_ms(pid: u32) -> Outcome<u64> {
    let mut sum = cpu_ms(pid)?;
    for entry in fs::read_dir("/proc")?.flatten() {
        if let Ok(text) = fs::read_to_string(entry.path().join("stat"))
            && let Some((own, parent)) = times(&text)
            && parent == pid
        {
            sum += own;
        }
    }
    Ok(sum)
}

/// Resident memory of a process in MiB: (now, the most ever).
pub fn memory_mib(pid: u32) -> Outcome<(u64, u64)> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name))?;
        value.split_whitespace().next()?.parse::<u64>().ok()
    };
    Ok((line("VmRSS:").unwrap_or(0) / 1024, line("VmHWM:").unwrap_or(0) / 1024))
}

/// The load averages as the kernel writes them.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Processors.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Milliseconds of work of the whole machine so far, what the hypervisor took from it included.
pub fn busy_ms() -> u64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let numbers: Vec<u64> = text.lines().next().unwrap_or_default().split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal
    let at = |n: usize| numbers.get(n).copied().unwrap_or(0);
    (at(0) + at(1) + at(2) + at(5) + at(6) + at(7)) * TICK
}

/// This program's own time in milliseconds.
pub fn own_cpu_ms() -> u64 {
    cpu_ms(std::process::id()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::times;

    #[test]
    fn a_name_with_spaces_does_not_shift_the_fields() {
        let line = "7 (a (b) c) S 3 7 7 0 -1 0 1 2 3 4 50 25 0 0 20 0 1 0 1 1 1";
        assert_eq!(times(line), Some((750, 3)));
    }
}
