// HumanEval/0
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted.some((value, i) => i > 0 && value - sorted[i - 1] < threshold);

// HumanEval/1
  const groups = [];
  let depth = 0, group = "";
  for (const c of parenString) {
    if (c !== "(" && c !== ")") continue;
    group += c;
    depth += c === "(" ? 1 : -1;
    if (depth === 0) {
      groups.push(group);
      group = "";
    }
  }
  return groups;

// HumanEval/2
  return number % 1;

// HumanEval/3
  let balance = 0;
  for (const operation of operations) {
    balance += operation;
    if (balance < 0) return true;
  }
  return false;

// HumanEval/4
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return numbers.reduce((sum, x) => sum + Math.abs(x - mean), 0) / numbers.length;

// HumanEval/5
  return numbers.flatMap((number, i) => (i > 0 ? [delimeter, number] : [number]));

// HumanEval/6
  return parenString.split(" ").filter(Boolean).map((group) => {
    let depth = 0, deepest = 0;
    for (const c of group) {
      depth += c === "(" ? 1 : -1;
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  });

// HumanEval/7
  return strings.filter((each) => each.includes(substring));

// HumanEval/8
  return [numbers.reduce((a, b) => a + b, 0), numbers.reduce((a, b) => a * b, 1)];

// HumanEval/9
  let largest = -Infinity;
  return numbers.map((number) => (largest = Math.max(largest, number)));

// HumanEval/10 helper
function isPalindrome(string) {
  return string === [...string].reverse().join("");
}

// HumanEval/10
  let begin = 0;
  while (!isPalindrome(string.slice(begin))) begin++;
  return string + [...string.slice(0, begin)].reverse().join("");

// HumanEval/11
  return [...a].map((bit, i) => (bit === b[i] ? "0" : "1")).join("");

// HumanEval/12
  let found = null;
  for (const each of strings) {
    if (found === null || each.length > found.length) found = each;
  }
  return found;

// HumanEval/13
  while (b !== 0) [a, b] = [b, a % b];
  return a;

// HumanEval/14
  return [...string].map((_, i) => string.slice(0, i + 1));

// HumanEval/15
  return Array.from({ length: n + 1 }, (_, i) => i).join(" ");

// HumanEval/16
  return new Set(string.toLowerCase()).size;

// HumanEval/17
  const beats = { "o": 4, "o|": 2, ".|": 1 };
  return musicString.split(" ").filter(Boolean).map((note) => beats[note]);

// HumanEval/18
  let times = 0;
  for (let i = 0; i + substring.length <= string.length; i++) {
    if (string.startsWith(substring, i)) times++;
  }
  return times;

// HumanEval/19
  const names = "zero one two three four five six seven eight nine".split(" ");
  const words = numbers.split(" ").filter(Boolean);
  return words.sort((a, b) => names.indexOf(a) - names.indexOf(b)).join(" ");

// HumanEval/20
  const sorted = [...numbers].sort((a, b) => a - b);
  let best = 1;
  for (let i = 2; i < sorted.length; i++) {
    if (sorted[i] - sorted[i - 1] < sorted[best] - sorted[best - 1]) best = i;
  }
  return [sorted[best - 1], sorted[best]];

// HumanEval/21
  const least = Math.min(...numbers), most = Math.max(...numbers);
  return numbers.map((number) => (number - least) / (most - least));

// HumanEval/22
  return values.filter((value) => Number.isInteger(value)).map(Number);

// HumanEval/23
  return string.length;

// HumanEval/24
  let divisor = n - 1;
  while (n % divisor !== 0) divisor--;
  return divisor;

// HumanEval/25
  const factors = [];
  for (let i = 2; i * i <= n; i++) {
    while (n % i === 0) {
      factors.push(i);
      n /= i;
    }
  }
  if (n > 1) factors.push(n);
  return factors;

// HumanEval/26
  return numbers.filter((number) => numbers.indexOf(number) === numbers.lastIndexOf(number));

// HumanEval/27
  return [...string].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join("");

// HumanEval/28
  return strings.join("");

// HumanEval/29
  return strings.filter((each) => each.startsWith(prefix));

// HumanEval/30
  return l.filter((each) => each > 0);

// HumanEval/31
  if (n < 2) return false;
  for (let i = 2; i * i <= n; i++) {
    if (n % i === 0) return false;
  }
  return true;

// HumanEval/32 helper
function poly(xs, x) {
  return xs.reduce((sum, coefficient, i) => sum + coefficient * x ** i, 0);
}

// HumanEval/32
  let begin = -1, end = 1;
  while (poly(xs, begin) * poly(xs, end) > 0) {
    begin *= 2;
    end *= 2;
  }
  while (end - begin > 1e-10) {
    const center = (begin + end) / 2;
    if (poly(xs, center) * poly(xs, begin) > 0) begin = center;
    else end = center;
  }
  return begin;

// HumanEval/33
  const thirds = l.filter((_, i) => i % 3 === 0).sort((a, b) => a - b);
  return l.map((each, i) => (i % 3 === 0 ? thirds[i / 3] : each));

// HumanEval/34
  return [...new Set(l)].sort((a, b) => a - b);

// HumanEval/35
  return l.reduce((a, b) => (b > a ? b : a));

// HumanEval/36
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (i % 11 === 0 || i % 13 === 0) count += String(i).split("7").length - 1;
  }
  return count;

// HumanEval/37
  const evens = l.filter((_, i) => i % 2 === 0).sort((a, b) => a - b);
  return l.map((each, i) => (i % 2 === 0 ? evens[i / 2] : each));

// HumanEval/38 helper
function encodeCyclic(s) {
  return s.replace(/(.)(..)/gs, "$2$1");
}

// HumanEval/38
  return s.replace(/(..)(.)/gs, "$2$1");

// HumanEval/39
  const isPrime = (p) => {
    for (let i = 2; i * i <= p; i++) {
      if (p % i === 0) return false;
    }
    return p > 1;
  };
  let [a, b] = [1, 1];
  for (let found = 0; ; ) {
    [a, b] = [b, a + b];
    if (isPrime(a) && ++found === n) return a;
  }

// HumanEval/40
  for (let i = 0; i < l.length; i++) {
    for (let j = i + 1; j < l.length; j++) {
      if (l.includes(-l[i] - l[j], j + 1)) return true;
    }
  }
  return false;

// HumanEval/41
  return n * n;

// HumanEval/42
  return l.map((each) => each + 1);

// HumanEval/43
  return l.some((each, i) => l.includes(-each, i + 1));

// HumanEval/44
  return x.toString(base);

// HumanEval/45
  return (a * h) / 2;

// HumanEval/46
  const results = [0, 0, 2, 0];
  for (let i = 4; i <= n; i++) {
    results.push(results[i - 1] + results[i - 2] + results[i - 3] + results[i - 4]);
  }
  return results[n];

// HumanEval/47
  const sorted = [...l].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;

// HumanEval/48
  return text === [...text].reverse().join("");

// HumanEval/49
  let result = 1 % p;
  for (let i = 0; i < n; i++) result = (result * 2) % p;
  return result;

// HumanEval/50 helper
function encodeShift(s) {
  return [...s].map((c) => String.fromCharCode(((c.charCodeAt(0) - 97 + 5) % 26) + 97)).join("");
}

// HumanEval/50
  return [...s].map((c) => String.fromCharCode(((c.charCodeAt(0) - 97 + 21) % 26) + 97)).join("");

// HumanEval/51
  return text.replace(/[aeiou]/gi, "");

// HumanEval/52
  return l.every((each) => each < t);

// HumanEval/53
  return x + y;

// HumanEval/54
  return [...s0].every((c) => s1.includes(c)) && [...s1].every((c) => s0.includes(c));

// HumanEval/55
  let [a, b] = [0, 1];
  for (let i = 0; i < n; i++) [a, b] = [b, a + b];
  return a;

// HumanEval/56
  let depth = 0;
  for (const c of brackets) {
    depth += c === "<" ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;

// HumanEval/57
  const pairs = l.slice(1).map((each, i) => each - l[i]);
  return pairs.every((difference) => difference >= 0) || pairs.every((difference) => difference <= 0);

// HumanEval/58
  return [...new Set(l1)].filter((each) => l2.includes(each)).sort((a, b) => a - b);

// HumanEval/59
  let largest = 1;
  for (let i = 2; n > 1; i++) {
    while (n % i === 0) {
      largest = i;
      n /= i;
    }
  }
  return largest;

// HumanEval/60
  return (n * (n + 1)) / 2;

// HumanEval/61
  let depth = 0;
  for (const c of brackets) {
    depth += c === "(" ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;

// HumanEval/62
  return xs.map((coefficient, i) => coefficient * i).slice(1);

// HumanEval/63
  let [a, b, c] = [0, 0, 1];
  for (let i = 0; i < n; i++) [a, b, c] = [b, c, a + b + c];
  return a;

// HumanEval/64
  return (s.match(/[aeiou]|y$/gi) || []).length;

// HumanEval/65
  const digits = String(x);
  if (shift > digits.length) return [...digits].reverse().join("");
  return digits.slice(digits.length - shift) + digits.slice(0, digits.length - shift);

// HumanEval/66
  return [...s].filter((c) => c >= "A" && c <= "Z").reduce((sum, c) => sum + c.charCodeAt(0), 0);

// HumanEval/67
  return s.split(" ").filter((word) => /^\d+$/.test(word)).reduce((left, word) => left - Number(word), n);

// HumanEval/68
  let at = -1;
  arr.forEach((value, i) => {
    if (value % 2 === 0 && (at < 0 || value < arr[at])) at = i;
  });
  return at < 0 ? [] : [arr[at], at];

// HumanEval/69
  const counts = new Map();
  for (const value of lst) counts.set(value, (counts.get(value) || 0) + 1);
  let found = -1;
  counts.forEach((count, value) => {
    if (count >= value && value > found) found = value;
  });
  return found;

// HumanEval/70
  const sorted = [...lst].sort((a, b) => a - b);
  const result = [];
  for (let i = 0, j = sorted.length - 1; i <= j; ) {
    result.push(result.length % 2 === 0 ? sorted[i++] : sorted[j--]);
  }
  return result;

// HumanEval/71
  if (a + b <= c || a + c <= b || b + c <= a) return -1;
  const s = (a + b + c) / 2;
  return Math.round(Math.sqrt(s * (s - a) * (s - b) * (s - c)) * 100) / 100;

// HumanEval/72
  const balanced = q.every((each, i) => each === q[q.length - 1 - i]);
  return balanced && q.reduce((a, b) => a + b, 0) <= w;

// HumanEval/73
  let changes = 0;
  for (let i = 0, j = arr.length - 1; i < j; i++, j--) {
    if (arr[i] !== arr[j]) changes++;
  }
  return changes;

// HumanEval/74
  return lst1.join("").length <= lst2.join("").length ? lst1 : lst2;

// HumanEval/75
  let factors = 0;
  for (let i = 2; i <= a; i++) {
    for (; a % i === 0; a /= i) factors++;
  }
  return factors === 3;

// HumanEval/76
  if (n === 1) return x === 1;
  let power = 1;
  while (power < x) power *= n;
  return power === x;

// HumanEval/77
  return Math.round(Math.cbrt(a)) ** 3 === a;

// HumanEval/78
  return [...num].filter((c) => "2357BD".includes(c)).length;

// HumanEval/79
  return `db${decimal.toString(2)}db`;

// HumanEval/80
  if (s.length < 3) return false;
  for (let i = 2; i < s.length; i++) {
    if (s[i] === s[i - 1] || s[i] === s[i - 2] || s[i - 1] === s[i - 2]) return false;
  }
  return true;

// HumanEval/81
  const bounds = [3.7, 3.3, 3.0, 2.7, 2.3, 2.0, 1.7, 1.3, 1.0, 0.7, 0.0];
  const letters = ["A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "E"];
  return grades.map((grade) => {
    if (grade === 4) return "A+";
    const at = bounds.findIndex((bound) => grade > bound);
    return letters[at < 0 ? bounds.length : at];
  });

// HumanEval/82
  const n = string.length;
  for (let i = 2; i * i <= n; i++) {
    if (n % i === 0) return false;
  }
  return n > 1;

// HumanEval/83
  return n === 1 ? 1 : 18 * 10 ** (n - 2);

// HumanEval/84
  return [...String(n)].reduce((sum, digit) => sum + Number(digit), 0).toString(2);

// HumanEval/85
  return lst.filter((each, i) => i % 2 === 1 && each % 2 === 0).reduce((a, b) => a + b, 0);

// HumanEval/86
  return s.split(" ").map((word) => [...word].sort().join("")).join(" ");

// HumanEval/87
  const found = [];
  lst.forEach((row, i) => {
    for (let j = row.length - 1; j >= 0; j--) {
      if (row[j] === x) found.push([i, j]);
    }
  });
  return found;

// HumanEval/88
  const ascending = (array[0] + array[array.length - 1]) % 2 === 1;
  return [...array].sort((a, b) => (ascending ? a - b : b - a));

// HumanEval/89
  return s.replace(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 97 + 4) % 26) + 97));

// HumanEval/90
  const sorted = [...new Set(lst)].sort((a, b) => a - b);
  return sorted.length > 1 ? sorted[1] : null;

// HumanEval/91
  return s.split(/[.?!]\s*/).filter((sentence) => sentence.startsWith("I ")).length;

// HumanEval/92
  const whole = [x, y, z].every((each) => Number.isInteger(each));
  return whole && (x + y === z || x + z === y || y + z === x);

// HumanEval/93
  return [...message].map((c) => {
    const swapped = c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase();
    return /[aeiou]/i.test(c) ? String.fromCharCode(swapped.charCodeAt(0) + 2) : swapped;
  }).join("");

// HumanEval/94
  const isPrime = (p) => {
    for (let i = 2; i * i <= p; i++) {
      if (p % i === 0) return false;
    }
    return p > 1;
  };
  const largest = Math.max(0, ...lst.filter(isPrime));
  return [...String(largest)].reduce((sum, digit) => sum + Number(digit), 0);

// HumanEval/95
  const keys = Object.keys(dict);
  const lower = keys.every((key) => key === key.toLowerCase() && key !== key.toUpperCase());
  const upper = keys.every((key) => key === key.toUpperCase() && key !== key.toLowerCase());
  return keys.length > 0 && (lower || upper);

// HumanEval/96
  const primes = [];
  for (let i = 2; i < n; i++) {
    if (primes.every((prime) => i % prime !== 0)) primes.push(i);
  }
  return primes;

// HumanEval/97
  return (Math.abs(a) % 10) * (Math.abs(b) % 10);

// HumanEval/98
  return [...s].filter((c, i) => i % 2 === 0 && "AEIOU".includes(c)).length;

// HumanEval/99
  const number = Number(value);
  return Math.sign(number) * Math.round(Math.abs(number));

// HumanEval/100
  return Array.from({ length: n }, (_, i) => n + 2 * i);

// HumanEval/101
  return s.split(/[\s,]+/).filter(Boolean);

// HumanEval/102
  const even = y % 2 === 0 ? y : y - 1;
  return even >= x ? even : -1;

// HumanEval/103
  if (n > m) return -1;
  const mean = (n + m) / 2, floor = Math.floor(mean);
  const rounded = mean === floor || floor % 2 === 0 ? floor : floor + 1;
  return `0b${rounded.toString(2)}`;

// HumanEval/104
  return x.filter((each) => /^[13579]+$/.test(String(each))).sort((a, b) => a - b);

// HumanEval/105
  const names = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
  return arr.filter((each) => each >= 1 && each <= 9).sort((a, b) => b - a).map((each) => names[each - 1]);

// HumanEval/106
  const result = [];
  for (let i = 1, factorial = 1, sum = 0; i <= n; i++) {
    factorial *= i;
    sum += i;
    result.push(i % 2 === 0 ? factorial : sum);
  }
  return result;

// HumanEval/107
  let even = 0, odd = 0;
  for (let i = 1; i <= n; i++) {
    if (String(i) !== [...String(i)].reverse().join("")) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  return [even, odd];

// HumanEval/108
  return arr.filter((number) => {
    const digits = [...String(Math.abs(number))].map(Number);
    if (number < 0) digits[0] = -digits[0];
    return digits.reduce((a, b) => a + b, 0) > 0;
  }).length;

// HumanEval/109
  const breaks = arr.filter((each, i) => each > arr[(i + 1) % arr.length]).length;
  return breaks <= 1;

// HumanEval/110
  const odd = lst1.filter((each) => each % 2 !== 0).length;
  const even = lst2.filter((each) => each % 2 === 0).length;
  return even >= odd ? "YES" : "NO";

// HumanEval/111
  const counts = {};
  for (const letter of test.split(" ").filter(Boolean)) counts[letter] = (counts[letter] || 0) + 1;
  const most = Math.max(...Object.keys(counts).map((letter) => counts[letter]));
  for (const letter of Object.keys(counts)) {
    if (counts[letter] < most) delete counts[letter];
  }
  return counts;

// HumanEval/112
  const kept = [...s].filter((each) => !c.includes(each));
  const text = kept.join("");
  return [text, text === kept.reverse().join("")];

// HumanEval/113
  return lst.map((digits) => {
    const n = [...digits].filter((digit) => Number(digit) % 2 === 1).length;
    return `the number of odd elements ${n}n the str${n}ng ${n} of the ${n}nput.`;
  });

// HumanEval/114
  let least = nums[0], ending = 0;
  for (const num of nums) {
    ending = Math.min(ending, 0) + num;
    least = Math.min(least, ending);
  }
  return least;

// HumanEval/115
  const units = grid.map((row) => row.reduce((a, b) => a + b, 0));
  return units.reduce((sum, each) => sum + Math.ceil(each / capacity), 0);

// HumanEval/116
  const ones = (number) => Math.abs(number).toString(2).split("1").length - 1;
  return [...arr].sort((a, b) => ones(a) - ones(b) || a - b);

// HumanEval/117
  return s.split(" ").filter((word) => word && word.replace(/[aeiou]/gi, "").length === n);

// HumanEval/118
  const isVowel = (c) => "aeiouAEIOU".includes(c);
  for (let i = word.length - 2; i > 0; i--) {
    if (isVowel(word[i]) && !isVowel(word[i - 1]) && !isVowel(word[i + 1])) return word[i];
  }
  return "";

// HumanEval/119
  const isGood = (text) => {
    let depth = 0;
    for (const c of text) {
      depth += c === "(" ? 1 : -1;
      if (depth < 0) return false;
    }
    return depth === 0;
  };
  return isGood(lst[0] + lst[1]) || isGood(lst[1] + lst[0]) ? "Yes" : "No";

// HumanEval/120
  const sorted = [...arr].sort((a, b) => a - b);
  return sorted.slice(sorted.length - k);

// HumanEval/121
  return lst.filter((each, i) => i % 2 === 0 && each % 2 === 1).reduce((a, b) => a + b, 0);

// HumanEval/122
  return arr.slice(0, k).filter((each) => String(each).length <= 2).reduce((a, b) => a + b, 0);

// HumanEval/123
  const odd = n % 2 === 1 ? [n] : [];
  while (n > 1) {
    n = n % 2 === 0 ? n / 2 : 3 * n + 1;
    if (n % 2 === 1) odd.push(n);
  }
  return odd.sort((a, b) => a - b);

// HumanEval/124
  const parts = /^(\d\d)-(\d\d)-(\d{4})$/.exec(date);
  if (!parts) return false;
  const month = Number(parts[1]), day = Number(parts[2]);
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] || 0;
  return day >= 1 && day <= days;

// HumanEval/125
  if (txt.includes(" ")) return txt.split(/\s+/).filter(Boolean);
  if (txt.includes(",")) return txt.split(",").filter(Boolean);
  return [...txt].filter((c) => c >= "a" && c <= "z" && c.charCodeAt(0) % 2 === 0).length;

// HumanEval/126
  return lst.every((each, i) => (i < 1 || lst[i - 1] <= each) && (i < 2 || lst[i - 2] !== each));

// HumanEval/127
  const n = Math.min(interval1[1], interval2[1]) - Math.max(interval1[0], interval2[0]);
  for (let i = 2; i * i <= n; i++) {
    if (n % i === 0) return "NO";
  }
  return n > 1 ? "YES" : "NO";

// HumanEval/128
  if (arr.length === 0) return null;
  const sum = arr.reduce((total, each) => total + Math.abs(each), 0);
  const sign = arr.reduce((product, each) => product * Math.sign(each), 1);
  return sign === 0 ? 0 : sign * sum;

// HumanEval/129
  let least = Infinity;
  grid.forEach((row, i) => row.forEach((value, j) => {
    if (value !== 1) return;
    const around = [grid[i - 1]?.[j], grid[i + 1]?.[j], row[j - 1], row[j + 1]];
    least = Math.min(...around.filter((each) => each !== undefined));
  }));
  return Array.from({ length: k }, (_, i) => (i % 2 === 0 ? 1 : least));

// HumanEval/130
  const result = [1, 3];
  for (let i = 2; i <= n; i++) {
    result.push(i % 2 === 0 ? 1 + i / 2 : result[i - 1] + result[i - 2] + 1 + (i + 1) / 2);
  }
  return result.slice(0, n + 1);

// HumanEval/131
  const odd = [...String(n)].map(Number).filter((digit) => digit % 2 === 1);
  return odd.length === 0 ? 0 : odd.reduce((a, b) => a * b, 1);

// HumanEval/132
  return /\[.*\[.*\].*\]/.test(string);

// HumanEval/133
  return lst.reduce((sum, each) => sum + Math.ceil(each) ** 2, 0);

// HumanEval/134
  return /(^| )[a-z]$/i.test(txt);

// HumanEval/135
  for (let i = arr.length - 1; i > 0; i--) {
    if (arr[i] < arr[i - 1]) return i;
  }
  return -1;

// HumanEval/136
  const negative = lst.filter((each) => each < 0), positive = lst.filter((each) => each > 0);
  return [
    negative.length ? Math.max(...negative) : null,
    positive.length ? Math.min(...positive) : null,
  ];

// HumanEval/137
  const number = (value) => Number(String(value).replace(",", "."));
  if (number(a) === number(b)) return null;
  return number(a) > number(b) ? a : b;

// HumanEval/138
  return n % 2 === 0 && n >= 8;

// HumanEval/139
  let result = 1;
  for (let i = 1, factorial = 1; i <= n; i++) {
    factorial *= i;
    result *= factorial;
  }
  return result;

// HumanEval/140
  return text.replace(/ +/g, (spaces) => (spaces.length > 2 ? "-" : "_".repeat(spaces.length)));

// HumanEval/141
  const valid = /^[a-z][^.]*\.(txt|exe|dll)$/i.test(fileName) && /\.[a-z]+$/.test(fileName);
  return valid && fileName.replace(/\D/g, "").length <= 3 ? "Yes" : "No";

// HumanEval/142
  return lst.reduce((sum, each, i) => sum + each ** (i % 3 === 0 ? 2 : i % 4 === 0 ? 3 : 1), 0);

// HumanEval/143
  const isPrime = (n) => {
    for (let i = 2; i * i <= n; i++) {
      if (n % i === 0) return false;
    }
    return n > 1;
  };
  return sentence.split(" ").filter((word) => isPrime(word.length)).join(" ");

// HumanEval/144
  const [a, b] = x.split("/").map(Number), [c, d] = n.split("/").map(Number);
  return (a * c) % (b * d) === 0;

// HumanEval/145
  const weight = (number) => {
    const digits = [...String(Math.abs(number))].map(Number);
    if (number < 0) digits[0] = -digits[0];
    return digits.reduce((a, b) => a + b, 0);
  };
  return [...nums].sort((a, b) => weight(a) - weight(b));

// HumanEval/146
  return nums.filter((num) => num > 10 && /^[13579](.*[13579])?$/.test(String(num))).length;

// HumanEval/147
  const threes = Math.floor((n + 1) / 3), ones = n - threes;
  const triples = (k) => (k * (k - 1) * (k - 2)) / 6;
  return triples(threes) + triples(ones);

// HumanEval/148
  const planets = ["Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune"];
  const i = planets.indexOf(planet1), j = planets.indexOf(planet2);
  return i < 0 || j < 0 ? [] : planets.slice(Math.min(i, j) + 1, Math.max(i, j));

// HumanEval/149
  const even = lst.filter((each) => each.length % 2 === 0);
  return even.sort((a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0));

// HumanEval/150
  for (let i = 2; i * i <= n; i++) {
    if (n % i === 0) return y;
  }
  return n > 1 ? x : y;

// HumanEval/151
  const odd = lst.filter((each) => each > 0 && Number.isInteger(each) && each % 2 === 1);
  return odd.reduce((sum, each) => sum + each * each, 0);

// HumanEval/152
  return game.map((score, i) => Math.abs(score - guess[i]));

// HumanEval/153
  const strength = (name) => name.replace(/[^A-Z]/g, "").length - name.replace(/[^a-z]/g, "").length;
  const strongest = extensions.reduce((best, each) => (strength(each) > strength(best) ? each : best));
  return `${className}.${strongest}`;

// HumanEval/154
  for (let i = 0; i < b.length; i++) {
    if (a.includes(b.slice(i) + b.slice(0, i))) return true;
  }
  return b === "";

// HumanEval/155
  const digits = [...String(Math.abs(num))].map(Number);
  const even = digits.filter((digit) => digit % 2 === 0).length;
  return [even, digits.length - even];

// HumanEval/156
  const values = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1];
  const letters = ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"];
  let roman = "";
  values.forEach((value, i) => {
    for (; number >= value; number -= value) roman += letters[i];
  });
  return roman;

// HumanEval/157
  const [x, y, z] = [a, b, c].sort((p, q) => p - q);
  return x * x + y * y === z * z;

// HumanEval/158
  const different = (word) => new Set(word).size;
  return [...words].sort((a, b) => different(b) - different(a) || (a < b ? -1 : a > b ? 1 : 0))[0];

// HumanEval/159
  const eaten = Math.min(need, remaining);
  return [number + eaten, remaining - eaten];

// HumanEval/160
  const operations = [...operator], values = [...operand];
  const reduce = (at) => {
    const name = operations[at], a = values[at], b = values[at + 1];
    const result = {
      "+": a + b, "-": a - b, "*": a * b, "//": Math.floor(a / b), "**": a ** b,
    }[name];
    operations.splice(at, 1);
    values.splice(at, 2, result);
  };
  while (operations.includes("**")) reduce(operations.lastIndexOf("**"));
  for (const level of [["*", "//"], ["+", "-"]]) {
    for (let at = 0; at < operations.length; ) {
      if (level.includes(operations[at])) reduce(at);
      else at++;
    }
  }
  return values[0];

// HumanEval/161
  const swap = (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase());
  return /[a-z]/i.test(s) ? [...s].map(swap).join("") : [...s].reverse().join("");

// HumanEval/162
  if (text === "") return null;
  return require("crypto").createHash("md5").update(text).digest("hex");

// HumanEval/163
  const least = Math.min(a, b), most = Math.max(a, b);
  return [2, 4, 6, 8].filter((digit) => digit >= least && digit <= most);

// HumanEval/32 tests
const valueAt = (xs, x) => xs.reduce((sum, coefficient, i) => sum + coefficient * x ** i, 0);
console.assert(Math.abs(valueAt(ARGUMENTS, CALL)) < TOLERANCE);

// HumanEval/12 tests
const assert = require("node:assert");
assert.deepStrictEqual(CALL, EXPECTED);

// HumanEval/90 tests
const assert = require("node:assert");
assert.deepStrictEqual(CALL, EXPECTED);

// HumanEval/128 tests
const assert = require("node:assert");
assert.deepStrictEqual(CALL, EXPECTED);

// HumanEval/136 tests
const assert = require("node:assert");
assert.deepStrictEqual(CALL, EXPECTED);

// HumanEval/137 tests
const assert = require("node:assert");
assert.deepStrictEqual(CALL, EXPECTED);

// HumanEval/162 tests
const assert = require("node:assert");
assert.deepStrictEqual(CALL, EXPECTED);
