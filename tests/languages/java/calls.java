import java.util.*;
class Solution {
    public List<List<Integer>> nested(List<List<Integer>> rows) { return null; }
    public String word(String text) { return null; }
    public double number(double value) { return 0; }
    public boolean flag(boolean value) { return false; }
    public void grow(List<Integer> items) { }
    public List<Object> swap(List<Object> pair) { return null; }
    public Map<String, Integer> counts(Map<String, Integer> given) { return null; }
    public Optional<Integer> maybe(Optional<Integer> value) { return null; }
    public static int leave(int how) { return 0; }
}
----
import java.util.*;
class Solution {
    public List<List<Integer>> nested(List<List<Integer>> rows) { return rows; }
    public String word(String text) { return text; }
    public double number(double value) { return value; }
    public boolean flag(boolean value) { return value; }
    public void grow(List<Integer> items) { items.add(items.size()); }
    public List<Object> swap(List<Object> pair) { return Arrays.asList(pair.get(1), pair.get(0)); }
    public Map<String, Integer> counts(Map<String, Integer> given) { return new TreeMap<>(given); }
    public Optional<Integer> maybe(Optional<Integer> value) { return value; }
    public static int leave(int how) {
        if (how == 0) throw new IllegalStateException("no");
        if (how == 1) System.exit(0);
        while (how == 2);
        return how;
    }
}
