#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>
typedef std::vector<std::vector<std::map<std::string, std::vector<bool>>>> Nested;
long long echo_signed(long long value);
unsigned long long echo_unsigned(unsigned long long value);
short echo_short(short value);
signed char echo_byte(signed char value);
double echo_double(double value);
float echo_float(float value);
long double echo_extended(long double value);
char echo_char(char value);
std::string echo_text(const std::string &value);
const char *echo_literal(const char *value);
Nested echo_nested(Nested value);
std::tuple<int, std::pair<char, bool>, std::tuple<>> echo_tuple(std::tuple<int, std::pair<char, bool>, std::tuple<>> value);
std::array<std::deque<int>, 2> echo_array(std::array<std::deque<int>, 2> value);
std::unordered_map<int, std::unordered_set<std::string>> echo_unordered(std::unordered_map<int, std::unordered_set<std::string>> value);
std::multimap<int, int> echo_multimap(std::multimap<int, int> value);
std::set<std::pair<int, int>> echo_set(std::set<std::pair<int, int>> value);
std::list<double> echo_list(std::list<double> value);
std::stack<int> echo_stack(std::stack<int> value);
std::priority_queue<int> echo_queue(std::priority_queue<int> value);
#ifdef MODERN
#include <any>
#include <optional>
#include <string_view>
#include <variant>
std::optional<std::vector<int>> echo_optional(std::optional<std::vector<int>> value);
std::variant<std::monostate, int, long, std::string> echo_variant(std::variant<std::monostate, int, long, std::string> value);
std::vector<std::any> echo_any(std::vector<std::any> value);
std::string echo_view(std::string_view value);
#endif
// ---
long long echo_signed(long long value) { return value; }
unsigned long long echo_unsigned(unsigned long long value) { return value; }
short echo_short(short value) { return value; }
signed char echo_byte(signed char value) { return value; }
double echo_double(double value) { return value; }
float echo_float(float value) { return value; }
long double echo_extended(long double value) { return value; }
char echo_char(char value) { return value; }
std::string echo_text(const std::string &value) { return value; }
const char *echo_literal(const char *value) { return value; }
Nested echo_nested(Nested value) { return value; }
std::tuple<int, std::pair<char, bool>, std::tuple<>> echo_tuple(std::tuple<int, std::pair<char, bool>, std::tuple<>> value) { return value; }
std::array<std::deque<int>, 2> echo_array(std::array<std::deque<int>, 2> value) { return value; }
std::unordered_map<int, std::unordered_set<std::string>> echo_unordered(std::unordered_map<int, std::unordered_set<std::string>> value) { return value; }
std::multimap<int, int> echo_multimap(std::multimap<int, int> value) { return value; }
std::set<std::pair<int, int>> echo_set(std::set<std::pair<int, int>> value) { return value; }
std::list<double> echo_list(std::list<double> value) { return value; }
std::stack<int> echo_stack(std::stack<int> value) { return value; }
std::priority_queue<int> echo_queue(std::priority_queue<int> value) { return value; }
#ifdef MODERN
std::optional<std::vector<int>> echo_optional(std::optional<std::vector<int>> value) { return value; }
std::variant<std::monostate, int, long, std::string> echo_variant(std::variant<std::monostate, int, long, std::string> value) { return value; }
std::vector<std::any> echo_any(std::vector<std::any> value) { return value; }
std::string echo_view(std::string_view value) { return std::string(value); }
#endif
// ---
template <class Number> bool same_bits(Number a, Number b, size_t size = sizeof(Number)) {
  return std::memcmp(&a, &b, size) == 0;
}
template <class Number> void check_floats(Number (*echo)(Number), size_t size) {
  typedef std::numeric_limits<Number> Limits;
  for (Number each : {Number(0), -Number(0), Limits::infinity(), -Limits::infinity(), Limits::max(), Limits::min(),
                      Limits::denorm_min(), Limits::epsilon(), Number(0.1L), Number(1) / Number(3)})
    assert(same_bits(echo(each), each, size));
  assert(std::isnan(echo(Limits::quiet_NaN())));
}
int main() {
  for (long long each : {0LL, -1LL, INT64_MAX + 0LL, INT64_MIN + 0LL, 1LL << 53, (1LL << 53) + 1})
    assert(echo_signed(each) == each);
  for (unsigned long long each : {0ULL, UINT64_MAX + 0ULL, 1ULL << 63, (1ULL << 63) + 1})
    assert(echo_unsigned(each) == each);
  assert(echo_short(-32768) == -32768 && echo_byte(-128) == -128);
  check_floats(echo_double, sizeof(double));
  check_floats(echo_float, sizeof(float));
  check_floats(echo_extended, 10);
  for (int each = -128; each < 128; each++) assert(echo_char(static_cast<char>(each)) == static_cast<char>(each));
  for (std::string each : {std::string(), std::string("a\0b", 3), std::string("\xff\xfe"), std::string("\xc3\xa4\xed\xa0\x80")})
    assert(echo_text(each) == each);
  assert(std::string(echo_literal("text")) == "text" && echo_literal(nullptr) == nullptr);
  Nested nested = {{}, {{}, {{"a", {true, false}}, {"", {}}}}};
  assert(echo_nested(nested) == nested && echo_nested({}).empty());
  auto tuple = std::make_tuple(7, std::make_pair('x', true), std::tuple<>());
  assert(echo_tuple(tuple) == tuple);
  std::array<std::deque<int>, 2> array = {{{1, 2}, {}}};
  assert(echo_array(array) == array);
  std::unordered_map<int, std::unordered_set<std::string>> unordered = {{1, {"a", "b"}}, {-2, {}}};
  assert(echo_unordered(unordered) == unordered);
  std::unordered_map<int, std::unordered_set<std::string>> many = {{5, {}}, {19, {}}, {6, {"x"}}};
  for (int i = 0; i < 50; i++) many[i * 13];
  auto again = echo_unordered(many);
  assert(std::equal(many.begin(), many.end(), again.begin()) && many.size() == 53);
  std::multimap<int, int> multimap = {{1, 3}, {1, 2}, {0, 5}};
  assert(echo_multimap(multimap) == multimap);
  std::set<std::pair<int, int>> set = {{2, 1}, {1, 2}};
  assert(echo_set(set) == set);
  assert(echo_list({0.5, -1}) == std::list<double>({0.5, -1}));
  std::stack<int> stack;
  stack.push(1);
  stack.push(2);
  assert(echo_stack(stack) == stack);
  std::priority_queue<int> queue;
  for (int each : {3, 9, 4}) queue.push(each);
  queue = echo_queue(queue);
  assert(queue.size() == 3 && queue.top() == 9);
#ifdef MODERN
  assert(!echo_optional(std::nullopt) && echo_optional(std::vector<int>{1})->at(0) == 1 && echo_optional(std::vector<int>{}));
  typedef std::variant<std::monostate, int, long, std::string> Variant;
  for (Variant each : {Variant(), Variant(1), Variant(1L), Variant(std::string("x"))})
    assert(echo_variant(each) == each);
  std::vector<std::any> any = echo_any({1, 2L, 3.5f, 4.5, 'c', true, std::string("s"), "z", std::any(), std::vector<std::any>{7}});
  assert(std::any_cast<int>(any[0]) == 1 && std::any_cast<long>(any[1]) == 2 && std::any_cast<float>(any[2]) == 3.5f);
  assert(std::any_cast<double>(any[3]) == 4.5 && std::any_cast<char>(any[4]) == 'c' && std::any_cast<bool>(any[5]));
  assert(std::any_cast<std::string>(any[6]) == "s" && std::any_cast<const char *>(any[7]) == std::string("z"));
  assert(!any[8].has_value() && std::any_cast<int>(std::any_cast<std::vector<std::any>>(any[9])[0]) == 7);
  assert(echo_view("view") == "view");
#endif
}
