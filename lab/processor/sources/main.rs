use std::collections::BTreeMap;

#[inline(never)]
fn sum_of_squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value * 0.5).sum()
}

fn main() {
    let values: Vec<f64> = (0..4000).map(|n| f64::from(n) * 1.25).collect();
    let mut counts = BTreeMap::new();
    let mut ones = 0;
    for value in &values {
        *counts.entry(*value as u64 % 97).or_insert(0u64) += 1;
        ones += value.to_bits().count_ones();
    }
    println!("{} {} {:?}", sum_of_squares(&values), ones, counts.get(&5));
}
