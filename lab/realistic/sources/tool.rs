//! A small tool of the standard library alone.
use std::io::{self, BufRead};

fn main() {
    let words: usize = io::stdin().lock().lines().map_while(Result::ok).map(|line| line.split_whitespace().count()).sum();
    println!("{words}");
}
