//! Places behind calls that do something, and what std clones, moves and drops.

use super::Medley;

pub const CALLS: Medley = Medley {
    declarations: &[
        "let mut shelf = Shelf::new(@i);",
        "let mut list = vec![Noisy::new(@w, @i), Noisy::new(@w, @i)];",
        "let mut spare: Vec<Noisy> = Vec::new();",
        "let mut seen: &i32 = &0;",
    ],
    operations: &[
        "shelf.next().count += @i;",
        "shelf.next().count -= 1;",
        "shelf.next().right[0] *= 2;",
        "shelf.next().right[@i % 2] += @i;",
        "*shelf.number() -= @i;",
        "*shelf.number() = *shelf.number() + 1;",
        "let at = shelf.index(); shelf.slots[at].count += @i;",
        "shelf.slots[shelf.at].count += shelf.slots[0].count;",
        "shelf.next().left.push_str(@w);",
        "let held = shelf.next(); held.count += @i; println!(\"{}\", held.bump(1));",
        "seen = shelf.number();",
        "seen = &shelf.slots[1].count;",
        "println!(\"{}\", shelf.next().count);",
        "list = vec![Noisy::new(@w, @i); @i];",
        "list.resize(@i, Noisy::new(@w, @i));",
        "list.fill(Noisy::new(@w, @i));",
        "list.dedup_by(|a, b| a.weight == b.weight);",
        "list.clone_from(&spare);",
        "spare.clone_from(&list);",
        "spare.extend_from_slice(&list);",
        "spare = list.clone();",
        "spare = list;",
        "spare.extend(list.drain(..));",
        "list.truncate(1);",
        "list.retain(|noisy| noisy.weight > 3);",
        "list.extend(std::iter::repeat_n(Noisy::new(@w, @i), 2));",
        "if let Some(last) = list.last_mut() { last.weight += @i; }",
    ],
    uses: &[
        "println!(\"{} {seen}\", shelf.slots.iter().map(|pair| pair.count).sum::<i32>());",
        "for noisy in &list { println!(\"{} {}\", noisy.name, noisy.weight); }",
        "println!(\"{}\", spare.len());",
    ],
};
