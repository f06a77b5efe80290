//! The figures of one workload, client below client.

use std::fmt;

use crate::client::Subject;
use crate::measure::Cost;
use crate::workload::Workload;

pub struct Report {
    workload: Workload,
    rows: Vec<(Subject, Vec<Cost>)>,
}

impl Report {
    pub fn new(workload: Workload, subjects: Vec<Subject>) -> Self {
        let rows = subjects.into_iter().map(|subject| (subject, Vec::new()));
        Self {
            workload,
            rows: rows.collect(),
        }
    }

    pub fn subjects(&self) -> Vec<Subject> {
        self.rows.iter().map(|(subject, _)| *subject).collect()
    }

    pub fn add(&mut self, subject: Subject, cost: Cost) {
        let row = self.rows.iter_mut().find(|(it, _)| *it == subject);
        row.expect("the report was made for this client")
            .1
            .push(cost);
    }

    /// Processor time of one unit in seconds: the median, the least and the most.
    fn cpu(&self, costs: &[Cost]) -> [f64; 3] {
        let (unit, _) = self.workload.unit();
        let per_unit = unit / self.workload.amount() as f64;
        let seconds = costs.iter().map(|cost| cost.cpu.as_secs_f64() * per_unit);
        let seconds = sorted(seconds);
        [
            seconds[seconds.len() / 2],
            seconds[0],
            seconds[seconds.len() - 1],
        ]
    }
}

/// As Markdown, so that it can be copied into the page of figures.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name) = self.workload.unit();
        writeln!(f, "{}:\n", self.workload.title())?;
        writeln!(
            f,
            "| {:16} | {:34} | of ours | {:>18} | most memory |",
            "client",
            format!("processor time a {name} (least, most)"),
            "by the clock",
        )?;
        writeln!(
            f,
            "|{0:-<18}|{0:-<36}|--------:|{0:-<19}:|------------:|",
            ""
        )?;
        let mut ours = None;
        for (subject, costs) in &self.rows {
            if costs.is_empty() {
                continue;
            }
            let [cpu, least, most] = self.cpu(costs);
            let ours = *ours.get_or_insert(cpu);
            let walls = sorted(costs.iter().map(|cost| cost.wall.as_secs_f64()));
            let rate = self.workload.amount() as f64 / unit / walls[walls.len() / 2];
            let peak = costs.iter().map(|cost| cost.peak).max().unwrap_or(0);
            let cpu = format!("{} ({}, {})", time(cpu), time(least), time(most));
            let (ratio, rate) = (self.cpu(costs)[0] / ours, format!("{rate:.2} {name}/s"));
            let peak = peak as f64 / 1e6;
            let subject = subject.name();
            writeln!(
                f,
                "| {subject:16} | {cpu:34} | {ratio:7.2} | {rate:>18} | {peak:8.1} MB |"
            )?;
        }
        Ok(())
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn time(seconds: f64) -> String {
    match seconds {
        seconds if seconds >= 0.01 => format!("{seconds:.3} s"),
        seconds if seconds >= 1e-6 => format!("{:.1} us", seconds * 1e6),
        seconds => format!("{:.0} ns", seconds * 1e9),
    }
}
