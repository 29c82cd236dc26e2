// HumanEval/10 helper
fun isPalindrome(string: String): Boolean {
    return string == string.reversed()
}

// HumanEval/32 helper
fun poly(xs: List<Int>, x: Double): Double {
    return xs.foldRight(0.0) { each, sum -> sum * x + each }
}

// HumanEval/38 helper
fun encodeCyclic(s: String): String {
    return s.chunked(3).joinToString("") { if (it.length < 3) it else it.substring(1) + it[0] }
}

// HumanEval/50 helper
fun encodeShift(s: String): String {
    return s.map { 'a' + (it - 'a' + 5) % 26 }.joinToString("")
}

// HumanEval/32 tests
fun valueAt(xs: List<Int>, x: Double): Double = xs.foldRight(0.0) { each, sum -> sum * x + each }
fun main() {
    check(Math.abs(valueAt(ARGUMENTS, CALL)) < TOLERANCE)
}

// HumanEval/0
    return numbers.withIndex().any { (i, one) -> numbers.drop(i + 1).any { Math.abs(one - it) < threshold } }

// HumanEval/8
    return Pair(numbers.sum(), numbers.fold(1) { product, each -> product * each })

// HumanEval/9
    val found = mutableListOf<Int>()
    for (each in numbers) found.add(if (found.isEmpty()) each else maxOf(found.last(), each))
    return found

// HumanEval/10
    val at = (0..string.length).first { isPalindrome(string.substring(it)) }
    return string + string.substring(0, at).reversed()

// HumanEval/12
    return strings.maxBy { it.length }

// HumanEval/14
    return (1..string.length).map { string.substring(0, it) }

// HumanEval/20
    val sorted = numbers.sorted()
    return sorted.zipWithNext().minBy { (one, other) -> other - one }!!

// HumanEval/22
    return values.filterIsInstance<Int>()

// HumanEval/25
    var left = n
    val found = mutableListOf<Int>()
    var i = 2
    while (left > 1) {
        if (left % i == 0) { found.add(i); left /= i } else i++
    }
    return found

// HumanEval/32
    var low = -1.0
    var high = 1.0
    while (poly(xs, low) * poly(xs, high) > 0) { low *= 2; high *= 2 }
    while (high - low > 1e-12) {
        val middle = (low + high) / 2
        if (middle == low || middle == high) break
        if (poly(xs, middle) * poly(xs, low) > 0) low = middle else high = middle
    }
    return low

// HumanEval/38
    return encodeCyclic(encodeCyclic(s))

// HumanEval/46
    val last = mutableListOf(0, 0, 2, 0)
    repeat(n) { last.add(last.sum()); last.removeAt(0) }
    return last[0]

// HumanEval/50
    return s.map { 'a' + (it - 'a' + 21) % 26 }.joinToString("")

// HumanEval/53
    return x + y

// HumanEval/70
    val sorted = lst.sorted()
    return sorted.indices.map { if (it % 2 == 0) sorted[it / 2] else sorted[sorted.size - 1 - it / 2] }

// HumanEval/87
    val found = mutableListOf<Pair<Int, Int>>()
    for (row in lst.indices)
        for (column in lst[row].indices.reversed())
            if (lst[row][column] == x) found.add(Pair(row, column))
    return found

// HumanEval/90
    return lst.distinct().sorted().getOrNull(1)

// HumanEval/95
    if (dict.isEmpty()) return false
    return dict.keys.all { key -> key.all { it.isLowerCase() } } || dict.keys.all { key -> key.all { it.isUpperCase() } }

// HumanEval/107
    val found = (1..n).filter { it.toString() == it.toString().reversed() }
    return Pair(found.count { it % 2 == 0 }, found.count { it % 2 == 1 })

// HumanEval/111
    val counts = test.split(" ").filter { it != "" }.groupingBy { it }.eachCount()
    return counts.filter { it.value == counts.values.max() }

// HumanEval/115
    return grid.sumBy { (it.sum() + capacity - 1) / capacity }

// HumanEval/128
    if (arr.isEmpty()) return null
    return arr.sumBy { Math.abs(it) } * arr.fold(1) { sign, each -> sign * Integer.signum(each) }

// HumanEval/136
    return Pair(lst.filter { it < 0 }.max(), lst.filter { it > 0 }.min())

// HumanEval/139
    var product = 1L
    var factorial = 1L
    for (i in 1..n) { factorial *= i; product *= factorial }
    return product

// HumanEval/148
    val planets = listOf("Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune")
    val one = planets.indexOf(planet1)
    val other = planets.indexOf(planet2)
    if (one < 0 || other < 0) return emptyList()
    return planets.drop(minOf(one, other) + 1).take(maxOf(0, Math.abs(one - other) - 1))

// HumanEval/161
    if (s.none { it.isLetter() }) return s.reversed()
    return s.map { if (it.isUpperCase()) it.toLowerCase() else it.toUpperCase() }.joinToString("")
