#include <vector>
#include <string>
#include <map>
#include <optional>
#include <stdexcept>
#include <cstdlib>
using namespace std;
vector<vector<int>> nested(const vector<vector<int>> &rows);
string word(string text);
double number(double value);
bool flag(bool value);
void grow(vector<int> &items);
pair<string, long long> swap(pair<long long, string> pair);
map<string, int> counts(map<string, int> given);
optional<int> maybe(optional<int> value);
int leave(int how);
----
#include <vector>
#include <string>
#include <map>
#include <optional>
#include <stdexcept>
#include <cstdlib>
using namespace std;
vector<vector<int>> nested(const vector<vector<int>> &rows) { return rows; }
string word(string text) { return text; }
double number(double value) { return value; }
bool flag(bool value) { return value; }
void grow(vector<int> &items) { items.push_back(items.size()); }
pair<string, long long> swap(pair<long long, string> pair) { return {pair.second, pair.first}; }
map<string, int> counts(map<string, int> given) { return given; }
optional<int> maybe(optional<int> value) { return value; }
int leave(int how) {
  if (how == 0) throw invalid_argument("no");
  if (how == 1) exit(0);
  while (how == 2);
  return how;
}
