//! The machine that runs a program over a text, and goes back where it fails.

use usql_sema::regex::Position;

use super::{
    Captures,
    program::{Alone, Program, Step},
    units::in_lower_case,
};

/// The most steps of one search, some tenths of a second: patterns such as `(a+)+b` would go on for years.
const MAX_STEPS: usize = 1 << 26;

/// The most that is kept to go back to.
const MAX_BACK: usize = 1 << 22;

/// A search that took more steps than it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// What is undone, or tried instead, when something fails.
#[derive(Debug, Clone, Copy)]
enum Back {
    /// Goes on at a step and a position.
    Try {
        step: usize,
        at: usize,
    },
    /// Of some code units one less, down to a position.
    Fewer {
        step: usize,
        at: usize,
        least: usize,
    },
    /// Of some code units one more.
    More {
        step: usize,
        at: usize,
        taken: usize,
    },
    Captured {
        group: usize,
        was: Option<(usize, usize)>,
    },
    Opened {
        group: usize,
        was: usize,
    },
    Counted {
        count: usize,
        was: (usize, usize),
    },
    /// Where what is matched alone began.
    Alone {
        kind: Alone,
        exit: usize,
        at: usize,
    },
}

/// No position.
const NOWHERE: usize = usize::MAX;

/// What a search needs, kept from one to the next.
#[derive(Debug, Default)]
pub struct Machine {
    captures: Vec<Option<(usize, usize)>>,
    opened: Vec<usize>,
    /// Of each repetition how often so far, and where the last time began.
    counts: Vec<(usize, usize)>,
    back: Vec<Back>,
    /// Where in `back` each of what is matched alone began.
    alone: Vec<usize>,
    steps: usize,
}

impl Machine {
    /// The first match at or behind a position.
    pub(super) fn find(
        &mut self,
        program: &Program,
        text: &[u16],
        from: usize,
    ) -> Result<Option<&Captures>, TooLong> {
        self.steps = 0;
        let last = if program.is_anchored { 0 } else { text.len() };
        for start in from..=last {
            if let Some((ascii, others)) = program.first {
                match text.get(start) {
                    Some(unit) if *unit < 128 && ascii >> unit & 1 == 0 => continue,
                    Some(unit) if *unit >= 128 && !others => continue,
                    Some(_) => {}
                    None => break,
                }
            }
            self.captures.clear();
            self.captures.resize(program.groups, None);
            self.opened.clear();
            self.opened.resize(program.groups, 0);
            self.counts.clear();
            self.counts.resize(program.counts, (0, NOWHERE));
            self.back.clear();
            self.alone.clear();
            if let Some(end) = self.run(program, text, start)? {
                self.captures[0] = Some((start, end));
                return Ok(Some(&self.captures));
            }
        }
        Ok(None)
    }

    /// Where a match that begins here ends.
    fn run(
        &mut self,
        program: &Program,
        text: &[u16],
        start: usize,
    ) -> Result<Option<usize>, TooLong> {
        let (mut step, mut at) = (0, start);
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS || self.back.len() > MAX_BACK {
                return Err(TooLong);
            }
            let (what, backwards) = &program.steps[step];
            let next = match what {
                Step::Unit(unit) => taken(text, at, *backwards, |found| found == *unit),
                Step::Units(set) => {
                    taken(text, at, *backwards, |found| program.sets[*set].has(found))
                }
                Step::Any => taken(text, at, *backwards, |_| true),
                Step::At(position) => holds(*position, program, text, at).then_some(at),
                Step::Many { .. } => self.many(program, text, step, at),
                Step::Either(other) => {
                    self.back.push(Back::Try { step: *other, at });
                    Some(at)
                }
                Step::Jump(to) => {
                    step = *to;
                    continue;
                }
                Step::Open(group) => {
                    let was = std::mem::replace(&mut self.opened[*group], at);
                    self.back.push(Back::Opened { group: *group, was });
                    Some(at)
                }
                Step::Close(group) => {
                    let from = self.opened[*group];
                    let captured = Some((from.min(at), from.max(at)));
                    let was = std::mem::replace(&mut self.captures[*group], captured);
                    self.back.push(Back::Captured { group: *group, was });
                    Some(at)
                }
                Step::Begin(count) => {
                    self.count(*count, (0, NOWHERE));
                    Some(at)
                }
                Step::Again { exit, .. } => {
                    step = match self.again(what, step, at) {
                        true => step + 1,
                        false => *exit,
                    };
                    continue;
                }
                Step::Captured { group, any_case } => self.captures[*group].and_then(|captured| {
                    self.steps += (captured.1 - captured.0) / 8;
                    again(text, captured, at, *backwards, *any_case)
                }),
                Step::Alone { kind, exit } => {
                    self.alone.push(self.back.len());
                    self.back.push(Back::Alone {
                        kind: *kind,
                        exit: *exit,
                        at,
                    });
                    Some(at)
                }
                Step::Done => self.done(at),
                Step::Match => return Ok(Some(at)),
            };
            match next {
                Some(next) => (step, at) = (step + 1, next),
                None => match self.go_back(program, text) {
                    Some(place) => (step, at) = place,
                    None => return Ok(None),
                },
            }
        }
    }

    fn count(&mut self, count: usize, now: (usize, usize)) {
        let was = std::mem::replace(&mut self.counts[count], now);
        self.back.push(Back::Counted { count, was });
    }

    /// Whether a repetition goes on. One that matched nothing does not, once it was there often enough.
    fn again(&mut self, what: &Step, step: usize, at: usize) -> bool {
        let Step::Again {
            count,
            least,
            most,
            lazy,
            exit,
        } = what
        else {
            unreachable!("only repetitions are repeated");
        };
        let (times, last) = self.counts[*count];
        if times >= *least {
            if times >= *most || last == at {
                return false;
            }
            if *lazy {
                // Once more only if what is behind it fails: then this is where it goes on.
                self.back.push(Back::More {
                    step,
                    at,
                    taken: times,
                });
                return false;
            }
            self.back.push(Back::Try { step: *exit, at });
        }
        self.count(*count, (times + 1, at));
        true
    }

    /// Takes code units of a set.
    fn many(&mut self, program: &Program, text: &[u16], step: usize, at: usize) -> Option<usize> {
        let (
            Step::Many {
                units,
                least,
                most,
                lazy,
            },
            backwards,
        ) = &program.steps[step]
        else {
            unreachable!("only many are many");
        };
        let there = if *backwards { at } else { text.len() - at };
        let wanted = if *lazy { *least } else { *most }.min(there);
        let taken = match units {
            None => wanted,
            Some(set) => {
                let set = &program.sets[*set];
                let has = |unit: &&u16| set.has(**unit);
                match backwards {
                    false => text[at..at + wanted].iter().take_while(has).count(),
                    true => text[at - wanted..at].iter().rev().take_while(has).count(),
                }
            }
        };
        self.steps += taken / 8;
        if taken < *least {
            return None;
        }
        let moved = |count: usize| if *backwards { at - count } else { at + count };
        if *lazy {
            self.back.push(Back::More {
                step,
                at: moved(taken),
                taken,
            });
        } else if taken > *least {
            self.back.push(Back::Fewer {
                step,
                at: moved(taken),
                least: moved(*least),
            });
        }
        Some(moved(taken))
    }

    /// The end of what is matched alone: there is no going back into it.
    fn done(&mut self, at: usize) -> Option<usize> {
        let began = self.alone.pop().expect("what ends has begun");
        let Back::Alone {
            kind, at: before, ..
        } = self.back[began]
        else {
            unreachable!("what is matched alone is marked");
        };
        if kind == Alone::NotLook {
            while self.back.len() > began {
                self.undo();
            }
            return None;
        }
        // What it captured is still undone with what is around it.
        let mut kept = began;
        for place in began + 1..self.back.len() {
            if matches!(
                self.back[place],
                Back::Captured { .. } | Back::Opened { .. } | Back::Counted { .. }
            ) {
                self.back[kept] = self.back[place];
                kept += 1;
            }
        }
        self.back.truncate(kept);
        Some(match kind {
            Alone::Look => before,
            _ => at,
        })
    }

    /// Takes back the last thing that happened.
    fn undo(&mut self) -> Option<Back> {
        let back = self.back.pop()?;
        match back {
            Back::Captured { group, was } => self.captures[group] = was,
            Back::Opened { group, was } => self.opened[group] = was,
            Back::Counted { count, was } => self.counts[count] = was,
            Back::Try { .. } | Back::Fewer { .. } | Back::More { .. } | Back::Alone { .. } => {}
        }
        Some(back)
    }

    /// The next step and position to try.
    fn go_back(&mut self, program: &Program, text: &[u16]) -> Option<(usize, usize)> {
        loop {
            self.steps += 1;
            match self.undo()? {
                Back::Try { step, at } => return Some((step, at)),
                Back::Fewer { step, at, least } => {
                    let at = if at > least { at - 1 } else { at + 1 };
                    if at != least {
                        self.back.push(Back::Fewer { step, at, least });
                    }
                    return Some((step + 1, at));
                }
                Back::More { step, at, taken } => match &program.steps[step] {
                    (Step::Many { units, most, .. }, backwards) => {
                        let has = |unit| units.is_none_or(|set| program.sets[set].has(unit));
                        let next = (taken < *most).then(|| self::taken(text, at, *backwards, has));
                        if let Some(at) = next.flatten() {
                            let taken = taken + 1;
                            self.back.push(Back::More { step, at, taken });
                            return Some((step + 1, at));
                        }
                    }
                    (Step::Again { count, .. }, _) => {
                        self.count(*count, (taken + 1, at));
                        return Some((step + 1, at));
                    }
                    _ => unreachable!("nothing else takes more"),
                },
                Back::Alone { kind, exit, at } => {
                    self.alone.pop();
                    if kind == Alone::NotLook {
                        return Some((exit, at));
                    }
                }
                Back::Captured { .. } | Back::Opened { .. } | Back::Counted { .. } => {}
            }
        }
    }
}

/// The position behind one code unit, if it is one that is wanted.
#[inline]
fn taken(text: &[u16], at: usize, backwards: bool, wanted: impl Fn(u16) -> bool) -> Option<usize> {
    if backwards {
        let before = at.checked_sub(1)?;
        wanted(text[before]).then_some(before)
    } else {
        text.get(at)
            .is_some_and(|unit| wanted(*unit))
            .then_some(at + 1)
    }
}

/// Behind what a group captured, if it is there once more.
fn again(
    text: &[u16],
    (from, to): (usize, usize),
    at: usize,
    backwards: bool,
    any_case: bool,
) -> Option<usize> {
    let length = to - from;
    let place = if backwards {
        at.checked_sub(length)?
    } else {
        at
    };
    let (there, wanted) = (text.get(place..place + length)?, &text[from..to]);
    let is_there = match any_case {
        true => there
            .iter()
            .zip(wanted)
            .all(|(one, other)| in_lower_case(*one) == in_lower_case(*other)),
        false => there == wanted,
    };
    is_there.then_some(if backwards { place } else { at + length })
}

fn holds(position: Position, program: &Program, text: &[u16], at: usize) -> bool {
    const LINE_FEED: u16 = 10;
    let edge = || {
        let before = at > 0 && program.word.has(text[at - 1]);
        before != text.get(at).is_some_and(|unit| program.word.has(*unit))
    };
    match position {
        Position::Start => at == 0,
        Position::LineStart => at == 0 || text[at - 1] == LINE_FEED,
        Position::End => at == text.len() || text[at..] == [LINE_FEED],
        Position::LineEnd => at == text.len() || text[at] == LINE_FEED,
        Position::VeryEnd => at == text.len(),
        Position::WordEdge => edge(),
        Position::NoWordEdge => !edge(),
    }
}
