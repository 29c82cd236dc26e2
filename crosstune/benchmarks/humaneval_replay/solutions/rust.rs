// HumanEval/2
    number % 1.0

// HumanEval/10 helper
fn is_palindrome(string: &str) -> bool {
    string.chars().eq(string.chars().rev())
}

// HumanEval/10
    let chars: Vec<char> = string.chars().collect();
    let mut begin = 0;
    while !is_palindrome(&chars[begin..].iter().collect::<String>()) {
        begin += 1;
    }
    chars.iter().chain(chars[..begin].iter().rev()).collect()

// HumanEval/22
    values.iter().filter_map(|value| if let Value::Int(number) = value { Some(*number) } else { None }).collect()

// HumanEval/32 helper
fn poly(xs: &[i32], x: f64) -> f64 {
    xs.iter().rev().fold(0.0, |sum, coefficient| sum * x + f64::from(*coefficient))
}

// HumanEval/32
    let (mut begin, mut end) = (-1.0, 1.0);
    while poly(&xs, begin) * poly(&xs, end) > 0.0 {
        begin *= 2.0;
        end *= 2.0;
    }
    while end - begin > 1e-10 {
        let center = (begin + end) / 2.0;
        if poly(&xs, center) * poly(&xs, begin) > 0.0 {
            begin = center;
        } else {
            end = center;
        }
    }
    begin

// HumanEval/33
    let mut thirds: Vec<i32> = l.iter().copied().step_by(3).collect();
    thirds.sort();
    l.iter().enumerate().map(|(i, each)| if i % 3 == 0 { thirds[i / 3] } else { *each }).collect()

// HumanEval/38 helper
fn encode_cyclic(s: &str) -> String {
    let mut chars: Vec<char> = s.chars().collect();
    for group in chars.chunks_exact_mut(3) {
        group.rotate_left(1);
    }
    chars.into_iter().collect()
}

// HumanEval/38
    encode_cyclic(&encode_cyclic(&s))

// HumanEval/50 helper
fn encode_shift(s: &str) -> String {
    s.bytes().map(|c| char::from(b'a' + (c - b'a' + 5) % 26)).collect()
}

// HumanEval/50
    s.bytes().map(|c| char::from(b'a' + (c - b'a' + 21) % 26)).collect()

// HumanEval/51
    text.chars().filter(|c| !"aeiouAEIOU".contains(*c)).collect()

// HumanEval/54
    s0.chars().all(|c| s1.contains(c)) && s1.chars().all(|c| s0.contains(c))

// HumanEval/56
    let mut depth = 0;
    for c in brackets.chars() {
        depth += if c == '<' { 1 } else { -1 };
        if depth < 0 {
            return false;
        }
    }
    depth == 0

// HumanEval/61
    let mut depth = 0;
    for c in brackets.chars() {
        depth += if c == '(' { 1 } else { -1 };
        if depth < 0 {
            return false;
        }
    }
    depth == 0

// HumanEval/64
    let vowels = s.chars().filter(|c| "aeiouAEIOU".contains(*c)).count() as i32;
    vowels + i32::from(s.ends_with(['y', 'Y']))

// HumanEval/65
    let digits = x.to_string();
    let shift = shift as usize;
    if shift > digits.len() {
        return digits.chars().rev().collect();
    }
    let (left, right) = digits.split_at(digits.len() - shift);
    format!("{right}{left}")

// HumanEval/66
    s.bytes().filter(|c| c.is_ascii_uppercase()).map(i32::from).sum()

// HumanEval/67
    n - s.split(' ').filter_map(|word| word.parse::<i32>().ok()).sum::<i32>()

// HumanEval/71
    if a + b <= c || a + c <= b || b + c <= a {
        return -1.0;
    }
    let (a, b, c) = (f64::from(a), f64::from(b), f64::from(c));
    let s = (a + b + c) / 2.0;
    ((s * (s - a) * (s - b) * (s - c)).sqrt() * 100.0).round() / 100.0

// HumanEval/74
    let size = |list: &Vec<String>| list.iter().map(String::len).sum::<usize>();
    if size(&lst1) <= size(&lst2) { lst1 } else { lst2 }

// HumanEval/78
    num.chars().filter(|c| "2357BD".contains(*c)).count() as i32

// HumanEval/80
    let chars: Vec<char> = s.chars().collect();
    chars.len() >= 3 && chars.windows(3).all(|w| w[0] != w[1] && w[1] != w[2] && w[0] != w[2])

// HumanEval/82
    let n = string.chars().count();
    n > 1 && (2..n).all(|i| n % i != 0)

// HumanEval/86
    let sorted = |word: &str| {
        let mut chars: Vec<char> = word.chars().collect();
        chars.sort();
        chars.into_iter().collect::<String>()
    };
    s.split(' ').map(sorted).collect::<Vec<String>>().join(" ")

// HumanEval/87
    let mut found = Vec::new();
    for (i, row) in lst.iter().enumerate() {
        for (j, value) in row.iter().enumerate().rev() {
            if *value == x {
                found.push((i as i32, j as i32));
            }
        }
    }
    found

// HumanEval/89
    let rotated = |c: u8| if c.is_ascii_lowercase() { b'a' + (c - b'a' + 4) % 26 } else { c };
    s.bytes().map(|c| char::from(rotated(c))).collect()

// HumanEval/90
    let mut sorted = lst;
    sorted.sort();
    sorted.dedup();
    sorted.get(1).copied()

// HumanEval/91
    s.split(['.', '?', '!']).filter(|sentence| sentence.trim_start().starts_with("I ")).count() as i32

// HumanEval/93
    let swapped = |c: u8| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let vowel = |c: u8| b"aeiouAEIOU".contains(&c);
    message.bytes().map(|c| char::from(swapped(c) + if vowel(c) { 2 } else { 0 })).collect()

// HumanEval/95
    let letters = |key: &String| key.to_lowercase() != key.to_uppercase();
    let lower = dict.keys().all(|key| letters(key) && *key == key.to_lowercase());
    let upper = dict.keys().all(|key| letters(key) && *key == key.to_uppercase());
    !dict.is_empty() && (lower || upper)

// HumanEval/98
    s.chars().step_by(2).filter(|c| "AEIOU".contains(*c)).count() as i32

// HumanEval/99
    value.parse::<f64>().unwrap().round() as i32

// HumanEval/101
    s.split([',', ' ']).filter(|word| !word.is_empty()).map(String::from).collect()

// HumanEval/103
    if n > m {
        return Value::Int(-1);
    }
    let floor = (n + m) / 2;
    let rounded = if (n + m) % 2 == 0 || floor % 2 == 0 { floor } else { floor + 1 };
    Value::Text(format!("{rounded:#b}"))

// HumanEval/111
    let mut counts: HashMap<String, i32> = HashMap::new();
    for letter in test.split_whitespace() {
        *counts.entry(letter.to_string()).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    counts.retain(|_, count| *count == most);
    counts

// HumanEval/112
    let kept: String = s.chars().filter(|each| !c.contains(*each)).collect();
    let same = kept.chars().eq(kept.chars().rev());
    (kept, same)

// HumanEval/113
    lst.iter()
        .map(|digits| {
            let n = digits.bytes().filter(|digit| digit % 2 == 1).count();
            format!("the number of odd elements {n}n the str{n}ng {n} of the {n}nput.")
        })
        .collect()

// HumanEval/117
    let consonants = |word: &str| word.chars().filter(|c| !"aeiouAEIOU".contains(*c)).count() as i32;
    s.split_whitespace().filter(|word| consonants(word) == n).map(String::from).collect()

// HumanEval/118
    let vowel = |c: char| "aeiouAEIOU".contains(c);
    let chars: Vec<char> = word.chars().collect();
    let found = chars.windows(3).rev().find(|w| vowel(w[1]) && !vowel(w[0]) && !vowel(w[2]));
    found.map_or(String::new(), |w| w[1].to_string())

// HumanEval/119
    let good = |text: String| {
        let mut depth = 0;
        for c in text.chars() {
            depth += if c == '(' { 1 } else { -1 };
            if depth < 0 {
                return false;
            }
        }
        depth == 0
    };
    let found = good(format!("{}{}", lst[0], lst[1])) || good(format!("{}{}", lst[1], lst[0]));
    String::from(if found { "Yes" } else { "No" })

// HumanEval/124
    let form: String = date.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if form != "00-00-0000" {
        return false;
    }
    let month: usize = date[..2].parse().unwrap();
    let day: i32 = date[3..5].parse().unwrap();
    let days = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    month <= 12 && day >= 1 && day <= days[month]

// HumanEval/125
    let separator = if txt.contains(' ') { ' ' } else { ',' };
    if txt.contains(separator) {
        let words = txt.split(separator).filter(|word| !word.is_empty());
        return Value::List(words.map(String::from).collect());
    }
    Value::Int(txt.bytes().filter(|c| c.is_ascii_lowercase() && c % 2 == 0).count() as i32)

// HumanEval/127
    let n = interval1.1.min(interval2.1) - interval1.0.max(interval2.0);
    String::from(if n > 1 && (2..n).all(|i| n % i != 0) { "YES" } else { "NO" })

// HumanEval/128
    if arr.is_empty() {
        return None;
    }
    let sum: i32 = arr.iter().map(|each| each.abs()).sum();
    Some(sum * arr.iter().map(|each| each.signum()).product::<i32>())

// HumanEval/132
    let Some(first) = string.find('[') else { return false };
    let Some(second) = string[first + 1..].find('[') else { return false };
    string[first + second + 2..].matches(']').count() >= 2

// HumanEval/134
    let chars: Vec<char> = txt.chars().rev().take(2).collect();
    !chars.is_empty() && chars[0].is_ascii_alphabetic() && (chars.len() == 1 || chars[1] == ' ')

// HumanEval/136
    let negative = lst.iter().copied().filter(|each| *each < 0).max();
    let positive = lst.iter().copied().filter(|each| *each > 0).min();
    (negative, positive)

// HumanEval/137
    let number = |value: &Value| match value {
        Value::Int(whole) => f64::from(*whole),
        Value::Float(fraction) => *fraction,
        Value::Text(text) => text.replace(',', ".").parse().unwrap(),
    };
    let (x, y) = (number(&a), number(&b));
    if x == y {
        return None;
    }
    Some(if x > y { a } else { b })

// HumanEval/140
    let mut result = String::new();
    let mut spaces = 0;
    for c in text.chars().chain(['.']) {
        if c == ' ' {
            spaces += 1;
            continue;
        }
        result += &if spaces > 2 { "-".to_string() } else { "_".repeat(spaces) };
        result.push(c);
        spaces = 0;
    }
    result.pop();
    result

// HumanEval/141
    let parts: Vec<&str> = file_name.split('.').collect();
    let valid = parts.len() == 2
        && parts[0].starts_with(|c: char| c.is_ascii_alphabetic())
        && ["txt", "exe", "dll"].contains(&parts[1])
        && parts[0].chars().filter(char::is_ascii_digit).count() <= 3;
    String::from(if valid { "Yes" } else { "No" })

// HumanEval/143
    let prime = |n: usize| n > 1 && (2..n).all(|i| n % i != 0);
    sentence.split(' ').filter(|word| prime(word.len())).collect::<Vec<&str>>().join(" ")

// HumanEval/144
    let parts = |text: &str| {
        let (above, below) = text.split_once('/').unwrap();
        (above.parse::<i64>().unwrap(), below.parse::<i64>().unwrap())
    };
    let ((a, b), (c, d)) = (parts(&x), parts(&n));
    a * c % (b * d) == 0

// HumanEval/148
    let planets = ["Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune"];
    let place = |name: &str| planets.iter().position(|each| *each == name);
    match (place(&planet1), place(&planet2)) {
        (Some(a), Some(b)) if a != b => {
            planets[a.min(b) + 1..a.max(b)].iter().map(|each| each.to_string()).collect()
        }
        _ => vec![],
    }

// HumanEval/149
    let mut even: Vec<String> = lst.into_iter().filter(|each| each.len() % 2 == 0).collect();
    even.sort_by_key(|each| (each.len(), each.clone()));
    even

// HumanEval/153
    let strength = |name: &str| -> i32 {
        name.chars().map(|c| i32::from(c.is_ascii_uppercase()) - i32::from(c.is_ascii_lowercase())).sum()
    };
    let mut best = &extensions[0];
    for each in &extensions {
        if strength(each) > strength(best) {
            best = each;
        }
    }
    format!("{class_name}.{best}")

// HumanEval/154
    b.is_empty() || (0..b.len()).any(|i| a.contains(&format!("{}{}", &b[i..], &b[..i])))

// HumanEval/157
    a * a + b * b == c * c || a * a + c * c == b * b || b * b + c * c == a * a

// HumanEval/158
    let different = |word: &String| word.chars().collect::<std::collections::HashSet<char>>().len();
    words.iter().min_by_key(|word| (std::cmp::Reverse(different(word)), word.to_string())).unwrap().clone()

// HumanEval/160
    let (mut names, mut values) = (operator, operand);
    for level in [vec!["**"], vec!["*", "//"], vec!["+", "-"]] {
        let found = |names: &Vec<String>| {
            let mut places = names.iter().enumerate().filter(|(_, name)| level.contains(&name.as_str()));
            if level.len() == 1 { places.last() } else { places.next() }.map(|(at, _)| at)
        };
        while let Some(at) = found(&names) {
            let b = values.remove(at + 1);
            let a = values[at];
            values[at] = match names.remove(at).as_str() {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "//" => a.div_euclid(b),
                _ => a.pow(b as u32),
            };
        }
    }
    values[0]

// HumanEval/161
    if !s.chars().any(|c| c.is_ascii_alphabetic()) {
        return s.chars().rev().collect();
    }
    s.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()

// HumanEval/162
    if text.is_empty() {
        return None;
    }
    Some(format!("{:x}", md5::compute(text)))

// HumanEval/22 tests
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls() {
        assert_eq!(CALL, EXPECTED);
    }
}

// HumanEval/32 tests
#[cfg(test)]
mod tests {
    use super::*;

    fn value_at(xs: &[i32], x: f64) -> f64 {
        xs.iter().enumerate().map(|(i, coefficient)| f64::from(*coefficient) * x.powi(i as i32)).sum()
    }

    #[test]
    fn roots() {
        assert!(value_at(&ARGUMENTS, CALL).abs() < TOLERANCE);
    }
}

// HumanEval/103 tests
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls() {
        assert_eq!(CALL, EXPECTED);
    }
}

// HumanEval/125 tests
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls() {
        assert_eq!(CALL, EXPECTED);
    }
}

// HumanEval/137 tests
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls() {
        assert_eq!(CALL, EXPECTED);
    }
}
