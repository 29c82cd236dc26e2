// HumanEval/10 helper
def isPalindrome(string: String): Boolean = string == string.reverse

// HumanEval/32 helper
def poly(xs: List[Int], x: Double): Double = xs.foldRight(0.0)((each, sum) => sum * x + each)

// HumanEval/38 helper
def encodeCyclic(s: String): String = s.grouped(3).map(each => if (each.length < 3) each else each.tail + each.head).mkString

// HumanEval/50 helper
def encodeShift(s: String): String = s.map(c => ((c - 'a' + 5) % 26 + 'a').toChar)

// HumanEval/32 tests
object Tests {
  def valueAt(xs: List[Int], x: Double): Double = xs.foldRight(0.0)((each, sum) => sum * x + each)
  def findZero(xs: List[Int]): Double = Solution.findZero(xs)
  def main(args: Array[String]): Unit = {
    assert(math.abs(valueAt(ARGUMENTS, CALL)) < TOLERANCE)
  }
}

// HumanEval/0
    numbers.combinations(2).exists(pair => math.abs(pair(0) - pair(1)) < threshold) || numbers.distinct.size < numbers.size && threshold > 0

// HumanEval/8
    (numbers.sum, numbers.product)

// HumanEval/9
    if (numbers.isEmpty) Nil else numbers.tail.scanLeft(numbers.head)((one, other) => math.max(one, other))

// HumanEval/10
    val at = (0 to string.length).find(i => isPalindrome(string.drop(i))).get
    string + string.take(at).reverse

// HumanEval/12
    if (strings.isEmpty) None else Some(strings.maxBy(each => each.length))

// HumanEval/14
    (1 to string.length).map(size => string.take(size)).toList

// HumanEval/20
    val sorted = numbers.sorted
    sorted.zip(sorted.tail).minBy(pair => pair._2 - pair._1)

// HumanEval/22
    values.collect { case each: Int => each }

// HumanEval/25
    var (left, i) = (n, 2)
    val found = scala.collection.mutable.ListBuffer[Int]()
    while (left > 1) {
      if (left % i == 0) { found += i; left /= i } else i += 1
    }
    found.toList

// HumanEval/32
    var (low, high) = (-1.0, 1.0)
    while (poly(xs, low) * poly(xs, high) > 0) { low *= 2; high *= 2 }
    for (_ <- 1 to 200) {
      val middle = (low + high) / 2
      if (poly(xs, middle) * poly(xs, low) > 0) low = middle else high = middle
    }
    low

// HumanEval/38
    encodeCyclic(encodeCyclic(s))

// HumanEval/46
    (1 to n).foldLeft(List(0, 0, 2, 0))((last, _) => last.tail :+ last.sum).head

// HumanEval/50
    s.map(c => ((c - 'a' + 21) % 26 + 'a').toChar)

// HumanEval/53
    x + y

// HumanEval/70
    val sorted = lst.sorted
    lst.indices.map(i => if (i % 2 == 0) sorted(i / 2) else sorted(sorted.size - 1 - i / 2)).toList

// HumanEval/87
    for (row <- lst.indices.toList; column <- lst(row).indices.reverse; if lst(row)(column) == x) yield (row, column)

// HumanEval/90
    lst.distinct.sorted.lift(1)

// HumanEval/95
    dict.nonEmpty && (dict.keys.forall(key => key.forall(_.isLower)) || dict.keys.forall(key => key.forall(_.isUpper)))

// HumanEval/107
    val found = (1 to n).filter(i => i.toString == i.toString.reverse)
    (found.count(i => i % 2 == 0), found.count(i => i % 2 == 1))

// HumanEval/111
    val counts = test.split(" ").filter(each => each != "").groupBy(each => each).mapValues(each => each.length)
    counts.filter(each => each._2 == counts.values.max)

// HumanEval/115
    grid.map(row => (row.sum + capacity - 1) / capacity).sum

// HumanEval/128
    if (arr.isEmpty) None else Some(arr.map(each => math.abs(each)).sum * arr.map(each => math.signum(each)).product)

// HumanEval/136
    (lst.filter(each => each < 0).sorted.lastOption, lst.filter(each => each > 0).sorted.headOption)

// HumanEval/139
    (1 to n).scanLeft(1L)((product, i) => product * i).product

// HumanEval/148
    val planets = List("Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune")
    val (one, other) = (planets.indexOf(planet1), planets.indexOf(planet2))
    if (one < 0 || other < 0) Nil else planets.slice(math.min(one, other) + 1, math.max(one, other))

// HumanEval/161
    if (!s.exists(_.isLetter)) s.reverse
    else s.map(c => if (c.isUpper) c.toLower else c.toUpper)
