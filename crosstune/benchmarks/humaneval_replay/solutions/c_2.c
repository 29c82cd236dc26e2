// HumanEval/82
    return own_is_prime((long long)strlen(string));

// HumanEval/83
    int result = n == 1 ? 1 : 18;
    for (int i = 2; i < n; i++) result *= 10;
    return result;

// HumanEval/84
    unsigned sum = 0;
    for (; N > 0; N /= 10) sum += (unsigned)(N % 10);
    return own_binary(sum, "", "");

// HumanEval/85
    int sum = 0;
    for (size_t i = 1; i < lst_len; i += 2) sum += lst[i] % 2 == 0 ? lst[i] : 0;
    return sum;

// HumanEval/86
    char *result = own_text(s);
    for (char *c = result; *c; c++) {
        if (*c == ' ') continue;
        for (char *other = c; other > result && other[-1] != ' ' && other[-1] > other[0]; other--) {
            char swapped = other[0];
            other[0] = other[-1];
            other[-1] = swapped;
        }
    }
    return result;

// HumanEval/87
    size_t count = 0;
    for (size_t i = 0; i < lst_len; i++) count += lst_lens[i];
    IntPair *result = own_room(count, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < lst_len; i++) {
        for (size_t j = lst_lens[i]; j-- > 0;) {
            if (lst[i][j] == x) result[(*out_len)++] = (IntPair){(int)i, (int)j};
        }
    }
    return result;

// HumanEval/88
    int *result = own_sorted(array, array_len);
    *out_len = array_len;
    if (array_len > 0 && (array[0] + array[array_len - 1]) % 2 == 0) {
        for (size_t i = 0; i < array_len / 2; i++) {
            int other = result[i];
            result[i] = result[array_len - 1 - i];
            result[array_len - 1 - i] = other;
        }
    }
    return result;

// HumanEval/89
    char *result = own_text(s);
    for (char *c = result; *c; c++) {
        if (islower((unsigned char)*c)) *c = (char)('a' + (*c - 'a' + 4) % 26);
    }
    return result;

// HumanEval/90
    int *sorted = own_sorted(lst, lst_len);
    size_t at = 0;
    while (at < lst_len && sorted[at] == sorted[0]) at++;
    if (at < lst_len) *out = sorted[at];
    free(sorted);
    return at < lst_len;

// HumanEval/91
    int count = 0;
    bool begins = true;
    for (const char *c = S; *c; c++) {
        if (begins && c[0] == 'I' && c[1] == ' ') count++;
        begins = strchr(".?!", *c) || (begins && isspace((unsigned char)*c) && c > S);
    }
    return count;

// HumanEval/92
    bool whole = x == floor(x) && y == floor(y) && z == floor(z);
    return whole && (x + y == z || x + z == y || y + z == x);

// HumanEval/93
    char *result = own_text(message);
    for (char *c = result; *c; c++) {
        bool vowel = own_is_vowel(*c);
        *c = (char)(own_swapped(*c) + (vowel ? 2 : 0));
    }
    return result;

// HumanEval/94
    int largest = 0, sum = 0;
    for (size_t i = 0; i < lst_len; i++) {
        if (lst[i] > largest && own_is_prime(lst[i])) largest = lst[i];
    }
    for (; largest > 0; largest /= 10) sum += largest % 10;
    return sum;

// HumanEval/95
    bool lower = dict_len > 0, upper = dict_len > 0;
    for (size_t i = 0; i < dict_len; i++) {
        bool letters = false;
        for (const char *c = dict[i].key; *c; c++) {
            letters = letters || isalpha((unsigned char)*c);
            lower = lower && !isupper((unsigned char)*c);
            upper = upper && !islower((unsigned char)*c);
        }
        lower = lower && letters;
        upper = upper && letters;
    }
    return lower || upper;

// HumanEval/96
    int *result = own_room((size_t)n, sizeof *result);
    *out_len = 0;
    for (int i = 2; i < n; i++) {
        if (own_is_prime(i)) result[(*out_len)++] = i;
    }
    return result;

// HumanEval/97
    return abs(a % 10) * abs(b % 10);

// HumanEval/98
    int count = 0;
    for (size_t i = 0; s[i]; i++) count += i % 2 == 0 && strchr("AEIOU", s[i]) != NULL;
    return count;

// HumanEval/99
    return (int)lround(strtod(value, NULL));

// HumanEval/100
    int *result = own_room((size_t)n, sizeof *result);
    for (int i = 0; i < n; i++) result[i] = n + 2 * i;
    *out_len = (size_t)n;
    return result;

// HumanEval/101
    return own_split(s, ", ", out_len);

// HumanEval/102
    int even = y % 2 == 0 ? y : y - 1;
    return even >= x ? even : -1;

// HumanEval/103
    if (n > m) return (Value){VALUE_INT, .as_int = -1};
    int floor = (n + m) / 2;
    int rounded = (n + m) % 2 == 0 || floor % 2 == 0 ? floor : floor + 1;
    return (Value){VALUE_STRING, .as_string = own_binary((unsigned)rounded, "0b", "")};

// HumanEval/104
    int *result = own_room(x_len, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < x_len; i++) {
        int rest = x[i];
        while (rest % 2 == 1) rest /= 10;
        if (rest == 0) result[(*out_len)++] = x[i];
    }
    qsort(result, *out_len, sizeof *result, own_compare);
    return result;

// HumanEval/105
    static const char *const names[] = {"One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"};
    int *sorted = own_sorted(arr, arr_len);
    char **result = own_room(arr_len, sizeof *result);
    *out_len = 0;
    for (size_t i = arr_len; i-- > 0;) {
        if (sorted[i] >= 1 && sorted[i] <= 9) result[(*out_len)++] = own_text(names[sorted[i] - 1]);
    }
    free(sorted);
    return result;

// HumanEval/106
    int *result = own_room((size_t)n, sizeof *result);
    int factorial = 1, sum = 0;
    for (int i = 1; i <= n; i++) {
        factorial *= i;
        sum += i;
        result[i - 1] = i % 2 == 0 ? factorial : sum;
    }
    *out_len = (size_t)n;
    return result;

// HumanEval/107
    IntPair result = {0, 0};
    for (int i = 1; i <= n; i++) {
        char digits[16];
        if (!own_is_palindrome(digits, (size_t)snprintf(digits, sizeof digits, "%d", i))) continue;
        if (i % 2 == 0) result.first++;
        else result.second++;
    }
    return result;

// HumanEval/108
    int count = 0;
    for (size_t i = 0; i < arr_len; i++) count += own_signed_digits(arr[i]) > 0;
    return count;

// HumanEval/109
    size_t breaks = 0;
    for (size_t i = 0; i < arr_len; i++) breaks += arr[i] > arr[(i + 1) % arr_len];
    return breaks <= 1;

// HumanEval/110
    size_t odd = 0, even = 0;
    for (size_t i = 0; i < lst1_len; i++) odd += lst1[i] % 2 != 0;
    for (size_t i = 0; i < lst2_len; i++) even += lst2[i] % 2 == 0;
    return own_text(even >= odd ? "YES" : "NO");

// HumanEval/111
    int counts[UCHAR_MAX + 1] = {0}, most = 0;
    for (const char *c = test; *c; c++) {
        int count = *c == ' ' ? 0 : ++counts[(unsigned char)*c];
        if (count > most) most = count;
    }
    Entry *result = own_room(UCHAR_MAX, sizeof *result);
    *out_len = 0;
    for (int c = 1; c <= UCHAR_MAX; c++) {
        char letter = (char)c;
        if (most > 0 && counts[c] == most) result[(*out_len)++] = (Entry){own_copy(&letter, 1), most};
    }
    return result;

// HumanEval/112
    char *text = own_text(s);
    size_t length = 0;
    for (const char *each = s; *each; each++) {
        if (!strchr(c, *each)) text[length++] = *each;
    }
    text[length] = '\0';
    return (StringBoolPair){text, own_is_palindrome(text, length)};

// HumanEval/113
    char **result = own_room(lst_len, sizeof *result);
    for (size_t i = 0; i < lst_len; i++) {
        int n = 0;
        for (const char *c = lst[i]; *c; c++) n += *c % 2 == 1;
        result[i] = malloc(128);
        sprintf(result[i], "the number of odd elements %dn the str%dng %d of the %dnput.", n, n, n, n);
    }
    *out_len = lst_len;
    return result;

// HumanEval/114
    long long least = nums[0], ending = 0;
    for (size_t i = 0; i < nums_len; i++) {
        ending = (ending < 0 ? ending : 0) + nums[i];
        if (ending < least) least = ending;
    }
    return least;

// HumanEval/115
    int times = 0;
    for (size_t i = 0; i < grid_len; i++) {
        int units = 0;
        for (size_t j = 0; j < grid_lens[i]; j++) units += grid[i][j];
        times += (units + capacity - 1) / capacity;
    }
    return times;

// HumanEval/116
    int *result = own_sorted(arr, arr_len);
    for (size_t i = 1; i < arr_len; i++) {
        for (size_t j = i; j > 0; j--) {
            int left = __builtin_popcount((unsigned)abs(result[j - 1]));
            if (left <= __builtin_popcount((unsigned)abs(result[j]))) break;
            int other = result[j];
            result[j] = result[j - 1];
            result[j - 1] = other;
        }
    }
    *out_len = arr_len;
    return result;

// HumanEval/117
    size_t count;
    char **words = own_split(s, " ", &count);
    *out_len = 0;
    for (size_t i = 0; i < count; i++) {
        int consonants = 0;
        for (char *c = words[i]; *c; c++) consonants += !own_is_vowel(*c);
        if (consonants == n) words[(*out_len)++] = words[i];
        else free(words[i]);
    }
    return words;

// HumanEval/118
    for (size_t i = strlen(word); i-- > 1;) {
        bool between = word[i + 1] && !own_is_vowel(word[i + 1]) && !own_is_vowel(word[i - 1]);
        if (between && own_is_vowel(word[i])) return own_copy(word + i, 1);
    }
    return own_text("");

// HumanEval/119
    for (int first = 0; first < 2; first++) {
        int depth = 0;
        for (const char *c = lst[first]; *c && depth >= 0; c++) depth += *c == '(' ? 1 : -1;
        for (const char *c = lst[1 - first]; *c && depth >= 0; c++) depth += *c == '(' ? 1 : -1;
        if (depth == 0) return own_text("Yes");
    }
    return own_text("No");

// HumanEval/120
    int *result = own_sorted(arr, arr_len);
    memmove(result, result + arr_len - (size_t)k, (size_t)k * sizeof *result);
    *out_len = (size_t)k;
    return result;

// HumanEval/121
    int sum = 0;
    for (size_t i = 0; i < lst_len; i += 2) sum += lst[i] % 2 == 1 ? lst[i] : 0;
    return sum;

// HumanEval/122
    int sum = 0;
    for (int i = 0; i < k; i++) sum += arr[i] > -10 && arr[i] < 100 ? arr[i] : 0;
    return sum;

// HumanEval/123
    int *result = own_room(1000, sizeof *result);
    *out_len = 0;
    for (; n > 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1) {
        if (n % 2 == 1) result[(*out_len)++] = n;
    }
    result[(*out_len)++] = 1;
    qsort(result, *out_len, sizeof *result, own_compare);
    return result;

// HumanEval/124
    static const int days[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *form = "00-00-0000";
    if (strlen(date) != strlen(form)) return false;
    for (size_t i = 0; form[i]; i++) {
        if (form[i] == '-' ? date[i] != '-' : !isdigit((unsigned char)date[i])) return false;
    }
    int month = atoi(date), day = atoi(date + 3);
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month];

// HumanEval/125
    if (!strpbrk(txt, " ,")) {
        int count = 0;
        for (const char *c = txt; *c; c++) count += islower((unsigned char)*c) && *c % 2 == 0;
        return (Value){VALUE_INT, .as_int = count};
    }
    size_t count;
    char **words = own_split(txt, strchr(txt, ' ') ? " " : ",", &count);
    return (Value){VALUE_LIST, .as_list = {words, count}};

// HumanEval/126
    for (size_t i = 1; i < lst_len; i++) {
        if (lst[i] < lst[i - 1] || (i > 1 && lst[i] == lst[i - 2])) return false;
    }
    return true;

// HumanEval/127
    int begin = interval1.first > interval2.first ? interval1.first : interval2.first;
    int end = interval1.second < interval2.second ? interval1.second : interval2.second;
    return own_text(own_is_prime(end - begin) ? "YES" : "NO");

// HumanEval/128
    int sum = 0, sign = 1;
    for (size_t i = 0; i < arr_len; i++) {
        sum += abs(arr[i]);
        sign *= (arr[i] > 0) - (arr[i] < 0);
    }
    *out = sign * sum;
    return arr_len > 0;

// HumanEval/129
    int least = INT_MAX;
    size_t n = grid_len;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (grid[i][j] != 1) continue;
            int around[4] = {
                i > 0 ? grid[i - 1][j] : INT_MAX,
                j > 0 ? grid[i][j - 1] : INT_MAX,
                i + 1 < n ? grid[i + 1][j] : INT_MAX,
                j + 1 < n ? grid[i][j + 1] : INT_MAX,
            };
            for (int side = 0; side < 4; side++) {
                if (around[side] < least) least = around[side];
            }
        }
    }
    int *result = own_room((size_t)k, sizeof *result);
    for (int i = 0; i < k; i++) result[i] = i % 2 == 0 ? 1 : least;
    *out_len = (size_t)k;
    return result;

// HumanEval/130
    double *result = own_room((size_t)n + 2, sizeof *result);
    result[0] = 1;
    result[1] = 3;
    for (int i = 2; i <= n; i++) {
        result[i] = i % 2 == 0 ? 1 + i / 2 : result[i - 1] + result[i - 2] + 1 + (i + 1) / 2;
    }
    *out_len = (size_t)n + 1;
    return result;

// HumanEval/131
    int product = 1;
    bool any = false;
    for (; n > 0; n /= 10) {
        if (n % 2 == 0) continue;
        product *= n % 10;
        any = true;
    }
    return any ? product : 0;

// HumanEval/132
    int opened = 0, closed = 0;
    for (const char *c = string; *c; c++) {
        if (*c == '[' && opened < 2) opened++;
        if (*c == ']' && opened == 2) closed++;
    }
    return closed >= 2;

// HumanEval/133
    int sum = 0;
    for (size_t i = 0; i < lst_len; i++) sum += (int)ceil(lst[i]) * (int)ceil(lst[i]);
    return sum;

// HumanEval/134
    size_t length = strlen(txt);
    if (length == 0 || !isalpha((unsigned char)txt[length - 1])) return false;
    return length == 1 || txt[length - 2] == ' ';

// HumanEval/135
    int found = -1;
    for (size_t i = 1; i < arr_len; i++) found = arr[i] < arr[i - 1] ? (int)i : found;
    return found;

// HumanEval/136
    OptionalIntPair result = {false, 0, false, 0};
    for (size_t i = 0; i < lst_len; i++) {
        if (lst[i] < 0 && (!result.has_first || lst[i] > result.first)) {
            result.has_first = true;
            result.first = lst[i];
        }
        if (lst[i] > 0 && (!result.has_second || lst[i] < result.second)) {
            result.has_second = true;
            result.second = lst[i];
        }
    }
    return result;

// HumanEval/137
    Value both[2] = {a, b};
    double numbers[2];
    for (int i = 0; i < 2; i++) {
        if (both[i].kind == VALUE_STRING) {
            char *text = own_text(both[i].as_string);
            for (char *c = text; *c; c++) *c = *c == ',' ? '.' : *c;
            numbers[i] = strtod(text, NULL);
            free(text);
        } else {
            numbers[i] = both[i].kind == VALUE_INT ? both[i].as_int : both[i].as_double;
        }
    }
    if (numbers[0] == numbers[1]) return false;
    *out = numbers[0] > numbers[1] ? a : b;
    if (out->kind == VALUE_STRING) out->as_string = own_text(out->as_string);
    return true;

// HumanEval/138
    return n % 2 == 0 && n >= 8;

// HumanEval/139
    long long factorial = 1, result = 1;
    for (int i = 1; i <= n; i++) {
        factorial *= i;
        result *= factorial;
    }
    return result;

// HumanEval/140
    char *result = own_text(text), *end = result;
    for (const char *c = text; *c;) {
        size_t spaces = strspn(c, " ");
        if (spaces == 0) *end++ = *c++;
        else if (spaces > 2) *end++ = '-';
        else for (size_t i = 0; i < spaces; i++) *end++ = '_';
        c += spaces;
    }
    *end = '\0';
    return result;

// HumanEval/141
    const char *dot = strchr(file_name, '.');
    int digits = 0;
    for (const char *c = file_name; *c; c++) digits += isdigit((unsigned char)*c) != 0;
    bool valid = dot && isalpha((unsigned char)file_name[0]) && digits <= 3;
    valid = valid && (!strcmp(dot, ".txt") || !strcmp(dot, ".exe") || !strcmp(dot, ".dll"));
    return own_text(valid ? "Yes" : "No");

// HumanEval/142
    int sum = 0;
    for (size_t i = 0; i < lst_len; i++) {
        int each = lst[i];
        sum += i % 3 == 0 ? each * each : i % 4 == 0 ? each * each * each : each;
    }
    return sum;

// HumanEval/143
    size_t count;
    char **words = own_split(sentence, " ", &count);
    char *result = malloc(strlen(sentence) + 2), *end = result;
    *end = '\0';
    for (size_t i = 0; i < count; i++) {
        if (own_is_prime((long long)strlen(words[i]))) end += sprintf(end, end > result ? " %s" : "%s", words[i]);
        free(words[i]);
    }
    free(words);
    return result;

// HumanEval/144
    long long a, b, c, d;
    sscanf(x, "%lld/%lld", &a, &b);
    sscanf(n, "%lld/%lld", &c, &d);
    return a * c % (b * d) == 0;

// HumanEval/145
    int *result = own_room(nums_len, sizeof *result);
    for (size_t i = 0; i < nums_len; i++) {
        size_t at = i;
        for (; at > 0 && own_signed_digits(result[at - 1]) > own_signed_digits(nums[i]); at--) {
            result[at] = result[at - 1];
        }
        result[at] = nums[i];
    }
    *out_len = nums_len;
    return result;

// HumanEval/146
    int count = 0;
    for (size_t i = 0; i < nums_len; i++) {
        int first = nums[i];
        while (first >= 10) first /= 10;
        count += nums[i] > 10 && nums[i] % 2 == 1 && first % 2 == 1;
    }
    return count;

// HumanEval/147
    int count = 0;
    for (int i = 1; i <= n; i++) {
        for (int j = i + 1; j <= n; j++) {
            for (int k = j + 1; k <= n; k++) count += (i * i - i + j * j - j + k * k - k + 3) % 3 == 0;
        }
    }
    return count;

// HumanEval/148
    static const char *const planets[] = {"Mercury", "Venus",  "Earth",  "Mars",
                                          "Jupiter", "Saturn", "Uranus", "Neptune"};
    int begin = -1, end = -1;
    for (int i = 0; i < 8; i++) {
        if (!strcmp(planets[i], planet1)) begin = i;
        if (!strcmp(planets[i], planet2)) end = i;
    }
    char **result = own_room(8, sizeof *result);
    *out_len = 0;
    if (begin < 0 || end < 0) return result;
    for (int i = 0; i < 8; i++) {
        if ((i > begin) != (i > end) && i != begin && i != end) result[(*out_len)++] = own_text(planets[i]);
    }
    return result;

// HumanEval/149
    char **result = own_room(lst_len, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < lst_len; i++) {
        size_t length = strlen(lst[i]), at = *out_len;
        if (length % 2 != 0) continue;
        for (; at > 0; at--) {
            size_t other = strlen(result[at - 1]);
            if (other < length || (other == length && strcmp(result[at - 1], lst[i]) <= 0)) break;
            result[at] = result[at - 1];
        }
        result[at] = own_text(lst[i]);
        (*out_len)++;
    }
    return result;

// HumanEval/150
    return own_is_prime(n) ? x : y;

// HumanEval/151
    int sum = 0;
    for (size_t i = 0; i < lst_len; i++) {
        if (lst[i] > 0 && fmod(lst[i], 2.0) == 1.0) sum += (int)(lst[i] * lst[i]);
    }
    return sum;

// HumanEval/152
    int *result = own_room(game_len, sizeof *result);
    for (size_t i = 0; i < game_len; i++) result[i] = abs(game[i] - guess[i]);
    *out_len = guess_len < game_len ? guess_len : game_len;
    return result;

// HumanEval/153
    const char *best = NULL;
    int most = 0;
    for (size_t i = 0; i < extensions_len; i++) {
        int strength = 0;
        for (const char *c = extensions[i]; *c; c++) {
            strength += (isupper((unsigned char)*c) != 0) - (islower((unsigned char)*c) != 0);
        }
        if (!best || strength > most) {
            best = extensions[i];
            most = strength;
        }
    }
    char *result = malloc(strlen(class_name) + strlen(best) + 2);
    sprintf(result, "%s.%s", class_name, best);
    return result;

// HumanEval/154
    size_t length = strlen(b);
    char *rotated = malloc(length + 1);
    bool found = length == 0;
    for (size_t i = 0; i < length && !found; i++) {
        sprintf(rotated, "%s%.*s", b + i, (int)i, b);
        found = strstr(a, rotated) != NULL;
    }
    free(rotated);
    return found;

// HumanEval/155
    IntPair result = {0, 0};
    int rest = abs(num);
    do {
        if (rest % 2 == 0) result.first++;
        else result.second++;
    } while (rest /= 10);
    return result;

// HumanEval/156
    static const int values[] = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    static const char *const letters[] = {"m",  "cm", "d",  "cd", "c",  "xc", "l",
                                          "xl", "x",  "ix", "v",  "iv", "i"};
    char *result = malloc(64);
    *result = '\0';
    for (size_t i = 0; i < 13; i++) {
        for (; number >= values[i]; number -= values[i]) strcat(result, letters[i]);
    }
    return result;

// HumanEval/157
    return a * a + b * b == c * c || a * a + c * c == b * b || b * b + c * c == a * a;

// HumanEval/158
    const char *best = NULL;
    int most = 0;
    for (size_t i = 0; i < words_len; i++) {
        int different = 0;
        for (const char *c = words[i]; *c; c++) different += strchr(c + 1, *c) == NULL;
        bool better = different > most || (different == most && best && strcmp(words[i], best) < 0);
        if (!best || better) {
            best = words[i];
            most = different;
        }
    }
    return own_text(best);

// HumanEval/159
    int *result = own_room(2, sizeof *result);
    int eaten = need < remaining ? need : remaining;
    result[0] = number + eaten;
    result[1] = remaining - eaten;
    *out_len = 2;
    return result;

// HumanEval/160
    int *values = own_room(operand_len, sizeof *values);
    const char **names = own_room(operator_len, sizeof *names);
    memcpy(values, operand, operand_len * sizeof *values);
    memcpy(names, operator, operator_len * sizeof *names);
    size_t count = operator_len;
    for (int level = 0; level < 3; level++) {
        size_t left = count;
        for (size_t step = 0; step < left; step++) {
            size_t at = level == 0 ? left - 1 - step : step - (left - count);
            const char *name = names[at];
            int own_level = !strcmp(name, "**") ? 0 : *name == '*' || *name == '/' ? 1 : 2;
            if (own_level != level) continue;
            int a = values[at], b = values[at + 1], result = 1;
            if (level == 0) for (int i = 0; i < b; i++) result *= a;
            else if (*name == '*') result = a * b;
            else if (*name == '/') result = a / b - (a % b != 0 && (a < 0) != (b < 0));
            else result = *name == '+' ? a + b : a - b;
            values[at] = result;
            memmove(values + at + 1, values + at + 2, (count - at - 1) * sizeof *values);
            memmove(names + at, names + at + 1, (count - at - 1) * sizeof *names);
            count--;
        }
    }
    int result = values[0];
    free(values);
    free(names);
    return result;

// HumanEval/161
    char *result = own_text(s);
    size_t length = strlen(s);
    bool letters = false;
    for (char *c = result; *c; c++) {
        letters = letters || isalpha((unsigned char)*c);
        *c = own_swapped(*c);
    }
    for (size_t i = 0; i < length && !letters; i++) result[i] = s[length - 1 - i];
    return result;

// HumanEval/162
    static const unsigned shifts[] = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};
    size_t length = strlen(text), size = (length + 72) / 64 * 64;
    if (length == 0) return NULL;
    unsigned char *bytes = calloc(size, 1);
    memcpy(bytes, text, length);
    bytes[length] = 0x80;
    for (int i = 0; i < 8; i++) bytes[size - 8 + (size_t)i] = (unsigned char)((unsigned long long)length * 8 >> 8 * i);
    unsigned state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    for (size_t block = 0; block < size; block += 64) {
        unsigned word[16], a = state[0], b = state[1], c = state[2], d = state[3];
        for (size_t i = 0; i < 16; i++) {
            const unsigned char *at = bytes + block + 4 * i;
            word[i] = at[0] | (unsigned)at[1] << 8 | (unsigned)at[2] << 16 | (unsigned)at[3] << 24;
        }
        for (unsigned i = 0; i < 64; i++) {
            unsigned mixed[] = {(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)};
            unsigned index[] = {i, 5 * i + 1, 3 * i + 5, 7 * i}, round = i / 16;
            unsigned constant = (unsigned)(long long)floor(fabs(sin(i + 1.0)) * 4294967296.0);
            unsigned sum = a + mixed[round] + constant + word[index[round] % 16];
            unsigned shift = shifts[4 * round + i % 4];
            a = d;
            d = c;
            c = b;
            b += sum << shift | sum >> (32 - shift);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }
    free(bytes);
    char *result = malloc(33);
    for (size_t i = 0; i < 16; i++) sprintf(result + 2 * i, "%02x", state[i / 4] >> 8 * (i % 4) & 255);
    return result;

// HumanEval/163
    int least = a < b ? a : b, most = a < b ? b : a;
    int *result = own_room(4, sizeof *result);
    *out_len = 0;
    for (int digit = 2; digit <= 8; digit += 2) {
        if (digit >= least && digit <= most) result[(*out_len)++] = digit;
    }
    return result;
