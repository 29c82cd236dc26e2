// HumanEval/10 helper
public boolean isPalindrome(String string) {
    return new StringBuilder(string).reverse().toString().equals(string);
}

// HumanEval/32 helper
public double poly(List<Integer> xs, double x) {
    double sum = 0;
    for (int i = 0; i < xs.size(); i++) sum += xs.get(i) * Math.pow(x, i);
    return sum;
}

// HumanEval/32
        double begin = -1, end = 1;
        while (poly(xs, begin) * poly(xs, end) > 0) {
            begin *= 2;
            end *= 2;
        }
        while (end - begin > 1e-10) {
            double center = (begin + end) / 2;
            if (poly(xs, center) * poly(xs, begin) > 0) begin = center;
            else end = center;
        }
        return begin;

// HumanEval/38 helper
public String encodeCyclic(String s) {
    return s.replaceAll("(?s)(.)(..)", "$2$1");
}

// HumanEval/50 helper
public String encodeShift(String s) {
    StringBuilder result = new StringBuilder();
    for (char c : s.toCharArray()) result.append((char) ('a' + (c - 'a' + 5) % 26));
    return result.toString();
}

// HumanEval/92
        boolean whole = x == Math.rint(x) && y == Math.rint(y) && z == Math.rint(z);
        return whole && (x + y == z || x + z == y || y + z == x);

// HumanEval/103
        if (n > m) return -1;
        return "0b" + Integer.toBinaryString((int) Math.rint((n + m) / 2.0));

// HumanEval/114
        long least = nums.get(0), ending = 0;
        for (long num : nums) {
            ending = Math.min(ending, 0) + num;
            least = Math.min(least, ending);
        }
        return least;

// HumanEval/151
        int sum = 0;
        for (double each : lst) {
            if (each > 0 && each % 2 == 1) sum += (int) (each * each);
        }
        return sum;

// HumanEval/160
        List<String> names = new ArrayList<>(operator);
        List<Integer> values = new ArrayList<>(operand);
        for (List<String> level : List.of(List.of("**"), List.of("*", "//"), List.of("+", "-"))) {
            boolean last = level.contains("**");
            for (int step = 0, size = names.size(), gone = 0; step < size; step++) {
                int at = last ? size - 1 - step : step - gone;
                if (!level.contains(names.get(at))) continue;
                int a = values.get(at), b = values.remove(at + 1);
                int result = switch (names.remove(at)) {
                    case "+" -> a + b;
                    case "-" -> a - b;
                    case "*" -> a * b;
                    case "//" -> Math.floorDiv(a, b);
                    default -> (int) Math.pow(a, b);
                };
                values.set(at, result);
                gone++;
            }
        }
        return values.get(0);

// HumanEval/32 tests
import java.util.*;

public class Main {
    static double valueAt(List<Integer> xs, double x) {
        double sum = 0;
        for (int i = 0; i < xs.size(); i++) sum += xs.get(i) * Math.pow(x, i);
        return sum;
    }

    public static void main(String[] args) {
        Solution solution = new Solution();
        boolean near = true;
        near = near && Math.abs(valueAt(ARGUMENTS, solution.CALL)) < TOLERANCE;
        if (!near) throw new AssertionError();
    }
}
